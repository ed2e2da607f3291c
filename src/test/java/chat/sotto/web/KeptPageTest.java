package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page that a browser keeps: one version, whole, without the server too. */
class KeptPageTest {
  private static final Path STYLE = Path.of("src/main/resources/web/style.css");
  private static final String VERSION = "getComputedStyle(document.documentElement)"
      + ".getPropertyValue('--version')";
  private static final String KEPT = "caches.keys()"
      + ".then(names => names.filter(name => name.startsWith('sotto-version-')).length)";

  /** Icons with a purpose, each as large as it really is. */
  private static final String PNG_ICONS = """
      async () => {
        const { icons } = await (await fetch('/manifest.webmanifest')).json();
        return Promise.all(icons.filter(({ type }) => type === 'image/png').map(async icon => {
          const image = new Image();
          image.src = icon.src;
          await image.decode();
          return `${image.naturalWidth}x${image.naturalHeight} ${icon.purpose}`;
        }));
      }
      """;

  private static Chromium chromium;

  private BrowserContext profile;
  private PageServer server;
  private Page page;

  @BeforeAll
  static void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @BeforeEach
  void openKeptPage() throws IOException {
    server = new PageServer();
    profile = chromium.freshProfileWithWorker();
    profile.addInitScript("window.fakeWorld = " + Files.readString(FakePages.SAMPLE_WORLD) + ";");
    page = open();
    page.waitForFunction(
        "navigator.serviceWorker.ready.then(({active}) => active.state === 'activated')");
    page = reload(page);
  }

  @AfterEach
  void end() {
    Chromium.end(profile);
    server.close();
  }

  private Page open() {
    var tab = profile.newPage();
    tab.navigate(server.url());
    return ready(tab);
  }

  private static Page reload(Page tab) {
    tab.reload();
    return ready(tab);
  }

  private static Page ready(Page tab) {
    assertThat(tab.getByRole(AriaRole.STATUS)).hasText("Connected");
    return tab;
  }

  private void publishSecondVersion() throws IOException {
    server.change("/style.css", Files.readString(STYLE) + "\n:root { --version: 2; }\n");
  }

  /** What the page does when the server says in its hello that it has another version. */
  private static void tellOfNewVersion(Page tab) {
    // Not awaited: it ends when the version is kept.
    tab.evaluate("void fakeEngine.emit({type: 'update-available'})");
  }

  private static void waitForVersion(Page tab, String version) {
    tab.waitForFunction("version => " + VERSION + " === version", version);
    ready(tab);
  }

