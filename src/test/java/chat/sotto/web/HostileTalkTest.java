package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hostile text from one person to another, through both browsers and a real server. */
class HostileTalkTest extends RealServerTest {
  private static final int EVERY = 12;
  private static final String TRACES = """
      () => [typeof window.__pwned, document.scripts.length,
        %s + document.querySelectorAll('iframe, object, embed, base, img').length]"""
      .formatted(HostileTextTest.FOREIGN);

  @Test
  void whatIsTypedArrivesAsItIsAndLeavesNoTrace() throws IOException {
    talk();
    var texts = sample();
    texts.forEach(alice::write);
    alice.waitUntilDelivered();
    bob.open(alice.name);
    assertThat(bob.messages().last()).containsText(texts.get(texts.size() - 1),
        new LocatorAssertions.ContainsTextOptions().setTimeout(Person.PATIENCE_MS));
    for (var person : List.of(alice, bob)) {
      var shown = person.texts().allTextContents();
      assertEquals(texts.subList(texts.size() - shown.size(), texts.size()).stream()
          .map(HostileTextTest::shown).toList(), shown);
      assertEquals(List.of("undefined", 2, 0), person.page.evaluate(TRACES));
    }
  }

  /** A part of all texts, of those that the protocol carries as they are (§7.4). */
  private static List<String> sample() throws IOException {
    var all = HostileTextTest.texts().stream()
        .filter(text -> !text.isBlank() && text.chars().allMatch(HostileTalkTest::travels))
        .toList();
    return IntStream.range(0, all.size()).filter(i -> i % EVERY == 0).mapToObj(all::get).toList();
  }

  private static boolean travels(int character) {
    return character >= ' ' || character == '\t' || character == '\n';
  }
}
