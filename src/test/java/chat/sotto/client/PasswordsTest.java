package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.model.UserName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private static final UserName USER = new UserName("alice");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "ninechars", "Alice in wonderland", "ALICE-loves-bob", "password123", "Password 123",
        "1234567890", "ｐassword123", "q-w-e-r-t-y-u-i-o-p"
      })
  void refusesWhatIsShortNamesTheUserOrIsCommon(String weak) {
    assertThrows(
        IllegalArgumentException.class, () -> Passwords.requireStrong(weak, USER), weak);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ten chars!", "staple battery horse", "жёлтый дом"})
  void acceptsTenCharactersThatAreNotCommon(String strong) {
    assertDoesNotThrow(() -> Passwords.requireStrong(strong, USER));
  }

  @Test
  void countsCodePointsAfterNormalising() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Passwords.requireStrong("\ud83d\ude00".repeat(9), USER));
    assertDoesNotThrow(() -> Passwords.requireStrong("\ud83d\ude00".repeat(10), USER));
    assertThrows(
        IllegalArgumentException.class,
        () -> Passwords.requireStrong("e\u0301e\u0301e\u0301e\u0301e\u0301", USER));
  }
}
