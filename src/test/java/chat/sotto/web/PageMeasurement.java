package chat.sotto.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How quick the page is, and how large, with a real server and many messages in the browser: {@code
 * ./measure-page} prints the table of docs/performance.md. Medians of several runs, with the worst.
 */
public final class PageMeasurement implements AutoCloseable {
  private static final int RUNS = 9;
  private static final int PEOPLE = 50;
  private static final int MESSAGES = 5_000;
  private static final int SEGMENT_TEXTS_MIN = 128;

  private static final String TYPED = "Typing goes on as if there were only one message here, ok?";
  private static final List<String> SEARCHES =
      List.of("coffee", "nr321.", "nowhere at all", "station", "e", "müller");

  /** In each page from its beginning: notes when somebody can click in the list. */
  private static final String NOTE_LIST = """
      (() => {
        const look = () => {
          const item = document.querySelector('nav.conversations a.item');
          if (!item?.checkVisibility()) return requestAnimationFrame(look);
          return setTimeout(() => { window.listShownAt = performance.now(); });
        };
        look();
      })();
      """;

  /** From a click on a line of the list until its newest messages are painted. */
  private static final String OPENED = """
      nr => new Promise(resolve => {
        const item = document.querySelectorAll('nav.conversations a.item')[nr];
        const name = item.querySelector('.item-name').textContent;
        const begin = performance.now();
        const look = () => {
          const isShown = document.querySelector('main h2, main h1')?.textContent.includes(name)
            && document.querySelector('[role=log] article');
          if (!isShown) return requestAnimationFrame(look);
          return setTimeout(() => resolve(performance.now() - begin));
        };
        item.click();
        requestAnimationFrame(look);
      })
      """;

  /** From each key press until the frame that shows it was drawn. */
  private static final String NOTE_KEYS = """
      box => {
        window.keyTimes = [];
        box.addEventListener('keydown', event => {
          const begin = event.timeStamp;
          requestAnimationFrame(() =>
            setTimeout(() => window.keyTimes.push(performance.now() - begin)));
        });
      }
      """;

  private static final String SIZES = """
      () => {
        const of = entries => ({
          requests: entries.length,
          plain: entries.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
          sent: entries.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
        });
        const all = performance.getEntries()
          .filter(({ entryType }) => ['navigation', 'resource'].includes(entryType));
        return { all: of(all), scripts: of(all.filter(({ name }) => name.endsWith('.js'))) };
      }
      """;

  private final int runs;
  private final int some;
  private final int many;
  private final ServerProcess server;
  private final Chromium chromium = Chromium.launch();
  private final List<String> faults = new ArrayList<>();
  private final String inStore = Files.readString(
      Path.of("src/test/js/measure/store-of-messages.js")).replaceFirst("(?s)^/\\*.*?\\*/", "");

  /** @param some messages of one person; another one has ten times as many */
  private PageMeasurement(Path folder, int runs, int some) throws IOException {
    this.runs = runs;
    this.some = some;
    many = 10 * some;
    server = new ServerProcess(folder);
    // Also when somebody does not want to wait for the end.
    Runtime.getRuntime().addShutdownHook(new Thread(server::kill));
  }

  /** @param args how many runs and messages, if not as many as usual */
  public static void main(String[] args) throws IOException {
    int status = 1;
    Path folder = Files.createTempDirectory("sotto-measure");
    try (var measurement = new PageMeasurement(folder,
        args.length > 0 ? Integer.parseInt(args[0]) : RUNS,
        args.length > 1 ? Integer.parseInt(args[1]) : MESSAGES)) {
      measurement.run();
      status = 0;
    } catch (PlaywrightException e) {
      e.printStackTrace();
    } finally {
      delete(folder);
      // The driver's threads would go on.
      System.exit(status);
    }
  }

