package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadsTest {
  private final Heads heads = new Heads();

  private void append(String entity) {
    heads.onAppended(entity, 1, TestDatabase.rows(HashChain.start(entity), "a").get(0));
  }

  @Test
  void oneMoreThanItsBoundLeavesOutWhatWasUsedLongestAgo() {
    for (int i = 0; i < Heads.MAX; i++) {
      append("User|" + i);
    }
    assertTrue(heads.find("User|0").isPresent());

    append("User|one more");

    assertEquals(Optional.empty(), heads.find("User|1"));
    assertTrue(heads.find("User|0").isPresent());
    assertTrue(heads.find("User|one more").isPresent());
  }
}
