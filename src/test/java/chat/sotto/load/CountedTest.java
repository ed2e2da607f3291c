package chat.sotto.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame;
import java.util.List;
import java.util.Optional;
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
  void whatWasNeverAcceptedOrNeverCameDoesNotHold() {
    var unanswered = new Figures();
    unanswered.addNone("unanswered", "never accepted", 1);
    assertFalse(unanswered.holds());
    var lost = new Figures();
    lost.addLosses(1, 0);
    assertFalse(lost.holds());
    var good = new Figures();
    good.addNone("unanswered", "never accepted", 0);
    good.addLosses(0, 0);
    assertTrue(good.holds());
  }

  @Test
  void aHeadBehindOrBesideWhatWasPushedIsNoContinuation() {
    var taken = new Point(5, Bytes.of(new byte[32]));
    byte[] other = new byte[32];
    other[0] = 1;
    assertTrue(Line.covers(taken, taken));
    assertTrue(Line.covers(new Point(6, Bytes.of(other)), taken));
    assertFalse(Line.covers(new Point(4, taken.hash()), taken));
    assertFalse(Line.covers(new Point(5, Bytes.of(other)), taken));
  }

  @Test
  void growthThatCouldNotBeReadIsSaidToBeUnknown() {
    var figures = new Figures();
    Soak.tellGrowth(figures, "files", "open files", List.of(), 8);
    assertEquals("could not be read: not judged", figures.values().get("files"));
    assertTrue(figures.holds());
    Soak.tellGrowth(figures, "threads", "threads", List.of(10.0, 10.0, 30.0, 30.0), 8);
    assertFalse(figures.holds());
  }

  @Test
  void aPostComesWithTheBytesThatItsDigestNames() {
    var body = Bytes.of(new byte[] {1, 2, 3});
    assertTrue(Line.hasOwnBody(post(body, Optional.of(body))));
    assertFalse(Line.hasOwnBody(post(body, Optional.of(Bytes.of(new byte[] {1, 2, 4})))));
    assertFalse(Line.hasOwnBody(post(body, Optional.empty())));
  }

  private static ServerFrame.GroupEntryPush post(Bytes said, Optional<Bytes> given) {
    var group = new GroupId("0".repeat(32));
    var head = GroupStatements.start(group);
    var digest = Bytes.of(Hash.sha256(said.toArray()));
    return new ServerFrame.GroupEntryPush(
        1,
        group,
        1,
        1,
        1,
        new UserName("somebody"),
        new DeviceId("0".repeat(32)),
        Bytes.of(new byte[16]),
        new GroupContent.Post(0, 1, head, digest, GroupStatements.unsigned()),
        head.hash(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        given);
  }

  @Test
  void aBodySaysWhoseItIsAndWhenItWasDue() {
    var stamp = new Stamp(7, 1 << 20, Long.MAX_VALUE - 1);
    assertEquals(stamp, Stamp.of(stamp.body(Stamp.BYTES, new SplittableRandom())));
    assertEquals(300, stamp.body(300, new SplittableRandom()).size());
  }
}
