package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.web.Chromium;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of the browser's engine with a real server. */
class BrowserGroupsTest {
  @TempDir static Path folder;
  private static RunningServer server;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    server = new RunningServer(folder.resolve("data"));
    chromium = Chromium.launch();
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    server.close();
  }

  private static BrowserPerson browser(String name) {
    return BrowserPerson.registered(name, server.url(), chromium);
  }

  /** A group of the first, in which all others have accepted. */
  private static String groupOf(BrowserPerson first, BrowserPerson... others) {
    String group = first.createGroup("Climbing");
    first.askGroup("inviteMembers", group, List.of(others).stream().map(who -> who.name).toList());
    for (BrowserPerson other : others) {
      other.awaitStatus(group, "invited");
      other.askGroup("acceptInvitation", group);
      other.awaitStatus(group, "member");
    }
    return group;
  }

  private static void assertNoAlarms(BrowserPerson... people) {
    for (BrowserPerson person : people) {
      assertEquals(List.of(), person.alarms());
    }
  }

  @Test
  void membersComeGoAndComeBack() {
    try (var alice = browser("alice");
        var bob = browser("bob");
        var carol = browser("carol")) {
      String group = groupOf(alice, bob, carol);
      alice.post(group, "one");
      bob.awaitText("one");
      bob.askGroup("leaveGroup", group);
      carol.post(group, "two");
      alice.awaitText("two");
      alice.askGroup("renameGroup", group, "Walking");
      alice.askGroup("inviteMembers", group, List.of("bob"));
      bob.awaitStatus(group, "invited");
      bob.askGroup("acceptInvitation", group);
      alice.askGroup("setRole", group, "bob", "admin");
      bob.awaitStatus(group, "member");
      bob.post(group, "three");
      for (BrowserPerson person : List.of(alice, carol)) {
        person.awaitText("three");
        assertEquals(List.of("one", "two", "three"), person.postsIn(group));
      }
      assertEquals(List.of("one", "three"), bob.postsIn(group));
      bob.askGroup("removeMember", group, "alice");
      alice.awaitStatus(group, "removed");
      assertNoAlarms(alice, bob, carol);
    }
  }

  @Test
  void whoWasRemovedAndInvitedAgainWhileAwayIsInvited() {
    try (var dave = browser("dave");
        var erin = browser("erin")) {
      String group = groupOf(dave, erin);
      erin.post(group, "before");
      dave.awaitText("before");
      erin.leave();
      dave.askGroup("removeMember", group, "erin");
      dave.post(group, "between");
      dave.askGroup("inviteMembers", group, List.of("erin"));
      erin.open();
      erin.awaitStatus(group, "invited");
      erin.askGroup("acceptInvitation", group);
      erin.awaitStatus(group, "member");
      dave.post(group, "after");
      erin.awaitText("after");
      assertEquals(List.of("before", "after"), erin.postsIn(group));
      assertNoAlarms(dave, erin);
    }
  }

  @Test
  void invitedAgainAfterDecliningAtOnce() {
    try (var frank = browser("frank");
        var grace = browser("grace")) {
      frank.say("grace", "look at the group");
      grace.awaitText("look at the group");
      String group = frank.createGroup("Twice");
      frank.askGroup("inviteMembers", group, List.of("grace"));
      grace.awaitStatus(group, "invited");
      grace.askGroup("declineInvitation", group);
      frank.askGroup("inviteMembers", group, List.of("grace"));
      grace.awaitStatus(group, "invited");
      grace.askGroup("acceptInvitation", group);
      grace.awaitStatus(group, "member");
      grace.post(group, "here I am");
      frank.awaitText("here I am");
      assertNoAlarms(frank, grace);
    }
  }

  @Test
  void serverRestartsInTheMiddleAndNothingIsLostOrDoubled() throws Exception {
    try (var heidi = browser("heidi");
        var ivan = browser("ivan");
        var judy = browser("judy")) {
      String group = groupOf(heidi, ivan, judy);
      List<String> texts = IntStream.range(0, 20).mapToObj(i -> "message " + i).toList();
      for (String text : texts) {
        heidi.post(group, text);
        if (text.equals("message 9")) {
          judy.leave();
          server.restart();
        }
      }
      ivan.awaitText("message 19");
      heidi.awaitState("message 19", "sent");
      judy.open();
      judy.awaitText("message 19");
      ivan.awaitConnected();
      ivan.askGroup("leaveGroup", group);
      judy.post(group, "all there");
      heidi.awaitText("all there");
      for (BrowserPerson person : List.of(heidi, judy)) {
        assertEquals(21, person.postsIn(group).size());
        assertEquals(texts, person.postsIn(group).subList(0, 20));
      }
      assertEquals(texts, ivan.postsIn(group));
      assertNoAlarms(heidi, ivan, judy);
    }
  }

  @Test
  void allPostAtOnceAndAllShowOneOrder() {
    List<BrowserPerson> people =
        IntStream.range(0, 4).mapToObj(i -> browser("member" + i)).toList();
    try {
      BrowserPerson[] others = people.subList(1, people.size()).toArray(BrowserPerson[]::new);
      String group = groupOf(people.get(0), others);
      for (int round = 0; round < 5; round++) {
        for (BrowserPerson person : people) {
          person.post(group, person.name + " " + round);
        }
      }
      for (BrowserPerson person : people) {
        person.awaitPosts(group, 20);
      }
      for (BrowserPerson person : people) {
        assertEquals(people.get(0).postsIn(group), person.postsIn(group));
      }
      assertNoAlarms(people.toArray(BrowserPerson[]::new));
    } finally {
      people.forEach(BrowserPerson::close);
    }
  }
}
