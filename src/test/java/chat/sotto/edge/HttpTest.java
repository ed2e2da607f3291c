package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.crypto.Hash;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, types, headers and redirects of the HTTP side. */
class HttpTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path WEB = Path.of("src/main/resources/web");

  @TempDir static Path data;
  private static TestServer server;

  /** Scripts that no module imports. */
  private static final List<String> NO_MODULES = List.of("theme.js", "worker.js");

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.server().url().origin() + path));
  }

  private static HttpResponse<byte[]> answer(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return answer(request(path));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void everyAnswerHasTheSecurityHeaders() throws Exception {
    var answers =
        Map.of(
            "/", 200,
            "/version.js", 200,
            "/.well-known/sotto", 200,
            "/healthz", 200,
            "/nowhere", 404,
            "/ws", 400,
            "/%2e%2e/reference.conf", 404,
            "/webjars/bootstrap/js/bootstrap.js", 404);
    for (var expected : answers.entrySet()) {
      HttpResponse<byte[]> response = get(expected.getKey());
      assertEquals(expected.getValue(), response.statusCode(), expected.getKey());
      assertSecure(response.headers().map());
    }
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
      var refused = answer(request("/").method(method, HttpRequest.BodyPublishers.ofString("x")));
      assertEquals(405, refused.statusCode());
      assertEquals("GET, HEAD", header(refused, "Allow"));
      assertSecure(refused.headers().map());
    }
  }

  @Test
  void whatIsNoHttpGetsTheSecurityHeadersToo() throws Exception {
    var requests =
        Map.of(
            "GET / HTTP/1.1\r\n\r\n", 400,
            "GARBAGE GARBAGE GARBAGE\r\n\r\n", 501,
            "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400,
            "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414,
            "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505,
            "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501,
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n", 431,
            "GET / HTTP/1.1\r\nHost: localhost\r\n" + "A: b\r\n".repeat(100) + "\r\n", 400);
    for (var expected : requests.entrySet()) {
      try (var socket = RawSocket.open(server.server())) {
        socket.write(expected.getKey());
        String head = socket.head();
        assertTrue(head.startsWith("HTTP/1.1 " + expected.getValue() + " "), head);
        assertTrue(head.contains("Content-Security-Policy: default-src 'none'; "), head);
        assertTrue(head.contains("X-Content-Type-Options: nosniff"), head);
        assertFalse(head.contains("Server:"), head);
      }
    }
  }

  private static void assertSecure(Map<String, List<String>> headers) {
    String policy = String.join("|", headers.get("content-security-policy"));
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'; "));
    assertTrue(policy.contains("; frame-ancestors 'none'; "));
    assertTrue(
        policy.endsWith("; require-trusted-types-for 'script'; trusted-types sotto-worker"));
    assertFalse(policy.contains("unsafe"));
    assertEquals(List.of("nosniff"), headers.get("x-content-type-options"));
    assertEquals(List.of("no-referrer"), headers.get("referrer-policy"));
    assertEquals(List.of("same-origin"), headers.get("cross-origin-opener-policy"));
    assertEquals(List.of("same-origin"), headers.get("cross-origin-resource-policy"));
    assertTrue(headers.containsKey("permissions-policy"));
    assertFalse(headers.containsKey("server"));
    assertFalse(headers.containsKey("strict-transport-security"));
  }

  @Test
  void filesHaveTypesTagsAndAreAskedForAgain() throws Exception {
    var types =
        Map.of(
            "/", "text/html; charset=UTF-8",
            "/sw.js", "application/javascript; charset=UTF-8",
            "/bundle.txt", "text/plain; charset=UTF-8",
            "/style.css", "text/css; charset=UTF-8",
            "/manifest.webmanifest", "application/manifest+json",
            "/icon.svg", "image/svg+xml",
            "/.well-known/sotto", "application/json",
            "/webjars/bootstrap/css/bootstrap.min.css", "text/css; charset=UTF-8");
    for (var expected : types.entrySet()) {
      HttpResponse<byte[]> response = get(expected.getKey());
      assertEquals(200, response.statusCode(), expected.getKey());
      assertEquals(expected.getValue(), header(response, "Content-Type"));
      assertEquals("no-cache", header(response, "Cache-Control"));
      String tag = header(response, "ETag");
      var again = answer(request(expected.getKey()).header("If-None-Match", tag));
      assertEquals(304, again.statusCode());
      assertEquals(tag, header(again, "ETag"));
      assertEquals(0, again.body().length);
      var other = answer(request(expected.getKey()).header("If-None-Match", "\"other\""));
      assertEquals(200, other.statusCode());
    }
    assertArrayEquals(Files.readAllBytes(WEB.resolve("app.js")), get("/app.js").body());
  }

  @Test
  void whoTakesGzipGetsTheSameFileCompressed() throws Exception {
    var plain = get("/style.css");
    var zipped = answer(request("/style.css").header("Accept-Encoding", "br, gzip, deflate"));
    assertEquals("gzip", header(zipped, "Content-Encoding"));
    assertEquals("Accept-Encoding", header(zipped, "Vary"));
    assertTrue(zipped.body().length < plain.body().length / 2);
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertArrayEquals(plain.body(), gzip.readAllBytes());
    }
    assertNotEquals(header(plain, "ETag"), header(zipped, "ETag"));
    var again =
        answer(
            request("/style.css")
                .header("Accept-Encoding", "gzip")
                .header("If-None-Match", header(zipped, "ETag")));
    assertEquals(304, again.statusCode());
    for (String refused : List.of("gzip;q=0", "identity", "x-gzip")) {
      var answer = answer(request("/style.css").header("Accept-Encoding", refused));
      assertEquals("", header(answer, "Content-Encoding"), refused);
      assertArrayEquals(plain.body(), answer.body());
    }
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    var head = answer(request("/app.js").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertEquals(200, head.statusCode());
    assertEquals(header(get("/app.js"), "ETag"), header(head, "ETag"));
    assertEquals(0, head.body().length);
  }

  @Test
  void theBundleIsTheHashThatAShellComputes() throws Exception {
    var lines = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(WEB)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = WEB.relativize(file).toString();
        if (!path.endsWith(".js") || NO_MODULES.contains(path)) {
          put(lines, path, Files.readAllBytes(file));
        }
      }
    }
    for (String made : List.of("page.js", "webjars/bootstrap/css/bootstrap.min.css")) {
      put(lines, made, get("/" + made).body());
    }
    String list = String.join("", lines.values());
    String bundle = hex(list.getBytes(StandardCharsets.UTF_8));
    assertEquals(list, new String(get("/bundle.txt").body(), StandardCharsets.UTF_8));
    assertEquals(
        "const BUNDLE = \"" + bundle + "\";\n" + Files.readString(WEB.resolve("worker.js")),
        new String(get("/sw.js").body(), StandardCharsets.UTF_8));
    assertEquals(
        "export const bundle = \"" + bundle + "\";\n",
        new String(get("/version.js").body(), StandardCharsets.UTF_8));
    assertEquals(bundle, wellKnown().get("bundle").textValue());
    try (var client = RawClient.connect(server.server())) {
      assertEquals(bundle, client.hello.bundle());
    }
  }

  private static void put(Map<String, String> lines, String path, byte[] content) {
    lines.put(path, hex(content) + "  " + path + "\n");
  }

  private static String hex(byte[] content) {
    return HexFormat.of().formatHex(Hash.sha256(content));
  }

  private static JsonNode wellKnown() throws Exception {
    return new ObjectMapper().readTree(get("/.well-known/sotto").body());
  }

  @Test
  void wellKnownNamesTheServer() throws Exception {
    JsonNode wellKnown = wellKnown();
    assertEquals(1, wellKnown.get("version").intValue());
    assertEquals("localhost", wellKnown.get("serverHost").textValue());
    assertEquals(server.server().fingerprint(), wellKnown.get("fingerprint").textValue());
    try (var client = RawClient.connect(server.server())) {
      assertEquals(client.hello.signKey().toString(), wellKnown.get("signKey").textValue());
    }
  }

  @Test
  void loopbackAddressesLeadToTheNameThatAccountsAreFor() throws Exception {
    String origin = server.server().url().origin();
    assertLeadsTo("127.0.0.1", "/app.js", "307 ", "Location: " + origin + "/app.js\r\n");
    assertLeadsTo("[::1]:8080", "/", "307 ", "Location: " + origin + "/\r\n");
    assertLeadsTo("localhost", "/", "200 ", "ETag");
    assertLeadsTo("LOCALHOST:1", "/", "200 ", "ETag");
    assertLeadsTo("127.0.0.1", "/healthz", "200 ", "no-store");
    // The page itself says why it cannot work without HTTPS.
    assertLeadsTo("192.168.1.7:8080", "/", "200 ", "ETag");
  }

  private static void assertLeadsTo(String host, String path, String status, String contains)
      throws Exception {
    try (var socket = RawSocket.open(server.server())) {
      socket.write("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      String head = socket.head();
      assertTrue(head.startsWith("HTTP/1.1 " + status), head);
      assertTrue(head.contains(contains), head);
    }
  }

  @Test
  void compressedRequestsAreNotUnpacked() throws Exception {
    var bomb = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[100_000]);
    }
    var refused =
        answer(
            request("/")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bomb.toByteArray())));
    assertEquals(405, refused.statusCode());
  }
}
