package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All words of the page are in words/, and its looks name no side of the screen. */
class WordsTest {
  private static final Path WEB = Path.of("src/main/resources/web");
  private static final List<String> SPEAKING = List.of("ui", "client", "state", "app.js");

  private static final Pattern NO_WORDS = Pattern.compile(
      "<noscript>.*?</noscript>|<title>Sotto</title>|<!--.*?-->", Pattern.DOTALL);
  private static final Pattern WORDS_OF_MARKUP = Pattern.compile(
      ">[^<>]*\\p{L}[^<>]*<|\\b(?:title|alt|placeholder|aria-label)=\"[^\"]+\"");

  /** A sentence, or one word that is given to an element. What a programmer reads is none. */
  private static final Pattern WORDS_OF_SCRIPT = Pattern.compile(
      "'[A-Z][a-z]+(?: [a-z][^' ]*)+'|\\bsetText\\([^,]+, ['`]\\p{L}"
          + "|(?:textContent|placeholder|title) = ['`]\\p{L}|'(?:aria-label|title)', ['`]\\p{L}");
  private static final Pattern NOT_FOR_PEOPLE =
      Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//.*$|\\b(?:console\\.\\w+|Error)\\([^)]*\\)",
          Pattern.DOTALL);

  /** Sides, and four values of which the last, for the left side, is another than the second. */
  private static final Pattern SIDES = Pattern.compile(
      "(?:^|[{;\\s-])(?:left|right)\\s*[:;]|:\\s*(?:left|right)\\b|-(?:left|right)\\b"
          + "|\\b(?:margin|padding|inset|border-width|border-style|border-color):"
          + " [^\\s;(]+ ([^\\s;(]+) [^\\s;(]+ (?!\\1[;\\s])[^\\s;(]+", Pattern.MULTILINE);

  @Test
  void markupHasNoWords() throws IOException {
    var markup = NO_WORDS.matcher(Files.readString(WEB.resolve("index.html"))).replaceAll("");
    assertEquals(List.of(), found(WORDS_OF_MARKUP, markup));
  }

  @Test
  void scriptsHaveNoWords() throws IOException {
    for (var script : files(".js")) {
      if (!SPEAKING.contains(WEB.relativize(script).getName(0).toString())) continue;
      var code = NOT_FOR_PEOPLE.matcher(Files.readString(script)).replaceAll("");
      assertEquals(List.of(), found(WORDS_OF_SCRIPT, code), script.toString());
    }
  }

  @Test
  void looksNameNoSideOfTheScreen() throws IOException {
    for (var style : files(".css")) {
      assertEquals(List.of(), found(SIDES, Files.readString(style)), style.toString());
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(WEB)) {
      return paths.filter(path -> path.toString().endsWith(ending)).sorted().toList();
    }
  }
}
