package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished jar, as a process of its own. */
class JarIT {
  private static final long WAIT_SECONDS = 60;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  private Process run(String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(JavaCommand.ofJar(arguments))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    started.add(process);
    return process;
  }

  @AfterEach
  void killWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  private record Ended(int status, String text) {}

  private Ended end(Process process) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS), "still running");
    return new Ended(process.exitValue(), text);
  }

  /** A server that said that it is ready. */
  private record Running(Process process, BufferedReader out, URI url, String fingerprint) {
    static Running of(Process process) throws IOException {
      BufferedReader out = process.inputReader();
      assertTrue(String.valueOf(out.readLine()).matches("Sotto .* is ready\\."));
      String url = out.readLine().replaceFirst("^Open +", "");
      return new Running(
          process, out, URI.create(url), out.readLine().replaceFirst("^Fingerprint +", ""));
    }
  }

  private Running serve(String... arguments) throws IOException {
    return Running.of(run(arguments));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String get(URI uri) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    return response.body();
  }

  @Test
  void saysItsVersionAndHowItIsUsed() throws Exception {
    Ended version = end(run("--version"));
    assertEquals(0, version.status());
    assertTrue(version.text().matches("Sotto [0-9]+\\.[0-9]+\\.[0-9]+\\R"), version.text());
    for (String[] arguments : new String[][] {{"--help"}, {"serve", "--help"}}) {
      Ended help = end(run(arguments));
      assertEquals(0, help.status());
      assertTrue(help.text().startsWith("Usage: sotto"), help.text());
    }
    Ended unknown = end(run("--prot", "1"));
    assertEquals(2, unknown.status());
    assertTrue(unknown.text().startsWith("Unknown option"), unknown.text());
  }

  @Test
  void servesThePageFromAFolderThatOnlyItsOwnerReadsAndStopsWhenTold() throws Exception {
    Running server = serve("--port", String.valueOf(freePort()), "--data", "chat");
    assertTrue(get(server.url()).contains("<title>"));
    assertTrue(get(server.url().resolve("/.well-known/sotto")).contains(server.fingerprint()));
    Path data = folder.resolve("chat");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        String mode = Files.isDirectory(file) ? "rwx------" : "rw-------";
        assertEquals(mode, permissions(file), file.toString());
      }
    }
    server.process().destroy();
    assertTrue(server.process().waitFor(WAIT_SECONDS, TimeUnit.SECONDS));
    // 128 + SIGTERM, after everything was closed: the log of the database is gone.
    assertEquals(143, server.process().exitValue());
    assertFalse(Files.exists(data.resolve("sotto.db-wal")));
    Running again =
        serve("serve", "--port", String.valueOf(freePort()), "--data", data.toString());
    assertEquals(server.fingerprint(), again.fingerprint());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void saysInOneSentenceWhyItDoesNotStart() throws Exception {
    int port = freePort();
    Running server = serve("--port", String.valueOf(port), "--data", "chat");
    assertRefused(73, "Another server", "--port", String.valueOf(freePort()), "--data", "chat");
    assertRefused(69, "cannot listen", "--port", String.valueOf(port), "--data", "other");
    Files.writeString(folder.resolve("file"), "not a folder");
    assertRefused(73, "file", "--port", String.valueOf(freePort()), "--data", "file/data");
    Files.writeString(folder.resolve("my.conf"), "sotto.prot = 1");
    assertRefused(78, "sotto.prot", "--config", "my.conf");
    assertRefused(78, "missing.conf", "--config", "missing.conf");
    Files.writeString(folder.resolve("tls.conf"), "sotto.tls.keystore = missing.p12");
    assertRefused(78, "missing.p12", "--config", "tls.conf");
    assertTrue(server.process().isAlive());
  }

  private void assertRefused(int status, String contains, String... arguments) throws Exception {
    Ended refused = end(run(arguments));
    assertEquals(status, refused.status(), refused.text());
    assertTrue(refused.text().contains(contains), refused.text());
    assertEquals(1, refused.text().lines().count(), refused.text());
    assertTrue(refused.text().strip().endsWith("."), refused.text());
  }

  @Test
  void nobodyElseReachesItsClusterPort() throws Exception {
    int port = freePort();
    Running server = serve("--port", String.valueOf(port), "--data", "chat");
    List<Listener> listeners = listeners(server.process().pid());
    assertTrue(listeners.stream().anyMatch(each -> each.port() == port));
    for (Listener listener : listeners) {
      assertTrue(listener.address().isLoopbackAddress(), listener.toString());
      if (listener.port() != port) {
        assertTlsFails(listener.port());
      }
    }
    assertNotEquals(1, listeners.size());
  }

  private record Listener(InetAddress address, int port) {}

  /** What /proc says of the process's listening sockets. */
  private static List<Listener> listeners(long pid) throws IOException {
    Set<String> own;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      own = descriptors.map(JarIT::target).collect(Collectors.toSet());
    }
    List<Listener> listeners = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]")) {
          String[] local = fields[1].split(":");
          listeners.add(new Listener(address(local[0]), Integer.parseInt(local[1], 16)));
        }
      }
    }
    return listeners;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /** Words of four bytes, each in the machine's little-endian order. */
  private static InetAddress address(String hex) throws IOException {
    var bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int from = i / 4 * 4 + 3 - i % 4;
      bytes[i] = (byte) Integer.parseInt(hex.substring(2 * from, 2 * from + 2), 16);
    }
    return InetAddress.getByAddress(bytes);
  }

  private static void assertTlsFails(int port) throws Exception {
    SSLContext trustsAnybody = SSLContext.getInstance("TLS");
    trustsAnybody.init(null, new TrustManager[] {new TrustsAnybody()}, null);
    try (var socket = new Socket("127.0.0.1", port)) {
      var tls =
          (SSLSocket)
              trustsAnybody.getSocketFactory().createSocket(socket, "127.0.0.1", port, true);
      tls.setSoTimeout(10_000);
      assertThrows(SSLException.class, tls::startHandshake);
    }
  }

  private static final class TrustsAnybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
