package chat.sotto.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Pieces of the report's markup. All text goes through {@link #text}: nothing that stands in a
 * journal becomes markup.
 */
final class Html {
  private Html() {}

  static String text(Object content) {
    return String.valueOf(content)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A whole number as people read it. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * part);
  }

  /** A length or place within a chart. */
  static String share(double part) {
    return String.format(Locale.ROOT, "%.3f%%", 100 * part);
  }

  /** @param name of an element without attributes */
  static String element(String name, String markup) {
    return "<" + name + ">" + markup + "</" + name + ">";
  }

  static String list(String... sentences) {
    return Arrays.stream(sentences)
        .map(sentence -> element("li", text(sentence)))
        .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>\n"));
  }

  /** What a chart shows, for those who read rather than look. */
  static String foldedTable(List<String> head, List<List<String>> rows) {
    return "<details><summary>The same as a table</summary>" + table(head, rows) + "</details>\n";
  }

  /** @param rows whose first cell names them */
  static String table(List<String> head, List<List<String>> rows) {
    String headRow =
        head.stream()
            .map(cell -> "<th scope=\"col\">" + text(cell) + "</th>")
            .collect(Collectors.joining());
    String body = rows.stream().map(Html::row).collect(Collectors.joining("\n"));
    return "<div class=\"wide\" tabindex=\"0\"><table><thead><tr>"
        + headRow
        + "</tr></thead><tbody>\n"
        + body
        + "\n</tbody></table></div>";
  }

  private static String row(List<String> cells) {
    String rest =
        cells.subList(1, cells.size()).stream()
            .map(cell -> element("td", text(cell)))
            .collect(Collectors.joining());
    return "<tr><th scope=\"row\">" + text(cells.get(0)) + "</th>" + rest + "</tr>";
  }
}
