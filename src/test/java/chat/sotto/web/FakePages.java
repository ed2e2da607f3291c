package chat.sotto.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The page without a server: its files are given to the browser under the content security policy
 * that the server sends, and in the place of the engine stands src/test/js/fake/engine.js.
 */
final class FakePages {
  static final String ORIGIN = "http://localhost:4567";

  private static final Path WEB = Path.of("src/main/resources/web");
  private static final Path FAKE_ENGINE = Path.of("src/test/js/fake/engine.js");
  private static final Path FAKE_ACCOUNT = Path.of("src/test/js/fake/own-account.js");
  private static final Path SAMPLE_WORLD = Path.of("src/test/js/fake/sample-world.js");
  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
      + " img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'none';"
      + " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
      + " trusted-types 'none'";
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8",
      "css", "text/css; charset=utf-8", "svg", "image/svg+xml",
      "txt", "text/plain; charset=utf-8",
      "webmanifest", "application/manifest+json");

  private FakePages() {}

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
    page.route("**/*", FakePages::answer);
    page.navigate(ORIGIN + "/" + (conversation.isEmpty() ? "" : "#with-" + conversation));
  }

  private static void answer(Route route) {
    var url = route.request().url();
    if (!url.startsWith(ORIGIN)) {
      route.abort();
      return;
    }
    var path = url.substring(ORIGIN.length()).replaceAll("[?#].*", "");
    if (path.equals("/.well-known/sotto")) {
      route.fulfill(new Route.FulfillOptions().setBody("{\"bundle\":\"b1\"}"));
      return;
    }
    var body = bytesOf(path);
    if (body == null) {
      route.fulfill(new Route.FulfillOptions().setStatus(404));
      return;
    }
    var name = path.equals("/") ? "index.html" : path;
    route.fulfill(new Route.FulfillOptions().setBodyBytes(body).setHeaders(Map.of(
        "Content-Type", TYPES.get(name.substring(name.lastIndexOf('.') + 1)),
        "Content-Security-Policy", POLICY)));
  }

  private static byte[] bytesOf(String path) {
    try {
      if (path.equals("/client/engine.js")) return Files.readAllBytes(FAKE_ENGINE);
      if (path.equals("/client/own-account.js")) return Files.readAllBytes(FAKE_ACCOUNT);
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
