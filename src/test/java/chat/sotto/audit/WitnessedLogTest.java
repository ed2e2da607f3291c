package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A device's points in a log that went on from a copy: entries 1 to 3, then 4 of generation 2. */
class WitnessedLogTest {
  private static final UserName BOB = new UserName("bob");
  private static final long COPIED_AT = 5_000;
  private static final long SAVED_AT = 9_000;

  private static final Restored RESTART =
      Restored.sign(
          Ed25519.generate(new SecureRandom()),
          "chat.example.org",
          LogPoint.INBOX,
          BOB.value(),
          2,
          new Point(3, hash(3)),
          20_000,
          COPIED_AT);

  private static Bytes hash(int number) {
    byte[] hash = new byte[32];
    hash[0] = (byte) number;
    return Bytes.of(hash);
  }

  private static LogPoint point(long generation, long number, Bytes hash) {
    return new LogPoint(LogPoint.INBOX, BOB.value(), generation, number, hash);
  }

  private static List<Finding> judged(long savedAt, LogPoint... points) {
    var log = new WitnessedLog(UserState.entity(BOB));
    List.of(points).forEach(log::name);
    for (int number = 1; number <= 3; number++) {
      see(log, accepted(number));
    }
    see(log, UserEvent.Restored.of(RESTART));
    see(log, accepted(5));
    var findings = new Findings();
    log.judge(findings, savedAt);
    return findings.sorted();
  }

  private static void see(WitnessedLog log, UserEvent event) {
    log.saw(BOB, null, event, UserState.empty(BOB));
  }

  private static UserEvent accepted(int number) {
    return new UserEvent.Accepted(
        number * 1_000L,
        number,
        Entry.MESSAGE,
        new UserName("alice"),
        new DeviceId("0".repeat(32)),
        number,
        Bytes.of(new byte[16]),
        1,
        List.of(),
        100_000,
        hash(number));
  }

  @Test
  void pointsOfBothGenerationsAreThere() {
    assertEquals(
        List.of(),
        judged(
            SAVED_AT,
            point(1, 0, Statements.inboxStart(BOB, 1)),
            point(1, 2, hash(2)),
            point(1, 3, hash(3)),
            point(2, 4, RESTART.hash()),
            point(2, 5, hash(5))));
  }

  @Test
  void whatTheRestoreLostIsSaidWithTheTimeOfTheCopy() {
    Finding lost = judged(SAVED_AT, point(1, 4, hash(4))).get(0);
    assertEquals(Finding.Code.HISTORY_SHORTENED, lost.code());
    assertTrue(lost.found().contains("ends at entry 3"), lost.found());
    assertTrue(lost.found().contains("from a copy of 1970-01-01T00:00:05Z"), lost.found());
    assertFalse(lost.found().contains("made after"), lost.found());
  }

  @Test
  void copyThatShouldHaveHeldItIsSaidToo() {
    Finding lost = judged(COPIED_AT - 1, point(1, 4, hash(4))).get(0);
    assertTrue(lost.found().contains("made after the device had seen it"), lost.found());
  }

  @Test
  void otherHashesGenerationsAndNumbersAreFound() {
    for (LogPoint changed :
        List.of(
            point(1, 2, hash(9)),
            point(1, 0, hash(0)),
            point(2, 4, hash(4)),
            point(2, 3, hash(3)))) {
      assertEquals(
          List.of(Finding.Code.HISTORY_CHANGED),
          judged(SAVED_AT, changed).stream().map(Finding::code).toList());
    }
    for (LogPoint beyond : List.of(point(2, 6, hash(6)), point(3, 5, hash(5)))) {
      Finding finding = judged(SAVED_AT, beyond).get(0);
      assertEquals(Finding.Code.HISTORY_SHORTENED, finding.code());
      assertTrue(finding.found().contains("ends at entry 5"), finding.found());
    }
  }
}
