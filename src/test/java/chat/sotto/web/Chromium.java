package chat.sotto.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.impl.TargetClosedError;
import com.microsoft.playwright.options.ServiceWorkerPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The system's Chromium without a window, driven by Playwright. All tests of a JVM share one, since
 * its start takes longer than many a test. Not thread-safe: one thread uses it and everything that
 * comes from it.
 */
public final class Chromium implements AutoCloseable {
  /** The engine without the browser's own windows, which take more time than our pages. */
  private static final Path SHELL = Path.of("/usr/lib/chromium/chromium-headless-shell");
  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  /** Where the driver writes how the browser started, what it complained of, and how it ended. */
  private static final Path SAID = Path.of("target/chromium-" + ProcessHandle.current().pid());
  private static final List<String> ARGS = List.of("--no-sandbox", "--disable-gpu",
      "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync");

  /** For how long a busy machine may keep a browser from its work. No page is measured by it. */
  private static final double PATIENCE_MS = 15_000;

  private static Chromium shared;

  private final Playwright playwright;
  private Browser browser;

  private Chromium() {
    playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of(
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1",
        "DEBUG", "pw:browser", "DEBUG_FILE", SAID.toString())));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
  }

  /** Starts the driver; a browser starts with the first profile that is asked for. */
  public static Chromium launch() {
    if (shared == null) shared = new Chromium();
    return shared;
  }

  /**
   * A new empty profile, like a person's fresh browser; it is gone when it is closed. It keeps no
   * page: what a test is about does not wait for a worker that takes all files once more.
   */
  public BrowserContext freshProfile() {
    return freshProfile(ServiceWorkerPolicy.BLOCK, "en-US");
  }

  /** The profile of somebody who reads that language. */
  BrowserContext freshProfileIn(String locale) {
    return freshProfile(ServiceWorkerPolicy.BLOCK, locale);
  }

  /** A new empty profile that keeps the page, as people's browsers do. */
  BrowserContext freshProfileWithWorker() {
    return freshProfile(ServiceWorkerPolicy.ALLOW, "en-US");
  }

  private BrowserContext freshProfile(ServiceWorkerPolicy workers, String locale) {
    var options = new Browser.NewContextOptions().setServiceWorkers(workers).setLocale(locale);
    if (browser != null) {
      try {
        return browser.newContext(options);
      } catch (TargetClosedError e) {
        System.err.println("Chromium ended by itself, and a new one is started: see " + SAID);
      }
    }
    browser = playwright.chromium().launch(new BrowserType.LaunchOptions()
        .setExecutablePath(Files.exists(SHELL) ? SHELL : BROWSER).setArgs(ARGS));
    return browser.newContext(options);
  }

  /**
   * Closes a profile. That it is gone already, with a browser that ended by itself, is no failure
   * of the test that used it: what failed on its pages has failed before.
   */
  public static void end(BrowserContext profile) {
    try {
      profile.close();
    } catch (TargetClosedError e) {
      System.err.println("Chromium ended by itself before its profile was closed: see " + SAID);
    }
  }

  /** Ends the profiles that are still open; the browser is there for the next test. */
  @Override
  public void close() {
    if (browser != null) List.copyOf(browser.contexts()).forEach(Chromium::end);
  }
}