  private void run() {
    System.out.printf(Locale.ROOT, "Load before: %.1f%n%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    System.out.println("| messages | what | median | worst |\n|---|---|---|---|");
    measureFirstVisit();
    measureLoading();
    measureMany();
    faults.forEach(System.err::println);
  }

  private void measureFirstVisit() {
    List<Double> times = new ArrayList<>();
    Map<String, Map<String, Number>> sizes = Map.of();
    for (int i = 0; i < runs; i++) {
      BrowserContext profile = chromium.freshProfile();
      profile.addInitScript("performance.setResourceTimingBufferSize(1000)");
      Page page = profile.newPage();
      page.navigate(server.url() + "/");
      page.getByRole(AriaRole.TAB).first().waitFor();
      times.add(number(page.evaluate("performance.now()")));
      sizes = cast(page.evaluate(SIZES));
      Chromium.end(profile);
    }
    row(0, "first visit until one can sign in, ms", times);
    for (var entry : sizes.entrySet()) {
      Map<String, Number> size = entry.getValue();
      String what = "first visit, " + entry.getKey() + ": ";
      row(0, what + "requests", List.of(number(size.get("requests"))));
      row(0, what + "KB", List.of(number(size.get("plain")) / 1000));
      row(0, what + "KB as sent", List.of(number(size.get("sent")) / 1000));
    }
  }

  private void measureLoading() {
    try (Person alice = filled("alice", some)) {
      row(some, "load until the list can be used, ms", loads(alice));
    }
  }

  private void measureMany() {
    try (Person bob = filled("bob", many)) {
      bob.comeBack();
      double begin = System.nanoTime();
      bob.page.locator("nav.conversations a.item").first().click();
      row(many, "key press until it is drawn, while they are prepared for the search, ms",
          keys(bob));
      waitUntilPrepared(bob);
      row(many, "until all are prepared for the search, s",
          List.of((System.nanoTime() - begin) / 1e9));
      row(many, "load until the list can be used, ms", loads(bob));
      bob.comeBack();
      bob.page.waitForFunction("() => window.listShownAt");
      row(many, "opening a conversation for the first time, ms", openings(bob));
      row(many, "opening it again, ms", openings(bob));
      row(many, "key press until it is drawn, ms", keys(bob));
      measureSearch(bob);
    }
  }

  private void measureSearch(Person person) {
    List<Double> first = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      List<Object> times = cast(inStore(person, "search",
          Map.of("user", person.name, "wanted", SEARCHES)));
      first.add(number(times.get(0)));
      times.stream().skip(1).map(PageMeasurement::number).forEach(others::add);
    }
    row(many, "first search of a tab, ms", first);
    row(many, "other searches, ms", others);
    double before = heap(person);
    var box = person.role(AriaRole.SEARCHBOX, "Search messages");
    List<Double> typed = new ArrayList<>();
    for (int place = 1; place <= runs; place++) {
      String wanted = "nr%d.".formatted((long) many * place / (runs + 1));
      typed.add(seconds(() -> {
        box.fill(wanted);
        person.page.locator(".result", new Page.LocatorOptions().setHasText(wanted)).waitFor();
        return null;
      }) * 1000);
    }
    row(many, "from the last letter until the result is on the page, ms", typed);
    row(many, "memory of the search, MB", List.of((heap(person) - before) / 1e6));
  }

  /** An account whose browser holds so many messages. */
  private Person filled(String name, int count) {
    var person = new Person(name, chromium.freshProfileWithWorker(), server.url(), faults);
    person.createAccount();
    person.browser.addInitScript(NOTE_LIST);
    double seconds = seconds(() -> inStore(person, "fill",
        Map.of("user", name, "people", PEOPLE, "count", count)));
    System.err.printf(Locale.ROOT, "%d messages were put in %.0f s%n", count, seconds);
    return person;
  }

  private void waitUntilPrepared(Person person) {
    while (number(inStore(person, "waiting", Map.of("user", person.name))) >= SEGMENT_TEXTS_MIN) {
      person.page.waitForTimeout(500);
    }
  }

  private List<Double> loads(Person person) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      person.page.close();
      person.page = person.newTab();
      person.page.waitForFunction("() => window.listShownAt");
      times.add(number(person.page.evaluate("window.listShownAt")));
    }
    return times;
  }

  private List<Double> openings(Person person) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < runs; i++) times.add(number(person.page.evaluate(OPENED, i + 1)));
    return times;
  }

  private static List<Double> keys(Person person) {
    var box = person.box("Message");
    box.evaluate(NOTE_KEYS);
    box.focus();
    for (char key : TYPED.toCharArray()) person.page.keyboard().type(String.valueOf(key));
    person.page.waitForFunction("count => window.keyTimes.length >= count", TYPED.length());
    List<Object> times = cast(person.page.evaluate("window.keyTimes"));
    box.fill("");
    return times.stream().map(PageMeasurement::number).toList();
  }

  private Object inStore(Person person, String name, Map<String, Object> argument) {
    return person.page.evaluate("argument => %s.%s(argument)".formatted(inStore.strip(), name),
        argument);
  }

  private static double heap(Person person) {
    CDPSession session = person.browser.newCDPSession(person.page);
    session.send("HeapProfiler.collectGarbage");
    double bytes = session.send("Runtime.getHeapUsage").get("usedSize").getAsDouble();
    session.detach();
    return bytes;
  }

  private static double seconds(Supplier<Object> work) {
    long begin = System.nanoTime();
    work.get();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void row(int messages, String what, List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    double worst = sorted.get(sorted.size() - 1);
    String form = worst < 10 ? "%.1f" : "%.0f";
    System.out.printf(Locale.ROOT, "| %,d | %s | " + form + " | " + form + " |%n", messages, what,
        sorted.get(sorted.size() / 2), worst);
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(Object value) {
    return (T) value;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
    }
  }

  @Override
  public void close() {
    chromium.close();
    server.close();
  }
}
