package chat.sotto.load.others;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An XMPP server from Debian's packages, in a process and a folder of its own, on loopback without
 * TLS, with whatever slows somebody down on purpose switched off.
 */
final class XmppServer implements AutoCloseable {
  private static final Duration START_TIME_MAX = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 50;

  private final Path folder;
  private final int port;
  private final ProcessBuilder command;
  private Process process;

  /** Which one. */
  enum Kind {
    EJABBERD("ejabberd", "/usr/sbin/ejabberdctl"),
    PROSODY("Prosody", "/usr/bin/prosody");

    final String label;
    private final String program;

    Kind(String label, String program) {
      this.label = label;
      this.program = program;
    }

    boolean isInstalled() {
      return Files.exists(Path.of(program));
    }
  }

  XmppServer(Kind kind, boolean withArchive) throws IOException, InterruptedException {
    folder = Files.createTempDirectory("sotto-xmpp");
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    command = kind == Kind.EJABBERD ? ejabberd(withArchive) : prosody(withArchive);
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "xmpp-end"));
    start();
  }

  /** With what is in its folder. */
  void start() throws IOException, InterruptedException {
    File log = folder.resolve("console.log").toFile();
    process = command.redirectErrorStream(true).redirectOutput(log).start();
    awaitReady(log);
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** In order, then with what is in its folder. */
  void restart() throws IOException, InterruptedException {
    process.destroy();
    process.onExit().join();
    start();
  }

  /** Without Erlang's distribution, so that no daemon of it is started that would stay. */
  private ProcessBuilder ejabberd(boolean withArchive) throws IOException {
    String config =
        """
        hosts: [localhost]
        loglevel: error
        listen:
          - port: %d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            max_stanza_size: 262144
        auth_method: internal
        registration_timeout: infinity
        max_fsm_queue: 1000000
        modules:
          mod_register:
            allow_modules: all
            ip_access: all
          mod_roster: {}
          mod_offline: {}
          mod_muc: {}
          mod_stream_mgmt: {}
        """
            .formatted(port);
    String archive = "  mod_mam:\n    default: always\n    db_type: mnesia\n";
    Path file = folder.resolve("ejabberd.yml");
    Files.writeString(file, withArchive ? config + archive : config);
    var builder =
        new ProcessBuilder(
            "erl",
            "+K",
            "true",
            "-noinput",
            "-mnesia",
            "dir",
            "\"" + folder.resolve("mnesia") + "\"",
            "-s",
            "ejabberd");
    Map<String, String> environment = builder.environment();
    environment.put("ERL_LIBS", libraries().toString());
    environment.put("EJABBERD_CONFIG_PATH", file.toString());
    environment.put("EJABBERD_LOG_PATH", folder.resolve("ejabberd.log").toString());
    environment.put("HOME", folder.toString());
    return builder;
  }

  /** Debian's folder for this kind of processor. */
  private static Path libraries() throws IOException {
    try (Stream<Path> found = Files.find(Path.of("/usr/lib"), 2, (path, is) -> is.isDirectory()
        && path.getFileName().toString().startsWith("ejabberd-"))) {
      return found.findFirst().orElseThrow().getParent();
    }
  }

  private ProcessBuilder prosody(boolean withArchive) throws IOException {
    String config =
        """
        daemonize = false
        run_as_root = true
        pidfile = "%1$s/prosody.pid"
        data_path = "%1$s/data"
        log = { warn = "%1$s/prosody.log" }
        interfaces = { "127.0.0.1" }
        c2s_ports = { %2$d }
        s2s_ports = { }
        http_ports = { }
        https_ports = { }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        allow_registration = true
        authentication = "internal_plain"
        modules_enabled = { "roster"; "saslauth"; "disco"; "register_ibr"; "smacks"; %3$s }
        modules_disabled = { "s2s"; "tls" }
        default_archive_policy = true
        VirtualHost "localhost"
        Component "conference.localhost" "muc"
          muc_room_locking = false
        """
            .formatted(folder, port, withArchive ? "\"mam\"; \"offline\"" : "\"offline\"");
    Path file = folder.resolve("prosody.cfg.lua");
    Files.writeString(file, config);
    Files.createDirectory(folder.resolve("data"));
    return new ProcessBuilder("prosody", "--config", file.toString(), "-F");
  }

  private void awaitReady(File log) throws IOException, InterruptedException {
    long untilNanos = System.nanoTime() + START_TIME_MAX.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(address());
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > untilNanos) {
          throw new IOException("it did not start: " + Files.readString(log.toPath()), e);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path one : innermostFirst) {
        Files.delete(one);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
