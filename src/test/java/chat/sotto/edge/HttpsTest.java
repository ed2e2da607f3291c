package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS by the server itself, and a public URL behind a proxy. */
class HttpsTest {
  private static final String PASSWORD = "change it";

  @TempDir static Path folder;
  private static Path pkcs12;
  private static Path pem;
  private static KeyStore keys;

  @BeforeAll
  static void makeCertificate() throws Exception {
    pkcs12 = folder.resolve("server.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "chat", "-dname", "CN=localhost",
                "-ext", "SAN=dns:localhost", "-validity", "2", "-storetype", "PKCS12",
                "-keystore", pkcs12.toString(), "-storepass", PASSWORD)
            .redirectErrorStream(true)
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());
    keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(pkcs12)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pem = folder.resolve("server.pem");
    byte[] key = keys.getKey("chat", PASSWORD.toCharArray()).getEncoded();
    Certificate certificate = keys.getCertificate("chat");
    Files.writeString(
        pem, pem("CERTIFICATE", certificate.getEncoded()) + pem("PRIVATE KEY", key));
  }

  private static String pem(String what, byte[] content) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(content);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  private static SSLContext trustsTheServer() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("chat", keys.getCertificate("chat"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void servesHttpsFromAPkcs12AndFromAPemFile(@TempDir Path data) throws Exception {
    for (Path keystore : List.of(pkcs12, pem)) {
      var settings =
          Map.<String, Object>of(
              "sotto.tls.keystore", keystore.toString(), "sotto.tls.password", PASSWORD);
      try (var server = TestServer.start(data, settings)) {
        int port = server.server().address().getPort();
        assertEquals("https://localhost:" + port, server.server().url().origin());
        try (var socket = trustsTheServer().getSocketFactory().createSocket("localhost", port)) {
          String head = get(socket);
          assertTrue(head.startsWith("HTTP/1.1 200 "), head);
          assertTrue(head.contains("Strict-Transport-Security: max-age=31536000"), head);
          assertTrue(head.contains("connect-src 'self' wss://localhost:" + port + ";"), head);
        }
        try (var socket = trustsTheServer().getSocketFactory().createSocket("localhost", port)) {
          var old = (SSLSocket) socket;
          old.setEnabledProtocols(new String[] {"TLSv1.1"});
          assertThrows(SSLException.class, old::startHandshake);
        }
      }
    }
  }

  @Test
  void whoNeverBeginsTheHandshakeIsDropped(@TempDir Path data) throws Exception {
    var settings =
        Map.<String, Object>of(
            "sotto.tls.keystore", pem.toString(),
            "sotto.limits.first-frame-within", "1 s",
            "sotto.limits.silence-max", "1 s");
    try (var server = TestServer.start(data, settings);
        var silent = RawSocket.open(server.server())) {
      silent.assertDropped();
    }
  }

  private static String get(Socket socket) throws Exception {
    socket
        .getOutputStream()
        .write(
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aPublicUrlIsWhereEveryOtherNameLeads(@TempDir Path data) throws Exception {
    var settings = Map.<String, Object>of("sotto.public-url", "https://Chat.Example.org/");
    try (var server = TestServer.start(data, settings)) {
      try (var socket = RawSocket.open(server.server())) {
        socket.write("GET /app.js HTTP/1.1\r\nHost: 192.168.1.7:8080\r\n\r\n");
        String head = socket.head();
        assertTrue(head.startsWith("HTTP/1.1 307 "), head);
        assertTrue(head.contains("Location: https://chat.example.org/app.js\r\n"), head);
        assertTrue(head.contains("Strict-Transport-Security: "), head);
      }
      try (var socket = RawSocket.open(server.server())) {
        socket.write("GET / HTTP/1.1\r\nHost: chat.example.org\r\n\r\n");
        assertTrue(socket.head().startsWith("HTTP/1.1 200 "));
      }
      try (var socket = RawSocket.open(server.server())) {
        String answer = socket.upgrade("Origin: https://chat.example.org\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
        assertTrue(
            new String(socket.frame().payload(), StandardCharsets.UTF_8)
                .contains("\"serverHost\":\"chat.example.org\""));
      }
    }
  }

  @Test
  void aKeyThatCannotBeUsedIsSaidInOneSentence() throws Exception {
    assertRefused(folder.resolve("missing.p12"), PASSWORD);
    assertRefused(pkcs12, "wrong");
    Path certificateOnly = folder.resolve("certificate.pem");
    Files.writeString(
        certificateOnly, pem("CERTIFICATE", keys.getCertificate("chat").getEncoded()));
    assertRefused(certificateOnly, "");
    Path broken = folder.resolve("broken.pem");
    Files.writeString(broken, pem("PRIVATE KEY", new byte[10]));
    assertRefused(broken, "");
  }

  private static void assertRefused(Path keystore, String password) {
    var refused =
        assertThrows(
            TlsKeystoreException.class, () -> TlsKeystore.open(keystore, password));
    assertTrue(refused.getMessage().contains(keystore.toString()), refused.getMessage());
    assertTrue(refused.getMessage().endsWith("."), refused.getMessage());
  }
}
