package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import chat.sotto.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What was said, and what everybody was told of it. The texts of a lane are numbered, so whoever
 * reads it must be shown 1, 2, 3 and so on: a text that is lost, comes twice, overtakes another or
 * was never said breaks that at once.
 */
final class Ledger {
  private static final long PATIENCE_SECONDS = 180;

  private final Map<String, Lane> lanes = new TreeMap<>();
  private final Map<Long, String> groupLog = new TreeMap<>();
  private final Map<String, Long> groupHeads = new TreeMap<>();
  private final List<String> complaints = new ArrayList<>();
  private final Map<ErrorCode, Integer> delays = new EnumMap<>(ErrorCode.class);

  /** How far one sender's texts to one person or to the group have come. */
  private static final class Lane {
    final Map<String, Integer> shown = new TreeMap<>();
    int said;
    int accepted;
  }

  /** @param owed what a sender was told to be safe, and its readers have not been shown */
  record Count(int said, int accepted, int owed) {}

  /** Everybody who reads it is to be shown everything that is said in it. */
  synchronized void open(String lane, List<String> readers) {
    var opened = new Lane();
    readers.forEach(reader -> opened.shown.put(reader, 0));
    lanes.put(lane, opened);
  }

  /** The next text of a lane. */
  synchronized String next(String lane) {
    return text(lane, ++lanes.get(lane).said);
  }

  private static String text(String lane, int nr) {
    return lane + " " + nr;
  }

  /** Waits until less than so many texts of a lane are not confirmed. */
  synchronized void awaitRoom(String lane, int waitingMax) throws InterruptedException {
    Lane known = lanes.get(lane);
    while (known.said - known.accepted >= waitingMax) {
      wait();
    }
  }

  /** Its sender was told that the text is on the server's disk. */
  synchronized void accepted(String lane, String text) {
    Lane known = lanes.get(lane);
    int nr = Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
    if (!text.equals(text(lane, nr)) || nr > known.said) {
      complain("\"" + text + "\" was confirmed and never said");
    }
    known.accepted = Math.max(known.accepted, nr);
    notifyAll();
  }

  synchronized void shown(String reader, String lane, String text) {
    Map<String, Integer> shown = lanes.get(lane).shown;
    int nr = shown.merge(reader, 1, Integer::sum);
    if (!text.equals(text(lane, nr))) {
      complain(reader + " is shown \"" + text + "\" in the place of number " + nr);
    }
    notifyAll();
  }

  /** A line of the group stands at one place, which is the same for everybody. */
  synchronized void placed(String reader, long sequenceNr, String text) {
    Long before = groupHeads.put(reader, sequenceNr);
    if (before != null && before >= sequenceNr) {
      complain(reader + " is shown line " + sequenceNr + " after line " + before);
    }
    String other = groupLog.putIfAbsent(sequenceNr, text);
    if (other != null && !other.equals(text)) {
      complain("line " + sequenceNr + " is \"" + text + "\" and \"" + other + "\"");
    }
  }

  /** The server does not take something now; the client tries again. */
  synchronized void delayed(ErrorCode why) {
    delays.merge(why, 1, Integer::sum);
    notifyAll();
  }

  synchronized int delays(ErrorCode why) {
    return delays.getOrDefault(why, 0);
  }

  /** Something happened that never may. */
  synchronized void complain(String what) {
    complaints.add(what);
    notifyAll();
  }

  synchronized Count count() {
    int said = 0;
    int accepted = 0;
    int owed = 0;
    for (Lane lane : lanes.values()) {
      said += lane.said;
      accepted += lane.accepted;
      for (int shown : lane.shown.values()) {
        owed += Math.max(0, lane.accepted - shown);
      }
    }
    return new Count(said, accepted, owed);
  }

  /** Waits until something holds that changes only when somebody is told of something. */
  synchronized void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertEquals(List.of(), complaints);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        fail("never: " + what + "; " + missing());
      }
      // What is waited for may be the end of a process, of which nobody is told.
      wait(Math.min(left, 50));
    }
    assertEquals(List.of(), complaints);
  }

  /** Waits until everything that was said is confirmed, and was shown to everybody. */
  void awaitAll() throws InterruptedException {
    await("everything is shown", this::isEverythingShown);
  }

  synchronized boolean isEverythingShown() {
    return missing().isEmpty();
  }

  private List<String> missing() {
    var missing = new ArrayList<String>();
    lanes.forEach(
        (name, lane) -> {
          if (lane.accepted < lane.said) {
            missing.add(name + ": " + lane.accepted + " of " + lane.said + " confirmed");
          }
          lane.shown.forEach(
              (reader, shown) -> {
                if (shown != lane.said) {
                  missing.add(
                      "%s was shown %d of %d of \"%s\", of which %d are confirmed"
                          .formatted(reader, shown, lane.said, name, lane.accepted));
                }
              });
        });
    return missing;
  }
}
