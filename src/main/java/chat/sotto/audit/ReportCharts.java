package chat.sotto.audit;

import static chat.sotto.audit.Html.element;
import static chat.sotto.audit.Html.number;
import static chat.sotto.audit.Html.text;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The charts of a report, each with a title in words and its numbers as a table. */
final class ReportCharts {
  private static final int COLUMNS_MAX = 60;
  private static final int COLUMNS_MIN = 14;
  private static final int USERS_MAX = 30;
  private static final int GROUPS_MAX = 8;

  private final Figures figures;

  ReportCharts(Figures figures) {
    this.figures = figures;
  }

  String all() {
    return messages() + coverage() + delays() + backlog() + memberships();
  }

  private static String figure(String title, String note, String content) {
    return "<figure>\n<figcaption><h3>%s</h3><p>%s</p></figcaption>\n%s</figure>\n"
        .formatted(text(title), text(note), content);
  }

  private String messages() {
    String title = "Messages a day";
    if (figures.days().isEmpty()) {
      return figure(title, "No message was ever accepted.", "");
    }
    List<Charts.Column> columns = columns();
    long width = width();
    String unit = width == 1 ? "a day" : "in %d days".formatted(width);
    long highest = columns.stream().mapToLong(Charts.Column::sum).max().orElse(0);
    String legend =
        "<ul class=\"legend\"><li>"
            + "<svg class=\"key\" aria-hidden=\"true\"><rect class=\"first\" width=\"14\""
            + " height=\"14\"/></svg> lower part: to persons</li><li>"
            + "<svg class=\"key\" aria-hidden=\"true\"><rect class=\"second\" width=\"14\""
            + " height=\"14\"/></svg> upper part: to groups</li></ul>\n";
    List<List<String>> rows =
        columns.stream()
            .filter(column -> column.sum() > 0)
            .map(
                column ->
                    List.of(column.label(), number(column.lower()), number(column.upper())))
            .toList();
    return figure(
        title,
        "What the server accepted for delivery. Notes that programs send each other, such as"
            + " receipts, are counted too: the server cannot tell them from messages.",
        Charts.columns(
                "At most " + number(highest) + " " + unit + ".",
                "messages " + unit + ", by day (UTC)",
                columns)
            + legend
            + Html.foldedTable(List.of("From day", "To persons", "To groups"), rows));
  }

  private LocalDate firstDay() {
    LocalDate first = figures.days().get(0).day();
    LocalDate latest = lastDay().minusDays(COLUMNS_MIN - 1);
    return first.isBefore(latest) ? first : latest;
  }

  private LocalDate lastDay() {
    Figures.Day last = figures.days().get(figures.days().size() - 1);
    return last.day().plusDays(last.days() - 1);
  }

  /** Days that one column takes together. */
  private long width() {
    long days = ChronoUnit.DAYS.between(firstDay(), lastDay()) + 1;
    return (days + COLUMNS_MAX - 1) / COLUMNS_MAX;
  }

  private List<Charts.Column> columns() {
    LocalDate first = firstDay();
    long width = width();
    int count = (int) (ChronoUnit.DAYS.between(first, lastDay()) / width) + 1;
    long[][] sums = new long[count][2];
    for (Figures.Day day : figures.days()) {
      int at = (int) (ChronoUnit.DAYS.between(first, day.day()) / width);
      sums[at][0] += day.entries();
      sums[at][1] += day.posts();
    }
    var columns = new ArrayList<Charts.Column>();
    for (int i = 0; i < count; i++) {
      String label = first.plusDays(i * width).toString();
      columns.add(new Charts.Column(label, sums[i][0], sums[i][1]));
    }
    return columns;
  }

  private String coverage() {
    Figures.Delivery delivery = figures.delivery();
    String title = "What became of the messages";
    if (delivery.owed() == 0) {
      return figure(title, "Nothing was ever due to anybody.", "");
    }
    List<Charts.Part> parts =
        List.of(
            new Charts.Part(
                "Confirmed under the device's signature", delivery.acknowledged(), "good"),
            new Charts.Part("Still waiting for the device", delivery.waiting(), "second"),
            new Charts.Part("Not delivered: the device was away too long", delivery.cutOff(), "bad"),
            new Charts.Part("Not due any more: the person left", delivery.ended(), "rest"));
    return figure(
        title,
        "Each message is due once to each device of each recipient: %s deliveries in all."
            .formatted(number(delivery.owed())),
        Charts.whole("%s confirmed.".formatted(delivery.percent()), parts));
  }

