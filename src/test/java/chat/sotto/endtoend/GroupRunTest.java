package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.GroupInfo;
import chat.sotto.client.GroupLine;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever five people do in groups, some of them with two devices, and whatever happens to
 * connections, clients and server: all show the same, nobody shows what is not for them, and
 * nothing that was written is lost.
 */
class GroupRunTest {
  private static final int PEOPLE = 5;
  private static final int STEPS = 500;
  private static final int SERVER_RESTARTS = 2;

  @TempDir Path folder;
  private GroupCrowd crowd;

  @Test
  void everybodyShowsTheSame() throws Exception {
    long seed = Long.getLong("sotto.seed", System.nanoTime());
    try (var server = new RunningServer(folder.resolve("data"));
        var people = new GroupCrowd(new Random(seed), server::url, folder, PEOPLE)) {
      crowd = people;
      try {
        run(server);
      } catch (Throwable failure) {
        throw new AssertionError("seed " + seed + "\n" + new GroupStory(people), failure);
      }
    }
  }

  private void run(RunningServer server) throws Exception {
    for (int step = 1; step <= STEPS; step++) {
      crowd.step();
      if (step % (STEPS / SERVER_RESTARTS) == 0) {
        server.restart();
      }
    }
    crowd.settle();
    check();
  }

  private void check() {
    var texts = new HashSet<String>();
    for (GroupId group : crowd.groups()) {
      TreeMap<Long, GroupLine> log = log(group);
      for (Person person : crowd.people()) {
        checkAlarm(person, group);
        checkLines(person, group, log);
      }
      log.values().stream()
          .filter(line -> line.state() != GroupLine.State.NOTICE)
          .forEach(line -> assertTrue(texts.add(line.text()), "twice: " + line.text()));
    }
    for (Map.Entry<Bytes, String> text : crowd.written.entrySet()) {
      boolean isRefused = crowd.refused.contains(text.getKey());
      assertEquals(!isRefused, texts.contains(text.getValue()), text.getValue());
    }
    assertTrue(texts.size() > STEPS / 5, "only " + texts.size() + " texts");
  }

  private static void checkAlarm(Person person, GroupId group) {
    Optional<GroupInfo> info = person.client.groups().find(group);
    assertEquals(Optional.empty(), info.flatMap(GroupInfo::alarm), person.name.value());
  }

  /** All lines that anybody shows; where two show one, they show the same. */
  private TreeMap<Long, GroupLine> log(GroupId group) {
    var log = new TreeMap<Long, GroupLine>();
    for (Person person : crowd.people()) {
      long last = 0;
      for (GroupLine line : person.client.groups().lines(group)) {
        assertTrue(line.sequenceNr() > last, person.name + " shows lines out of order");
        last = line.sequenceNr();
        assertTrue(isReadable(line), person.name + " cannot read " + line + line.text());
        GroupLine other = log.putIfAbsent(line.sequenceNr(), line);
        if (other != null) {
          assertEquals(other.from(), line.from());
          assertEquals(other.id(), line.id());
          assertEquals(plain(other), plain(line));
        }
      }
    }
    return log;
  }

  private static boolean isReadable(GroupLine line) {
    return line.state() == GroupLine.State.SENT
        || line.state() == GroupLine.State.RECEIVED
        || line.state() == GroupLine.State.NOTICE;
  }

  /** Who comes in the middle does not know that a name is a new one. */
  private static String plain(GroupLine line) {
    return line.text().replaceAll("(; )?[^;]* named the group .*", "");
  }

  /**
   * A person shows exactly the posts from its confirmation to its end; on a device that came later,
   * from the first line on that it shows; and on one that was away for a whole membership, while
   * another device of the person was there, from the newest membership on.
   */
  private void checkLines(Person person, GroupId group, TreeMap<Long, GroupLine> log) {
    Map<Long, String> shown = new HashMap<>();
    for (GroupLine line : person.client.groups().lines(group)) {
      shown.put(line.sequenceNr(), line.text());
    }
    long first = crowd.isLate(person) ? firstOf(shown) : 0;
    String name = person.name.value();
    boolean isMember = false;
    boolean isAway = crowd.hasSeveral(person);
    var missing = new ArrayList<String>();
    var missingNow = new ArrayList<String>();
    var tooMuch = new ArrayList<String>();
    for (GroupLine line : log.values()) {
      if (line.state() != GroupLine.State.NOTICE) {
        boolean isShown = shown.containsKey(line.sequenceNr());
        boolean isForIt = isMember && line.sequenceNr() >= first;
        isAway &= !isShown;
        (isForIt ? missingNow : tooMuch)
            .addAll(isShown == isForIt ? List.of() : List.of(line.text()));
      } else {
        if (isInvited(name, notices(line))) {
          missing.addAll(isAway ? List.of() : missingNow);
          missingNow.clear();
          isAway = crowd.hasSeveral(person);
        }
        isMember = isMemberAfter(isMember, name, notices(line));
      }
    }
    missing.addAll(missingNow);
    assertEquals(List.of(), missing, person.name + " lacks posts");
    assertEquals(List.of(), tooMuch, person.name + " shows what it may not");
  }

  private static long firstOf(Map<Long, String> shown) {
    return shown.keySet().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }

  private static Set<String> notices(GroupLine line) {
    return Set.of(line.text().split("; "));
  }

  private static boolean isInvited(String name, Set<String> notices) {
    return notices.stream().anyMatch(notice -> notice.endsWith(" invited " + name));
  }

  private static boolean isMemberAfter(boolean before, String name, Set<String> notices) {
    boolean comes =
        notices.contains(name + " joined") || notices.contains(name + " created the group");
    boolean goes =
        notices.contains(name + " left")
            || notices.stream().anyMatch(notice -> notice.endsWith(" removed " + name));
    return comes || before && !goes;
  }
}
