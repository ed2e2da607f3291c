package chat.sotto.audit;

import static chat.sotto.audit.Html.element;
import static chat.sotto.audit.Html.number;
import static chat.sotto.audit.Html.text;

import chat.sotto.crypto.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An audit as one page that needs nothing else: no script, nothing from elsewhere, and a policy
 * that holds a browser to that.
 */
public final class ReportPage {
  private static final String STYLE = "/audit/report.css";
  private static final int FINDINGS_MAX = 500;
  private static final int USERS_MAX = 200;
  private static final String NOTHING = "–";

  private static final String GOOD_ICON =
      "<svg class=\"verdict-icon\" aria-hidden=\"true\" viewBox=\"0 0 48 48\"><circle cx=\"24\""
          + " cy=\"24\" r=\"22\"/><path d=\"M14 25l7 7 14-15\"/></svg>";
  private static final String BAD_ICON =
      "<svg class=\"verdict-icon\" aria-hidden=\"true\" viewBox=\"0 0 48 48\"><path d=\"M24 4l22"
          + " 40H2z\"/><path d=\"M24 18v12M24 36v1\"/></svg>";

  private final Result result;
  private final Figures figures;
  private final Subject subject;

  private ReportPage(Result result, Figures figures, Subject subject) {
    this.result = result;
    this.figures = figures;
    this.subject = subject;
  }

  /**
   * What was audited.
   *
   * @param data where it lies
   * @param serverHost as the data names it
   * @param checkedAt when the audit ended
   * @param version of Sotto
   */
  public record Subject(
      String data, Optional<String> serverHost, Instant checkedAt, String version) {}

  /** The page's text, to be stored in UTF-8. */
  public static String of(Result result, Figures figures, Subject subject) {
    return new ReportPage(result, figures, subject).page();
  }