  private String delays() {
    Figures.Delivery delivery = figures.delivery();
    String title = "How long deliveries took";
    if (delivery.timed() == 0) {
      return figure(title, "Nothing was acknowledged yet.", "");
    }
    List<Charts.Row> rows =
        delivery.delays().stream()
            .map(
                each ->
                    new Charts.Row(
                        each.words(),
                        each.count(),
                        number(each.count())
                            + " · "
                            + Html.percent((double) each.count() / delivery.timed())))
            .toList();
    return figure(
        title,
        ("From when the server accepted a message until the device confirmed it, whether or not the"
                + " person was online. Half took up to %s, 95 of 100 up to %s, the longest %s.")
            .formatted(
                Moment.duration(delivery.medianMillis()),
                Moment.duration(delivery.p95Millis()),
                Moment.duration(delivery.maxMillis())),
        Charts.rows("Deliveries by the time they took.", "deliveries", rows)
            + Html.foldedTable(List.of("Time", "Deliveries"), cells(rows)));
  }

  private static List<List<String>> cells(List<Charts.Row> rows) {
    return rows.stream().map(row -> List.of(row.label(), row.words())).toList();
  }

  private String backlog() {
    String title = "What waits, by person";
    List<Figures.OfUser> behind =
        figures.users().stream()
            .filter(user -> user.waiting() > 0)
            .sorted(Comparator.comparingLong(Figures.OfUser::waiting).reversed())
            .toList();
    if (behind.isEmpty()) {
      return figure(title, "Nothing waits for anybody: every device has confirmed everything.", "");
    }
    var rows = new ArrayList<Charts.Row>();
    behind.stream().limit(USERS_MAX).map(ReportCharts::row).forEach(rows::add);
    if (behind.size() > USERS_MAX) {
      List<Figures.OfUser> rest = behind.subList(USERS_MAX, behind.size());
      long sum = rest.stream().mapToLong(Figures.OfUser::waiting).sum();
      rows.add(new Charts.Row(rest.size() + " others together", sum, number(sum)));
    }
    return figure(
        title,
        "Messages that were accepted and that a device of the person has not confirmed yet. This is"
            + " usual for somebody who is away.",
        Charts.rows("The longest bar is " + rows.get(0).label() + ".", "deliveries waiting", rows)
            + Html.foldedTable(List.of("Person", "Waiting"), cells(rows)));
  }

  private static Charts.Row row(Figures.OfUser user) {
    String since =
        user.waitingSince()
            .map(time -> " since " + LocalDate.ofInstant(time, ZoneOffset.UTC))
            .orElse("");
    return new Charts.Row(user.user().value(), user.waiting(), number(user.waiting()) + since);
  }

  private String memberships() {
    String title = "Group members over time";
    if (figures.groups().isEmpty()) {
      return figure(title, "There is no group.", "");
    }
    List<Figures.OfGroup> bySize =
        figures.groups().stream()
            .sorted(
                Comparator.comparingLong(ReportCharts::mostMembers)
                    .reversed()
                    .thenComparing(Figures.OfGroup::madeAt))
            .toList();
    var drawn = new StringBuilder();
    bySize.stream().limit(GROUPS_MAX).map(this::steps).forEach(drawn::append);
    if (bySize.size() > GROUPS_MAX) {
      List<Figures.OfGroup> rest = bySize.subList(GROUPS_MAX, bySize.size());
      long members = rest.stream().mapToLong(Figures.OfGroup::members).sum();
      drawn.append(
          element(
              "p",
              "%s more groups with %s memberships in all are not drawn."
                  .formatted(number(rest.size()), number(members))));
    }
    List<List<String>> rows =
        bySize.stream().limit(GROUPS_MAX).flatMap(ReportCharts::memberRows).toList();
    return figure(
        title,
        ("From %s to %s, the largest groups first. A group's name is secret: the server knows only"
                + " its number.")
            .formatted(
                figures.overview().from().map(Moment::words).orElse("?"),
                figures.overview().to().map(Moment::words).orElse("?")),
        "<p class=\"axis\">members, over time</p>\n"
            + drawn
            + Html.foldedTable(List.of("Group", "From day", "Members"), rows));
  }

  private static long mostMembers(Figures.OfGroup group) {
    return group.counts().stream().mapToLong(Figures.MemberCount::members).max().orElse(0);
  }

  private String steps(Figures.OfGroup group) {
    LocalDate first = day(figures.overview().from().orElseThrow().toEpochMilli());
    LocalDate last = day(figures.overview().to().orElseThrow().toEpochMilli());
    double days = ChronoUnit.DAYS.between(first, last) + 1;
    List<Charts.Step> steps =
        group.counts().stream()
            .map(
                count ->
                    new Charts.Step(
                        ChronoUnit.DAYS.between(first, count.day()) / days, count.members()))
            .toList();
    return Charts.steps(
        "Group " + Words.brief(group.group().value()),
        "%s at the end, %s at most".formatted(number(group.members()), number(mostMembers(group))),
        steps);
  }

  private static LocalDate day(long millis) {
    return Moment.dayOf(millis);
  }

  private static Stream<List<String>> memberRows(Figures.OfGroup group) {
    return group.counts().stream()
        .map(
            count ->
                List.of(
                    group.group().value(), count.day().toString(), number(count.members())));
  }
}
