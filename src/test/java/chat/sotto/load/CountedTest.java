package chat.sotto.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a run's verdict rests on. */
class CountedTest {
  @Test
  void whatNeverCameIsMissingInWhateverOrderTheOthersCome() {
    var counted = new Counted();
    for (int nr : new int[] {4, 0, 2}) {
      assertTrue(counted.add(nr));
    }
    assertEquals(2, counted.missing(5));
    assertEquals(3, counted.missing(6));
    assertEquals(0, counted.doubled());
  }

  @Test
  void whatComesTwiceIsDoubledAndDoesNotMakeUpForWhatIsMissing() {
    var counted = new Counted();
    counted.add(0);
    assertFalse(counted.add(0));
    assertEquals(1, counted.doubled());
    assertEquals(1, counted.missing(2));
    assertEquals(1, counted.count());
  }

  @Test
  void aBodySaysWhoseItIsAndWhenItWasDue() {
    var stamp = new Stamp(7, 1 << 20, Long.MAX_VALUE - 1);
    assertEquals(stamp, Stamp.of(stamp.body(Stamp.BYTES, new SplittableRandom())));
    assertEquals(300, stamp.body(300, new SplittableRandom()).size());
  }
}
