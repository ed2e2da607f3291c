package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rules of axe-core for pages that everybody can use, put to a page as it stands. */
final class Axe {
  private static final String SCRIPT = script();

  /** Each as impact, rule and place, so that a failed test says what to look at. */
  private static final String RUN = """
      rules => axe.run({
        resultTypes: ['violations'],
        ...(rules.length ? { runOnly: { type: 'rule', values: rules } } : {}),
      }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, impact, nodes }) => nodes.map(node =>
          `${impact} ${id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.html}`)))""";

  private Axe() {}

  private static String script() {
    try (var stream = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is serious or critical. @param rules those to ask for, all if there are none */
  static List<?> faults(Page page, String... rules) {
    if (page.evaluate("typeof axe").equals("undefined")) page.evaluate(SCRIPT);
    return (List<?>) page.evaluate(RUN, List.of(rules));
  }

  static void assertNoFaults(Page page, String state, String... rules) {
    assertEquals(List.of(), faults(page, rules), state);
  }
}
