package chat.sotto.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The system's Chromium, headless, driven by Playwright. Not thread-safe: one thread launches it,
 * uses everything that comes from it, and closes it.
 */
public final class Chromium implements AutoCloseable {
  private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");
  private static final List<String> ARGS = List.of("--no-sandbox", "--disable-gpu",
      "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync");

  private final Playwright playwright;
  private Browser browser;

  private Chromium() {
    playwright = Playwright.create(new Playwright.CreateOptions()
        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /** Starts the driver; a browser starts with the first profile that is asked for. */
  public static Chromium launch() {
    return new Chromium();
  }

  /** A new empty profile, like a person's fresh browser; it is gone when it is closed. */
  public BrowserContext freshProfile() {
    if (browser == null) {
      browser = playwright.chromium().launch(new BrowserType.LaunchOptions()
          .setExecutablePath(EXECUTABLE).setArgs(ARGS));
    }
    return browser.newContext();
  }

  /** A browser of its own whose profile stays in {@code directory}: opened again, it goes on. */
  public BrowserContext storedProfile(Path directory) {
    return playwright.chromium().launchPersistentContext(directory,
        new BrowserType.LaunchPersistentContextOptions()
            .setExecutablePath(EXECUTABLE).setArgs(ARGS));
  }

  @Override
  public void close() {
    playwright.close();
  }
}
