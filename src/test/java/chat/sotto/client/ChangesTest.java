package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What counts of many changes, whatever the order in which they come. */
class ChangesTest {
  private static final UserName ALICE = new UserName("alice");
  private static final UserName BOB = new UserName("bob");
  private static final MessageRef MESSAGE = new MessageRef(ALICE, id(1));

  private static Bytes id(int last) {
    var bytes = new byte[16];
    bytes[15] = (byte) last;
    return Bytes.of(bytes);
  }

  private static UnaryOperator<Changes> edit(long nr, int id, String text) {
    return changes -> changes.with(id(id), new Content.Edit(id(1), nr, text));
  }

  private static UnaryOperator<Changes> react(UserName by, long nr, int id, String emoji) {
    Optional<String> shown = Optional.of(emoji).filter(one -> !one.isEmpty());
    return changes -> changes.with(by, id(id), new Content.Reaction(MESSAGE, nr, shown));
  }

  private static final List<UnaryOperator<Changes>> MANY =
      List.of(
          edit(1, 9, "first"),
          edit(2, 3, "second"),
          edit(2, 4, "second, of a higher id"),
          edit(1, 200, "first, of the highest id"),
          react(ALICE, 1, 10, "👍"),
          react(ALICE, 2, 11, ""),
          react(BOB, 1, 12, "👎"),
          react(BOB, 3, 200, "🎉"),
          react(BOB, 3, 13, "💥"));

  private static Changes shuffled(List<UnaryOperator<Changes>> all, Random random) {
    var order = new ArrayList<UnaryOperator<Changes>>(all);
    order.addAll(all.subList(0, 3));
    Collections.shuffle(order, random);
    Changes changes = Changes.NONE;
    for (UnaryOperator<Changes> each : order) {
      changes = each.apply(changes);
    }
    return changes;
  }

  @Test
  void theHighestNumberCountsAndOfOneNumberTheHigherId() {
    var random = new Random(8);
    for (int round = 0; round < 200; round++) {
      Changes changes = shuffled(MANY, random);
      assertEquals("second, of a higher id", changes.edit().orElseThrow().text());
      // Bytes are not signed: 200 is above 13.
      assertEquals(Map.of(BOB, "🎉"), changes.shown());
      assertFalse(changes.deleted());
      assertEquals(3, changes.nextEdit());
      assertEquals(3, changes.nextReaction(ALICE));
      assertEquals(4, changes.nextReaction(BOB));
    }
  }

  @Test
  void aDeleteIsFinalWheneverItComes() {
    var all = new ArrayList<UnaryOperator<Changes>>(MANY);
    all.add(Changes::withDelete);
    var random = new Random(8);
    for (int round = 0; round < 200; round++) {
      Changes changes = shuffled(all, random);
      assertTrue(changes.deleted());
      assertEquals(Optional.empty(), changes.edit());
      assertEquals(List.of(), changes.reactions());
    }
  }

  @Test
  void whatDoesNotCountChangesNothing() {
    Changes changes = edit(2, 5, "second").apply(Changes.NONE);
    assertSame(changes, edit(1, 9, "first").apply(changes));
    assertSame(changes, edit(2, 5, "second").apply(changes));
  }

  @Test
  void numbersDoNotRiseForEver() {
    assertEquals(Content.NR_MAX, edit(Content.NR_MAX, 5, "x").apply(Changes.NONE).nextEdit());
  }
}
