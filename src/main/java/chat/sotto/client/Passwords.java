package chat.sotto.client;

import chat.sotto.model.UserName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which passwords are refused before anything is sent (docs/protocol.md §3). */
final class Passwords {
  static final int CODE_POINTS_MIN = 10;
  private static final String COMMON = "common-passwords.txt";
  private static final Set<String> COMMON_PASSWORDS = read();

  private Passwords() {}

  /** @throws IllegalArgumentException that says why the password is too weak */
  static void requireStrong(String password, UserName user) {
    String normal = Normalizer.normalize(password, Normalizer.Form.NFKC);
    if (normal.codePointCount(0, normal.length()) < CODE_POINTS_MIN) {
      throw new IllegalArgumentException("the password needs 10 characters or more");
    }
    String folded = normal.toLowerCase(Locale.ROOT);
    if (folded.contains(user.value())) {
      throw new IllegalArgumentException("the password contains the user name");
    }
    if (COMMON_PASSWORDS.contains(folded.replaceAll("[\\s-]", ""))) {
      throw new IllegalArgumentException("the password is one that everybody tries first");
    }
  }

  private static Set<String> read() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Passwords.class.getResourceAsStream(COMMON), StandardCharsets.UTF_8))) {
      return reader.lines().collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
