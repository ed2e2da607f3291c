package chat.sotto.edge;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script without its comments, its indentation and its empty lines. Every token and every end of
 * a line stays where it stood among the others, so that it does what it did (ECMA-262, §12).
 *
 * <p>Whether a slash divides or begins a regular expression depends on grammar that is not read
 * here. What stands before it tells nearly always; and a space must follow the one, and never the
 * other. A script that is written in another way is refused, not guessed at.
 */
final class BareScript {
  private static final Pattern BETWEEN =
      Pattern.compile(
          "[ \\t\\r\\n]++|//[^\\r\\n\\u2028\\u2029]*+|/\\*[^*]*+(?:\\*(?!/)[^*]*+)*+\\*/");
  private static final Pattern BRACE = Pattern.compile("[{}]");
  private static final Pattern PLAIN = Pattern.compile("[^\\s'\"/`{}]++");
  private static final Pattern STRING =
      Pattern.compile("(['\"])(?:(?!\\1)[^\\\\\\n]|\\\\[\\s\\S])*+\\1");
  private static final Pattern TEMPLATE =
      Pattern.compile("[`}][^`\\\\$]*+(?:(?:\\\\[\\s\\S]|\\$(?!\\{))[^`\\\\$]*+)*+(?:`|\\$\\{)");
  private static final Pattern REGEX =
      Pattern.compile("/(?! )(?:[^/\\\\\\[\\n]|\\\\.|\\[(?:[^]\\\\\\n]|\\\\.)*+])++/\\w*");
  private static final Pattern DIVISION = Pattern.compile("/=? ");

  private static final Set<String> WORDS_BEFORE_VALUES =
      Set.of("await", "case", "delete", "do", "else", "in", "instanceof", "new", "of", "return",
          "throw", "typeof", "void", "yield");
  private static final Pattern LAST_WORD = Pattern.compile("[\\w$#\\x{80}-\\x{10FFFF}]++$");
  private static final String VALUE_ENDS = ")]}'\"`";

  private final String script;
  private final Matcher found;
  private final StringBuilder bare = new StringBuilder();

  /** Of each brace that is open, whether a template goes on behind it. */
  private final Deque<Boolean> braces = new ArrayDeque<>();

  private int place;
  private String last = "";

  private BareScript(String script) {
    this.script = script;
    this.found = BETWEEN.matcher(script);
  }

  /** @throws IllegalArgumentException for a script that is not as it must be here */
  static String of(String script) {
    var reading = new BareScript(script);
    while (reading.place < script.length()) {
      reading.skipBetween();
      if (reading.place < script.length()) {
        reading.takeNext();
      }
    }
    return reading.bare.toString();
  }

  private void takeNext() {
    switch (script.charAt(place)) {
      case '\'', '"' -> take(STRING);
      case '/' -> take(isAfterValue() ? DIVISION : REGEX);
      case '`' -> takeTemplate();
      case '{' -> {
        braces.push(false);
        take(BRACE);
      }
      case '}' -> {
        if (Boolean.TRUE.equals(braces.poll())) {
          takeTemplate();
        } else {
          take(BRACE);
        }
      }
      default -> take(PLAIN);
    }
  }

  /** Of all that stands between two tokens, an end of a line or a space is left. */
  private void skipBetween() {
    int begin = place;
    while (isNext(BETWEEN)) {
      place = found.end();
    }
    if (begin > 0 && begin < place && place < script.length()) {
      bare.append(script.substring(begin, place).contains("\n") ? "\n" : " ");
    }
  }

  private void takeTemplate() {
    take(TEMPLATE);
    if (last.endsWith("{")) {
      braces.push(true);
    }
  }

  private void take(Pattern form) {
    if (!isNext(form)) {
      throw new IllegalArgumentException(
          "not read: " + script.substring(place).lines().findFirst().orElseThrow());
    }
    last = found.group();
    bare.append(last);
    place = found.end();
  }

  private boolean isNext(Pattern form) {
    return found.usePattern(form).region(place, script.length()).lookingAt();
  }

  private boolean isAfterValue() {
    Matcher word = LAST_WORD.matcher(last);
    return word.find()
        ? !WORDS_BEFORE_VALUES.contains(word.group())
        : !last.isEmpty() && VALUE_ENDS.indexOf(last.charAt(last.length() - 1)) >= 0;
  }
}
