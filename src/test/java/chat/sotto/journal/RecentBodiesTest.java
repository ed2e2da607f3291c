package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentBodiesTest {
  private static final long LATER = 1_000;

  /** Room for three of 750 bytes with what goes beside them. */
  private final RecentBodies recent = new RecentBodies(3_000);

  private void put(String id) {
    recent.onPut(id, new byte[750], LATER);
  }

  private boolean has(String id) {
    return recent.get(id).isPresent();
  }

  @Test
  void theOldestGoWhenThereIsNoMoreRoom() {
    List.of("a", "b", "c", "d").forEach(this::put);

    assertEquals(Optional.empty(), recent.get("a"));
    assertTrue(has("b") && has("c") && has("d"));
  }

  @Test
  void whatWasDeletedLeavesItsRoom() {
    List.of("a", "b", "c").forEach(this::put);

    recent.onDeleted(List.of("b", "none"));
    put("d");

    assertEquals(Optional.empty(), recent.get("b"));
    assertTrue(has("a") && has("c") && has("d"));
  }

  @Test
  void whatIsPutAgainTakesThePlaceOfTheFormer() {
    List.of("a", "b", "c").forEach(this::put);

    recent.onPut("a", new byte[] {1}, LATER);

    assertArrayEquals(new byte[] {1}, recent.get("a").orElseThrow());
    assertTrue(has("b") && has("c"));
  }

  @Test
  void whatIsOverIsGoneAndLeavesItsRoom() {
    recent.onPut("over", new byte[750], LATER);
    recent.onPut("lives", new byte[750], LATER + 1);

    recent.onExpired(LATER);
    List.of("a", "b").forEach(this::put);

    assertEquals(Optional.empty(), recent.get("over"));
    assertTrue(has("lives") && has("a") && has("b"));
  }

  @Test
  void whatHasNoRoomAloneIsNotKept() {
    put("a");

    recent.onPut("large", new byte[5_000], LATER);

    assertEquals(Optional.empty(), recent.get("large"));
  }

  @Test
  void afterManyWereDeletedNothingIsKnown() {
    put("a");

    recent.onManyDeleted();

    assertEquals(Optional.empty(), recent.get("a"));
  }
}
