package chat.sotto.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A server of the same program in a process of its own, with a fresh data folder that goes with it.
 * It has the limits of a usual one, but for those of how often one address and one user may do
 * something: all load comes from one address.
 */
public final class OwnServer implements Target {
  private static final Duration START_TIME_MAX = Duration.ofSeconds(120);
  private static final Duration STOP_TIME_MAX = Duration.ofSeconds(60);
  private static final String READY = "is ready.";

  /** Neither durability nor what a device, an inbox or a group may hold is touched. */
  public static final String SETTINGS =
      """
      sotto.limits {
        connections-per-address = 1000000
        connections-total = 1000000
        connects-per-address { burst = 1000000, every = 1 ms }
        registrations-per-address { burst = 1000000, every = 1 ms }
        sign-ins-per-address { burst = 1000000, every = 1 ms }
        sign-ins-per-user { burst = 1000000, every = 1 ms }
        look-ups-per-user { burst = 1000000, every = 1 ms }
        posts-per-group { burst = 1000000, every = 1 ms }
        posts-per-user { burst = 1000000, every = 1 ms }
        group-kib-per-user { burst = 1000000000, every = 1 us }
        group-changes-per-user { burst = 1000000, every = 1 ms }
        invitations-of-user { burst = 1000000, every = 1 ms }
      }
      """;

  private final List<String> command;
  private final Path folder;
  private final int port;
  private Process process;
  private boolean isGone;

  /** @param java the command line up to the arguments of Sotto */
  public OwnServer(List<String> java) {
    this(java, data -> {});
  }

  /** @param filling is given the data folder, which is not there yet, before the first start */
  OwnServer(List<String> java, Consumer<Path> filling) {
    command = java;
    try {
      folder = Files.createTempDirectory("sotto-load");
      Files.writeString(config(), SETTINGS);
      try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = probe.getLocalPort();
      }
    } catch (IOException e) {
      throw new LoadException("no folder for a server: " + e, e);
    }
    // So that nothing is left if the run is broken off.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "sotto-load-end"));
    filling.accept(data());
    start();
  }

  private Path config() {
    return folder.resolve("sotto.conf");
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  Path data() {
    return folder.resolve("data");
  }

  @Override
  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  @Override
  public Optional<ProcessHandle> process() {
    return Optional.of(process.toHandle());
  }

  /** Starts it, again if it was killed; returns when it says that it is ready. */
  void start() {
    var line = new ArrayList<>(command);
    line.addAll(List.of("serve", "--config", config().toString()));
    line.addAll(List.of("--data", data().toString(), "--port", Integer.toString(port)));
    try {
      long logged = Files.exists(log()) ? Files.size(log()) : 0;
      process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      awaitReady(logged);
    } catch (IOException e) {
      throw new LoadException("the server could not be started: " + e, e);
    }
  }

  private void awaitReady(long logged) throws IOException {
    long deadline = System.nanoTime() + START_TIME_MAX.toNanos();
    while (!said(logged).contains(READY)) {
      if (hasEnded(Duration.ofMillis(20)) || System.nanoTime() > deadline) {
        String said = said(logged);
        close();
        throw new LoadException("the server did not start:\n" + said);
      }
    }
  }

  private String said(long from) throws IOException {
    byte[] all = Files.readAllBytes(log());
    return new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
  }

  private boolean hasEnded(Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted");
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it in order. */
  void stop() {
    process.destroy();
    if (!hasEnded(STOP_TIME_MAX)) {
      kill();
    }
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    hasEnded(STOP_TIME_MAX);
  }

  @Override
  public synchronized void close() {
    if (isGone) {
      return;
    }
    isGone = true;
    if (process != null) {
      stop();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