  /** As on most phones; a browser without a screen makes none at all, so what is asked is noted. */
  @Test
  void workerMakesTheNotificationsWherePagesCannot() {
    page.evaluate("""
        () => {
          window.told = [];
          window.Notification = class {
            static permission = 'granted';
            static requestPermission() {}
            constructor() {
              throw new TypeError('Illegal constructor');
            }
          };
          Object.assign(ServiceWorkerRegistration.prototype, {
            async showNotification(title, { tag }) {
              told.push({ title, tag, close() { told = told.filter(one => one !== this); } });
            },
            getNotifications: async ({ tag }) => told.filter(one => one.tag === tag),
          });
        }""");
    page.getByText("alice").first().click();
    page.getByRole(AriaRole.MENUITEM).first().click();
    page.getByText("Notifications", new Page.GetByTextOptions().setExact(true)).click();
    page.getByText("Turn on notifications").click();
    assertThat(page.getByLabel("Name only")).isChecked();
    page.keyboard().press("Escape");
    page.evaluate("fakeEngine.receive('with-carol', {text: 'see you'})");
    page.waitForFunction("told.some(({tag, title}) => tag === 'with-carol' && title === 'carol')");
    page.evaluate("navigator.serviceWorker.dispatchEvent(new MessageEvent('message',"
        + " {data: {type: 'notification-chosen', tag: 'with-carol'}}))");
    assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("carol")))
        .isVisible();
    page.waitForFunction("!told.some(({tag}) => tag === 'with-carol')");
  }

  @Test
  void opensWithoutTheServer() {
    server.stop();
    reload(page);
    assertThat(page.getByRole(AriaRole.LINK).first()).isVisible();
    assertEquals(true, page.evaluate("fetch('/words.txt').then(file => file.ok)"));
    assertEquals("refused", page.evaluate("fetch('/healthz').catch(() => 'refused')"));
  }

  @Test
  void browserFindsItInstallable() {
    var browser = profile.newCDPSession(page);
    assertEquals(0, browser.send("Page.getInstallabilityErrors")
        .getAsJsonArray("installabilityErrors").size());
    var manifest = browser.send("Page.getAppManifest");
    assertEquals(server.url() + "manifest.webmanifest", manifest.get("url").getAsString());
    assertEquals(0, manifest.getAsJsonArray("errors").size());
    assertEquals(List.of("192x192 any", "512x512 any", "192x192 maskable", "512x512 maskable"),
        page.evaluate(PNG_ICONS));
  }

  @Test
  void newVersionIsShownByReloadsAndNeverMixedWithTheOneBefore() throws IOException {
    var other = open();
    other.evaluate("window.kept = true");
    publishSecondVersion();
    tellOfNewVersion(page);
    waitForVersion(page, "2");
    assertEquals(false, other.evaluate(
        "fetch('/style.css').then(file => file.text()).then(text => text.includes('--version'))"));
    assertEquals(true, other.evaluate("window.kept"));
    assertEquals(2, page.evaluate(KEPT));
    waitForVersion(reload(other), "2");
  }

  @Test
  void fileThatIsNotTheOneOfTheListIsRefusedWithItsVersion() throws IOException {
    publishSecondVersion();
    server.lie("/page.js", "alert('not what was published')");
    page.evaluate("window.kept = true");
    tellOfNewVersion(page);
    page.waitForFunction("navigator.serviceWorker.getRegistration()"
        + ".then(({installing, waiting}) => !installing && !waiting)");
    waitForVersion(reload(page), "");
    server.lieNoMore();
    tellOfNewVersion(page);
    waitForVersion(page, "2");
  }

  /** Its page need not connect anew to hear of the version again. */
  @Test
  void fileThatCouldNotBeHadIsAskedForAgain() throws IOException {
    publishSecondVersion();
    server.lie("/page.js", "alert('not what was published')");
    page.evaluate("navigator.serviceWorker.getRegistration().then(registration =>"
        + " registration.addEventListener('updatefound', () => {"
        + "   const next = registration.installing;"
        + "   next.addEventListener('statechange', () => { window.lastState = next.state; });"
        + " }))");
    tellOfNewVersion(page);
    page.waitForFunction("() => window.lastState === 'redundant'");
    server.lieNoMore();
    waitForVersion(page, "2");
  }

  @Test
  void serverWithoutAWorkerGetsItsPagesBack() throws IOException {
    publishSecondVersion();
    server.knowNoWorker();
    reload(page);
    page.waitForFunction("navigator.serviceWorker.getRegistration().then(found => !found)");
    waitForVersion(reload(page), "2");
  }

  @Test
  void pageThatTheBrowserDroppedComesFromTheServerAndIsKeptAgain() {
    page.evaluate("caches.keys()"
        + ".then(names => Promise.all(names.map(name => caches.delete(name))))");
    reload(page);
    page.waitForFunction("caches.match('/index.html')");
    server.stop();
    reload(page);
  }

  @Test
  void lostFileIsTakenFromTheServerOnlyIfItIsTheSame() throws IOException {
    var loseStyle = "caches.keys().then(names => Promise.all(names.map("
        + "name => caches.open(name).then(cache => cache.delete('/style.css')))))";
    page.evaluate(loseStyle);
    assertEquals(true, page.evaluate("fetch('/style.css').then(file => file.ok)"));
    server.lie("/style.css", "body { display: none }");
    assertEquals("refused", page.evaluate("fetch('/style.css').catch(() => 'refused')"));
    server.lieNoMore();
    reload(page);
  }
}
