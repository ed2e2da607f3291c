package chat.sotto.audit;

import static chat.sotto.audit.Html.number;
import static chat.sotto.audit.Html.share;
import static chat.sotto.audit.Html.text;

import java.util.List;

/**
 * Charts as SVG without script: widths are shares of the page's, so that letters keep their size on
 * a phone and on paper.
 */
final class Charts {
  private static final int PLOT_HEIGHT = 180;
  private static final int AXIS_HEIGHT = 24;
  private static final int ROW_HEIGHT = 40;
  private static final int STEPS_HEIGHT = 64;

  private Charts() {}

  /** Of two kinds, one upon the other. */
  record Column(String label, long lower, long upper) {
    long sum() {
      return lower + upper;
    }
  }

  record Row(String label, long value, String words) {}

  /** A value that holds until the next one. @param at 0 to 1, from left to right */
  record Step(double at, long value) {}

  /** @param style class that gives its colour */
  record Part(String label, long value, String style) {}

  /**
   * Columns from left to right.
   *
   * @param summary what there is to see, in a sentence
   * @param axis what is counted
   */
  static String columns(String summary, String axis, List<Column> columns) {
    long top = roundedUp(columns.stream().mapToLong(Column::sum).max().orElse(0));
    var drawn = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      double left = (i + 0.12) / columns.size();
      double width = 0.76 / columns.size();
      // Whole pixels for both together: no seam between them.
      long lower = Math.round(PLOT_HEIGHT * (double) column.lower() / top);
      long both = Math.round(PLOT_HEIGHT * (double) column.sum() / top);
      drawn.append(box("first", left, PLOT_HEIGHT - lower, width, lower));
      drawn.append(box("second", left, PLOT_HEIGHT - both, width, both - lower));
    }
    String first = columns.get(0).label();
    String last = columns.get(columns.size() - 1).label();
    return "<p class=\"axis\">"
        + text(axis)
        + "</p>\n<div class=\"plot\">"
        + scale(top)
        + image(summary, PLOT_HEIGHT + AXIS_HEIGHT, grid() + drawn + ends(first, last))
        + "</div>\n";
  }

  private static String scale(long top) {
    String labels = label(10, top) + label(PLOT_HEIGHT / 2 + 4, top / 2) + label(PLOT_HEIGHT, 0);
    return "<svg class=\"scale\" aria-hidden=\"true\" height=\"%d\">%s</svg>"
        .formatted(PLOT_HEIGHT + AXIS_HEIGHT, labels);
  }

  private static String label(int y, long value) {
    return "<text x=\"100%%\" y=\"%d\" text-anchor=\"end\">%s</text>".formatted(y, number(value));
  }

  private static String grid() {
    return line(0.5) + line(PLOT_HEIGHT / 2.0) + line(PLOT_HEIGHT);
  }

  private static String line(double y) {
    return "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%s\" y2=\"%s\"/>".formatted(y, y);
  }

  private static String ends(String first, String last) {
    String end =
        "<text x=\"100%%\" y=\"%d\" text-anchor=\"end\">%s</text>"
            .formatted(PLOT_HEIGHT + 18, text(last));
    return "<text x=\"0\" y=\"%d\">%s</text>".formatted(PLOT_HEIGHT + 18, text(first)) + end;
  }

  private static String box(String style, double left, long y, double width, long height) {
    return height <= 0
        ? ""
        : "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
            .formatted(style, share(left), y, share(width), height);
  }

  /** Bars one below the other, each with its name above it. */
  static String rows(String summary, String axis, List<Row> rows) {
    long top = Math.max(rows.stream().mapToLong(Row::value).max().orElse(0), 1);
    var drawn = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      int y = i * ROW_HEIGHT;
      drawn.append("<text x=\"0\" y=\"%d\">%s</text>".formatted(y + 14, text(row.label())));
      drawn.append(
          "<text class=\"value\" x=\"100%%\" y=\"%d\" text-anchor=\"end\">%s</text>"
              .formatted(y + 14, text(row.words())));
      drawn.append(box("ground", 0, y + 20, 1, 10));
      drawn.append(box("first", 0, y + 20, (double) row.value() / top, 10));
    }
    return "<p class=\"axis\">"
        + text(axis)
        + "</p>\n"
        + image(summary, rows.size() * ROW_HEIGHT, drawn.toString());
  }

  /** How a value changed, under a name. */
  static String steps(String name, String value, List<Step> steps) {
    long top = Math.max(steps.stream().mapToLong(Step::value).max().orElse(0), 1);
    var drawn = new StringBuilder();
    int plot = STEPS_HEIGHT - 22;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      double end = i + 1 < steps.size() ? steps.get(i + 1).at() : 1;
      long height = Math.round(plot * (double) step.value() / top);
      drawn.append(box("first", step.at(), STEPS_HEIGHT - height, end - step.at(), height));
    }
    String labels =
        "<text x=\"0\" y=\"14\">%s</text>".formatted(text(name))
            + "<text class=\"value\" x=\"100%%\" y=\"14\" text-anchor=\"end\">%s</text>"
                .formatted(text(value));
    String ground =
        "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>"
            .formatted(STEPS_HEIGHT, STEPS_HEIGHT);
    return image(name + ": " + value, STEPS_HEIGHT + 2, labels + drawn + ground);
  }

  /** One whole in its parts. */
  static String whole(String summary, List<Part> parts) {
    long sum = Math.max(parts.stream().mapToLong(Part::value).sum(), 1);
    var drawn = new StringBuilder();
    var legend = new StringBuilder();
    double left = 0;
    for (Part part : parts) {
      double width = (double) part.value() / sum;
      drawn.append(width > 0 ? box(part.style(), left, 0, width, 28) : "");
      left += width;
      legend.append(
          "<li><svg class=\"key\" aria-hidden=\"true\"><rect class=\"%s\" width=\"14\""
                  .formatted(part.style())
              + " height=\"14\"/></svg> %s: %s (%s)</li>\n"
                  .formatted(text(part.label()), number(part.value()), Html.percent(width)));
    }
    return image(summary, 28, drawn.toString()) + "<ul class=\"legend\">\n" + legend + "</ul>\n";
  }

  private static String image(String summary, int height, String drawn) {
    return ("<svg class=\"chart\" role=\"img\" aria-label=\"%s\" width=\"100%%\" height=\"%d\">"
            + "%s</svg>")
        .formatted(text(summary), height, drawn);
  }

  /** The next of 2, 4, 6, 8, 10, 20, 30, … 100, 200, … : each has a half. */
  static long roundedUp(long value) {
    long step = 2;
    for (long tens = 10; tens <= value; tens *= 10) {
      step = tens;
    }
    return Math.max((value + step - 1) / step, 1) * step;
  }
}
