package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.web.Chromium;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a person sees it. Leaves pictures in target/screens for people to look at. */
class ReportPageTest {
  private static final Path SCREENS = Path.of("target/screens");
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  private static final Instant AT = Instant.parse("2026-04-01T09:30:00Z");
  private static final ReportPage.Subject SUBJECT =
      new ReportPage.Subject("/srv/sotto/data", Optional.of("chat.example"), AT, "1.0");

  @TempDir Path folder;

  private static Result holding() {
    return new Result(List.of(), 0, Map.of(), true, true);
  }

  private static Result broken(String expected) {
    var finding =
        new Finding(Finding.Code.CHAIN_BROKEN, "User|bob", 17, expected, "previous hash 00ff");
    return new Result(List.of(finding), 1, Map.of(), true, true);
  }

  /** A quarter of a year of a team. */
  private static Figures figures(int users, int groups) {
    var random = new Random(7);
    List<Figures.Day> days =
        IntStream.range(0, 90)
            .mapToObj(
                day ->
                    new Figures.Day(
                        FIRST_DAY.plusDays(day), 1, random.nextInt(900), random.nextInt(400)))
            .toList();
    List<Figures.OfUser> people =
        IntStream.range(0, users)
            .mapToObj(
                number ->
                    new Figures.OfUser(
                        new UserName("person" + number),
                        1,
                        900 - number,
                        800,
                        12,
                        number % 2 == 0 ? 0 : 7L * number,
                        Optional.of(AT)))
            .toList();
    List<Figures.OfGroup> all =
        IntStream.range(0, groups).mapToObj(number -> group(random, number)).toList();
    var overview =
        new Figures.Overview(
            Optional.of(Instant.parse("2026-01-01T08:00:00Z")),
            Optional.of(AT),
            1_234_567,
            users,
            groups,
            40_213,
            17_995,
            123_456_789,
            646.8);
    var accounts = new Figures.OfAccounts(71, 12, 8, 1, 2, 1, 98_765_432);
    return new Figures(overview, delivery(), accounts, people, all, days);
  }

  private static Figures.OfGroup group(Random random, int number) {
    var counts = new ArrayList<Figures.MemberCount>();
    long members = 1;
    for (int day = number; day < 90; day += 9) {
      counts.add(new Figures.MemberCount(FIRST_DAY.plusDays(day), members));
      members = Math.max(1, members + random.nextInt(5) - 1);
    }
    var id = new GroupId("%032x".formatted(0xabcdef12345L * (number + 1)));
    return new Figures.OfGroup(id, AT, members, 1, 12, 400, 300, counts);
  }

  private static Figures.Delivery delivery() {
    var delays = new Delays();
    var random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      delays.add((long) Math.exp(5 + 2.5 * random.nextGaussian()));
    }
    return new Figures.Delivery(
        52_000,
        50_000,
        1_500,
        400,
        100,
        delays.count(),
        delays.quantile(0.5),
        delays.quantile(0.95),
        delays.max(),
        delays.classes());
  }

  private static Figures nothing() {
    return new Figures(
        new Figures.Overview(Optional.empty(), Optional.empty(), 0, 0, 0, 0, 0, 0, 0),
        new Figures.Delivery(0, 0, 0, 0, 0, 0, 0, 0, 0, new Delays().classes()),
        new Figures.OfAccounts(0, 0, 0, 0, 0, 0, 0),
        List.of(),
        List.of(),
        List.of());
  }

  @Test
  void saysInOneSentenceWhetherAllHolds() {
    String good = ReportPage.of(holding(), figures(5, 2), SUBJECT);
    assertTrue(good.contains("<h1>Everything that was checked holds.</h1>"));
    assertTrue(good.contains("<h2>Findings</h2>\n<p>None.</p>"));
    String bad = ReportPage.of(broken("previous hash 12ab"), figures(5, 2), SUBJECT);
    assertTrue(bad.contains("<h1>One thing does not hold.</h1>"));
    assertTrue(bad.contains("<h3>User|bob, record 17</h3>"));
    assertTrue(bad.contains("(chain-broken)</p>"));
    assertTrue(bad.contains("<dt>Expected</dt><dd>previous hash 12ab</dd>"));
    assertFalse(bad.contains("What is proven"));
  }

  @Test
  void saysThatThereIsNothingYet() {
    String page = ReportPage.of(holding(), nothing(), SUBJECT);
    assertTrue(page.contains("The data holds no records yet"));
    assertTrue(page.contains("Nobody has registered yet."));
    assertFalse(page.contains("?"), page);
  }

  @Test
  void makesNoMarkupOfWhatStandsInAJournal() {
    String page =
        ReportPage.of(broken("<script>alert('x')</script>\"&"), figures(5, 2), SUBJECT);
    assertFalse(page.contains("<script"));
    assertTrue(
        page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
  }

  @Test
  void sumsUpWhoDoesNotFit() {
    String page = ReportPage.of(holding(), figures(500, 40), SUBJECT);
    assertTrue(page.contains("220 others together"));
    assertTrue(page.contains("<dt>Devices linked</dt><dd>71</dd>"));
    assertTrue(page.contains("<dt>Archives, in bytes</dt><dd>98"));
    assertTrue(page.contains("And 300 people more."));
    assertTrue(page.contains("32 more groups"));
    assertTrue(page.length() < 200_000, "bytes: " + page.length());
  }

  @Test
  void looksRightOnADeskAndOnAPhoneLightAndDark() throws IOException {
    Files.createDirectories(SCREENS);
    Map<String, String> pages =
        Map.of(
            "holds", ReportPage.of(holding(), figures(40, 12), SUBJECT),
            "broken", ReportPage.of(broken("previous hash 12ab"), figures(3, 1), SUBJECT),
            "empty", ReportPage.of(holding(), nothing(), SUBJECT));
    try (Chromium chromium = Chromium.launch();
        BrowserContext context = chromium.freshProfile()) {
      Page page = context.newPage();
      List<String> complaints = new ArrayList<>();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      page.onRequest(request -> complaints.addAll(elsewhere(request.url())));
      for (Map.Entry<String, String> each : pages.entrySet()) {
        Path file = Files.writeString(folder.resolve(each.getKey() + ".html"), each.getValue());
        page.navigate(file.toUri().toString());
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
          page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
          for (int width : new int[] {1280, 360}) {
            page.setViewportSize(width, 800);
            picture(page, "report-%s-%s-%d.png".formatted(each.getKey(), scheme, width));
            assertEquals(
                width, page.evaluate("() => document.documentElement.scrollWidth"), each.getKey());
          }
        }
      }
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
      picture(page, "report-print.png");
      assertEquals(List.of(), complaints);
    }
  }

  private static List<String> elsewhere(String url) {
    return Stream.of(url).filter(one -> !one.startsWith("file:")).toList();
  }

  private static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENS.resolve(name)).setFullPage(true));
  }
}