  private String page() {
    String style = style();
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
        'sha256-%s'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>Sotto audit report</title>
        <style>%s</style>
        </head>
        <body>
        <main>
        %s%s%s%s%s
        </main>
        </body>
        </html>
        """
        .formatted(
            Base64.getEncoder()
                .encodeToString(Hash.sha256(style.getBytes(StandardCharsets.UTF_8))),
            style,
            verdict(),
            result.holds() ? whatIsProven() + findings() : findings() + whatWasChecked(),
            numbers(),
            people(),
            footer());
  }

  private static String style() {
    try (InputStream file = ReportPage.class.getResourceAsStream(STYLE)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String verdict() {
    String sentence =
        result.holds()
            ? "Everything that was checked holds."
            : "%s not hold."
                .formatted(
                    result.findingCount() == 1
                        ? "One thing does"
                        : number(result.findingCount()) + " things do");
    return """
        <header class="%s">
        %s
        <div>
        <p class="eyebrow">Sotto audit report · %s</p>
        <h1>%s</h1>
        <p>%s</p>
        </div>
        </header>
        """
        .formatted(
            result.holds() ? "good-verdict" : "bad-verdict",
            result.holds() ? GOOD_ICON : BAD_ICON,
            text(subject.serverHost().orElse("server not named")),
            text(sentence),
            text(extent()));
  }

  private String extent() {
    Figures.Overview overview = figures.overview();
    if (overview.events() == 0) {
      return "The data holds no records yet; it was checked at %s UTC."
          .formatted(Moment.words(subject.checkedAt()));
    }
    return "%s records of %s and %s, from %s to %s UTC, were replayed and checked at %s UTC."
        .formatted(
            number(overview.events()),
            people(overview.users()),
            overview.groups() == 1 ? "1 group" : number(overview.groups()) + " groups",
            overview.from().map(Moment::words).orElse("?"),
            overview.to().map(Moment::words).orElse("?"),
            Moment.words(subject.checkedAt()));
  }

  private static String people(long number) {
    return number == 1 ? "1 person" : number(number) + " people";
  }

  private String whatIsProven() {
    return pair(
        "What is proven",
        Html.list(
            "Nothing was changed, left out, added or moved after it was written and something later"
                + " refers to it.",
            result.signaturesChecked()
                ? "Who said it: every device list, key, post, change of a group and acknowledgement"
                    + " carries a good signature of the device or account that made it."
                : "Signatures were not checked in this run: who said what is not proven here.",
            "It was allowed: every record was judged again, at its place, by the server's rules.",
            result.bodiesChecked()
                ? "Nothing was thrown away too early: what a device still waits for is there, and"
                    + " is what was sent."
                : "Ciphertexts were not checked: this copy was made without them."));
  }

  private String whatWasChecked() {
    return pair(
        "What was checked",
        Html.list(
            "Whether anything was changed, left out, added or moved after it was written.",
            result.signaturesChecked()
                ? "Whether everything is signed by the device or account that it names."
                : "Not the signatures, in this run.",
            "Whether every record was allowed at its place, by the server's rules.",
            result.bodiesChecked()
                ? "Whether what a device still waits for is there, and is what was sent."
                : "Not the ciphertexts: this copy was made without them.",
            "Everything that is not named above as a finding, or follows one in the same log,"
                + " holds."));
  }

  private static String pair(String title, String list) {
    String unproven =
        Html.list(
            "What was said. The server never had the keys.",
            "What the server took and never wrote down. The programs of those concerned notice it.",
            "The newest records, if nothing refers to them yet. A checkpoint kept elsewhere, or"
                + " what a device recorded itself, closes that gap.",
            "Exact times. They are the server's clock; they only ever rise.",
            "That a person read something. An acknowledgement says that the device stored it.");
    return """
        <section class="pair">
        <div>
        <h2>%s</h2>
        %s</div>
        <div>
        <h2>What cannot be proven from this data</h2>
        %s</div>
        </section>
        """
        .formatted(text(title), list, unproven);
  }

  private String findings() {
    if (result.holds()) {
      return "<section>\n<h2>Findings</h2>\n<p>None.</p>\n</section>\n";
    }
    List<Finding> shown = result.findings().stream().limit(FINDINGS_MAX).toList();
    String more =
        result.findingCount() > shown.size()
            ? element("p", "And %s more.".formatted(number(result.findingCount() - shown.size())))
            : "";
    return "<section>\n<h2>Findings</h2>\n<p>What follows a broken record of the same log was not"
        + " judged.</p>\n<ol class=\"findings\">\n"
        + shown.stream().map(ReportPage::finding).collect(Collectors.joining("\n"))
        + "\n</ol>\n"
        + more
        + "</section>\n";
  }

  private static String finding(Finding finding) {
    String place = finding.entity().isEmpty() ? "The whole file" : finding.entity();
    String record = finding.number() == 0 ? "" : ", record " + number(finding.number());
    return """
        <li><h3>%s</h3>
        <p>%s</p>
        <dl><dt>Expected</dt><dd>%s</dd><dt>Found</dt><dd>%s</dd></dl></li>"""
        .formatted(
            text(place + record),
            text("%s (%s)".formatted(meaning(finding.code()), finding.code().text())),
            text(finding.expected()),
            text(finding.found()));
  }

  private static String meaning(Finding.Code code) {
    return switch (code) {
      case FILE_DAMAGED -> "A part of the file cannot be read.";
      case COPY_INCOMPLETE -> "This copy was made while the server wrote: a part is missing.";
      case ENTITY_UNKNOWN -> "There are records of something that no server of this kind keeps.";
      case EVENT_MISSING -> "A record is missing.";
      case CHAIN_BROKEN -> "A record was changed, or put where it does not belong.";
      case EVENT_UNREADABLE -> "A record cannot be understood.";
      case RULE_BROKEN -> "A record says something that the rules do not allow there.";
      case SIGNATURE_WRONG -> "A record was not signed by the one whom it names.";
      case DEVICE_LIST_UNKNOWN -> "A group names keys of a person that the person never published.";
      case SENDER_UNKNOWN -> "A message names a sender that does not exist.";
      case ACKNOWLEDGED_NOTHING -> "A device confirmed something that is not in the record.";
      case BODY_MISSING -> "Something is gone that a device still waits for.";
      case BODY_ALTERED -> "Something that is stored is not what was sent.";
      case HISTORY_SHORTENED -> "Records that once were there are gone.";
      case HISTORY_CHANGED -> "Records are not what they once were.";
      case SERVER_KEY_UNKNOWN -> "The server's key is not known, so its own entries are unproven.";
    };
  }

  private String numbers() {
    Figures.Overview overview = figures.overview();
    Figures.Delivery delivery = figures.delivery();
    return "<section>\n<h2>In numbers</h2>\n<dl class=\"tiles\">\n"
        + tile("Messages to persons", number(overview.entries()))
        + tile("Messages to groups", number(overview.posts()))
        + tile("Deliveries confirmed", delivery.owed() == 0 ? NOTHING : delivery.percent())
        + tile(
            "Typical time to confirm",
            delivery.timed() == 0 ? NOTHING : Moment.duration(delivery.medianMillis()))
        + tile("Devices linked", number(figures.accounts().linked()))
        + tile("Devices removed", number(figures.accounts().removed()))
        + tile("New passwords", number(figures.accounts().passwords()))
        + tile("Passwords reset", number(figures.accounts().resets()))
        + tile("Accounts erased", number(figures.accounts().erased()))
        + tile("Names opened again", number(figures.accounts().reopened()))
        + tile("Archives, in bytes", number(figures.accounts().archiveBytes()))
        + "</dl>\n<div class=\"figures\">\n"
        + new ReportCharts(figures).all()
        + "</div>\n</section>\n";
  }

  private static String tile(String name, String value) {
    return "<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(text(name), text(value));
  }

  private String people() {
    if (figures.users().isEmpty()) {
      return "<section>\n<h2>People</h2>\n<p>Nobody has registered yet.</p>\n</section>\n";
    }
    List<List<String>> rows =
        figures.users().stream()
            .limit(USERS_MAX)
            .map(
                user ->
                    List.of(
                        user.user().value(),
                        number(user.devices()),
                        number(user.sent()),
                        number(user.received()),
                        number(user.posts()),
                        number(user.waiting())))
            .toList();
    String more =
        figures.users().size() > rows.size()
            ? element(
                "p", "And %s more.".formatted(people(figures.users().size() - rows.size())))
            : "";
    return "<section>\n<h2>People</h2>\n"
        + Html.table(
            List.of("Person", "Devices", "Sent", "Received", "To groups", "Waiting"), rows)
        + more
        + "\n</section>\n";
  }

  private String footer() {
    return """
        <footer>
        <p>Made by <code>sotto audit</code> %s from <code>%s</code>. This page contains no script \
        and loads nothing. Anybody with the same data gets the same answer: the rules and formats \
        are in docs/audit.md of Sotto.</p>
        </footer>"""
        .formatted(text(subject.version()), text(subject.data()));
  }
}
