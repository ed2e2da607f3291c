package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.GroupInfo;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Groups of the browser's engine with a real server. */
class BrowserGroupsTest extends BrowsersTest {
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
      bob.awaitStatus(group, "member");
      alice.awaitRole(group, "bob", "member");
      alice.askGroup("setRole", group, "bob", "admin");
      bob.awaitRole(group, "bob", "admin");
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
      // Whoever does not know that yet sees her as invited still, and has nothing to ask for.
      frank.awaitLeaving(group, "grace");
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
  void browserInvitesAJavaClientAndBothChangeTheGroup() throws Exception {
    try (var kate = browser("kate");
        Person leo = registered("leo")) {
      kate.say("leo", "look at the group");
      kate.awaitState("look at the group", "delivered");
      String conversation = kate.createGroup("Climbing");
      kate.askGroup("inviteMembers", conversation, List.of("leo"));
      GroupId group = groupIn(conversation);
      leo.await("the invitation", event -> standing(leo, group) == GroupInfo.Standing.INVITED);
      done(leo.client.groups().accept(group));
      kate.post(conversation, "from the browser");
      leo.await("the browser's post", event -> shows(event, "from the browser"));
      leo.client.groups().post(group, "from the Java client");
      kate.awaitText("from the Java client");
      kate.askGroup("setRole", conversation, "leo", "admin");
      leo.await("the role", event -> isAdmin(leo, group));
      done(leo.client.groups().rename(group, "Named by Leo"));
      kate.awaitName(conversation, "Named by Leo");
      kate.leave();
      leo.client.groups().post(group, "are you there?");
      leo.await("its own post", event -> shows(event, "are you there?"));
      kate.open();
      kate.awaitText("are you there?");
      kate.askGroup("leaveGroup", conversation);
      leo.client.groups().post(group, "alone");
      leo.await("the last post", event -> shows(event, "alone"));
      assertEquals(
          List.of("from the browser", "from the Java client", "are you there?"),
          kate.postsIn(conversation));
      assertNoAlarms(kate);
    }
  }

  @Test
  void javaClientInvitesABrowserAndRemovesIt() throws Exception {
    try (var mia = browser("mia");
        var nina = browser("nina");
        Person otto = registered("otto")) {
      var users = Set.of(new UserName("mia"), new UserName("nina"));
      GroupId group = otto.client.groups().create("Made in Java").get(60, TimeUnit.SECONDS);
      done(otto.client.groups().invite(group, users));
      String conversation = "group:" + group.value();
      for (BrowserPerson person : List.of(mia, nina)) {
        person.awaitStatus(conversation, "invited");
        person.askGroup("acceptInvitation", conversation);
        person.awaitStatus(conversation, "member");
      }
      mia.awaitName(conversation, "Made in Java");
      mia.post(conversation, "hello from mia");
      nina.awaitText("hello from mia");
      otto.await("mia's post", event -> shows(event, "hello from mia"));
      done(otto.client.groups().remove(group, new UserName("mia")));
      mia.awaitStatus(conversation, "removed");
      otto.client.groups().post(group, "without mia");
      nina.awaitText("without mia");
      nina.post(conversation, "indeed");
      otto.await("nina's post", event -> shows(event, "indeed"));
      assertEquals(List.of("hello from mia"), mia.postsIn(conversation));
      assertNoAlarms(mia, nina);
    }
  }

  private static GroupId groupIn(String conversation) {
    return new GroupId(conversation.substring("group:".length()));
  }

  private static void done(CompletableFuture<Void> asked) throws Exception {
    asked.get(60, TimeUnit.SECONDS);
  }

  private static GroupInfo.Standing standing(Person person, GroupId group) {
    return person.client.groups().find(group).map(GroupInfo::standing).orElse(null);
  }

  private static boolean isAdmin(Person person, GroupId group) {
    return person.client.groups().find(group).orElseThrow().isAdmin(person.name);
  }

  private static boolean shows(ClientEvent event, String text) {
    return event instanceof ClientEvent.GroupLineShown shown && shown.line().text().equals(text);
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
