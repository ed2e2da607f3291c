package chat.sotto.web;

import chat.sotto.edge.PageScript;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * The page without its server: its files are given to the browser under the content security policy
 * that the server sends, and in the place of the engine stands src/test/js/fake/engine.js.
 */
final class FakePages {
  /** From a port, not by a handler of the driver: a page has many files. */
  static final String ORIGIN = "http://localhost:" + serve();

  private static final Path WEB = Path.of("src/main/resources/web");
  private static final Path FAKE_ENGINE = Path.of("src/test/js/fake/engine.js");
  private static final Path FAKE_ACCOUNT = Path.of("src/test/js/fake/own-account.js");
  private static final Path FAKE_FILES = Path.of("src/test/js/fake/files.js");
  private static final Path FAKE_RESPONDING = Path.of("src/test/js/fake/responding.js");
  private static final Path FAKE_ASKING = Path.of("src/test/js/fake/asking.js");
  static final Path SAMPLE_WORLD = Path.of("src/test/js/fake/sample-world.js");
  private static final String VERSION = "export const bundle = 'b1';\n";
  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
      + " img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
      + " form-action 'none';"
      + " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
      + " trusted-types sotto-worker";
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8",
      "css", "text/css; charset=utf-8", "svg", "image/svg+xml",
      "txt", "text/plain; charset=utf-8", "png", "image/png",
      "webmanifest", "application/manifest+json");

  private static final PageScript SCRIPT = PageScript.of("/app.js",
      path -> new String(bytesOf(path), StandardCharsets.UTF_8), Set.of("/version.js"));

  private FakePages() {}

  /** As the server makes it, but of a page with another engine. */
  static PageScript script() {
    return SCRIPT;
  }

  /** A person's desk: the world in src/test/js/fake/sample-world.js. */
  static Page openSample(BrowserContext profile, String conversation) {
    try {
      return open(profile, Files.readString(SAMPLE_WORLD), conversation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @param world the JavaScript expression of what the engine knows at the start
   * @param conversation the person whose conversation is open, or an empty string */
  static Page open(BrowserContext profile, String world, String conversation) {
    var page = profile.newPage();
    page.addInitScript("window.fakeWorld = " + world + ";");
    show(page, conversation);
    page.waitForFunction("() => window.fakeEngine");
    return page;
  }

  static void show(Page page, String conversation) {
    page.navigate(ORIGIN + "/" + (conversation.isEmpty() ? "" : "#with-" + conversation));
  }

  /** For as long as the JVM runs. */
  private static int serve() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newFixedThreadPool(4, task -> {
        var thread = new Thread(task, "fake-pages");
        thread.setDaemon(true);
        return thread;
      }));
      server.createContext("/", FakePages::answer);
      server.start();
      return server.getAddress().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var body = bytesOf(path);
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      setHeaders(exchange, path.equals("/") ? "/index.html" : path);
      exchange.getResponseHeaders().set("Cache-Control", "max-age=600");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Type and policy of a file, as the server sends them. */
  static void setHeaders(HttpExchange exchange, String path) {
    var type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/json");
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
  }

  /** What stands at a path of the page, the engine replaced; null if nothing does. */
  static byte[] bytesOf(String path) {
    try {
      if (path.equals("/page.js")) return SCRIPT.text().getBytes(StandardCharsets.UTF_8);
      if (path.equals("/client/engine.js")) return Files.readAllBytes(FAKE_ENGINE);
      if (path.equals("/client/own-account.js")) return Files.readAllBytes(FAKE_ACCOUNT);
      if (path.equals("/client/fake-files.js")) return Files.readAllBytes(FAKE_FILES);
      if (path.equals("/client/asking.js")) return Files.readAllBytes(FAKE_ASKING);
      if (path.equals("/client/responding.js")) return Files.readAllBytes(FAKE_RESPONDING);
      if (path.equals("/version.js")) return VERSION.getBytes(StandardCharsets.UTF_8);
      if (path.startsWith("/webjars/")) return webJar(path);
      var file = path.equals("/") ? WEB.resolve("index.html") : WEB.resolve(path.substring(1));
      return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] webJar(String path) throws IOException {
    var version = new Properties();
    try (var pom = FakePages.class.getResourceAsStream(
        "/META-INF/maven/org.webjars/bootstrap/pom.properties")) {
      version.load(pom);
    }
    var resource = path.replace("/webjars/bootstrap/",
        "/META-INF/resources/webjars/bootstrap/" + version.getProperty("version") + "/");
    try (var stream = FakePages.class.getResourceAsStream(resource)) {
      return stream == null ? null : stream.readAllBytes();
    }
  }
}
