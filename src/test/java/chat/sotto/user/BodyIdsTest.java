package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.model.UserName;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ids that machines with any settings find again. */
class BodyIdsTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void putBack() {
    Locale.setDefault(before);
  }

  @Test
  void anIdDoesNotDependOnTheMachinesLanguage() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    assertEquals(
        "archive/bob/0000000000000012", BodyIds.batch(new UserName("bob"), 12));
  }
}
