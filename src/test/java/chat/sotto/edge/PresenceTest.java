package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("akka.loglevel = WARNING"));

  private final ActorRef<Presence.Command> presence = KIT.spawn(Presence.create());
  private final TestProbe<Presence.Found> probe = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static UserName name(String text) {
    return new UserName(text);
  }

  private ActorRef<Connection.Command> come(String user, Visibility visibility) {
    Behavior<Connection.Command> untilTold =
        Behaviors.receiveMessage(any -> Behaviors.stopped());
    ActorRef<Connection.Command> connection = KIT.spawn(untilTold);
    presence.tell(new Presence.Came(name(user), visibility, connection));
    return connection;
  }

  private void heard(String user, String... from) {
    List<UserName> names = List.of(from).stream().map(UserName::new).toList();
    presence.tell(new Presence.Heard(name(user), names));
  }

  private Presence.Found find(String asker, String prefix, String after) {
    presence.tell(
        new Presence.Find(
            name(asker), prefix, Optional.ofNullable(after).map(UserName::new), probe.ref()));
    return probe.receiveMessage();
  }

  private List<String> seenBy(String asker) {
    return find(asker, "", null).users().stream().map(UserName::value).toList();
  }

  @Test
  void showsOthersSortedAndNotOneself() {
    come("carol", Visibility.ALL);
    come("alice", Visibility.ALL);
    come("bob", Visibility.ALL);
    assertEquals(List.of("alice", "carol"), seenBy("bob"));
    assertEquals(List.of("alice", "bob", "carol"), seenBy("stranger"));
    assertEquals(List.of(name("carol")), find("bob", "c", null).users());
    assertEquals(List.of(name("carol")), find("bob", "", "alice").users());
  }

  @Test
  void contactsAreThoseFromWhomEntriesCameBothWays() {
    come("alice", Visibility.CONTACTS);
    come("bob", Visibility.ALL);
    assertEquals(List.of(), seenBy("bob"));
    heard("alice", "bob");
    assertEquals(List.of(), seenBy("bob"));
    heard("bob", "alice", "carol");
    assertEquals(List.of("alice"), seenBy("bob"));
    assertEquals(List.of("bob"), seenBy("carol"));
  }

  @Test
  void nobodySeesWhoDoesNotWantTo() {
    come("alice", Visibility.NOBODY);
    come("bob", Visibility.ALL);
    heard("alice", "bob");
    heard("bob", "alice");
    assertEquals(List.of(), seenBy("bob"));
    presence.tell(new Presence.Changed(name("alice"), Visibility.CONTACTS));
    assertEquals(List.of("alice"), seenBy("bob"));
    presence.tell(new Presence.Changed(name("alice"), Visibility.NOBODY));
    assertEquals(List.of(), seenBy("bob"));
  }

  @Test
  void typingReachesAllConnectionsOfSomebodyWithWhomEntriesWentBothWays() {
    TestProbe<Connection.Command> one = KIT.createTestProbe();
    TestProbe<Connection.Command> other = KIT.createTestProbe();
    come("alice", Visibility.NOBODY);
    for (TestProbe<Connection.Command> connection : List.of(one, other)) {
      presence.tell(new Presence.Came(name("bob"), Visibility.ALL, connection.ref()));
    }
    heard("alice", "bob");
    presence.tell(new Presence.Typed(typed("alice", 1), name("bob")));
    heard("bob", "alice", "bob", "carol");
    presence.tell(new Presence.Typed(typed("alice", 2), name("bob")));
    presence.tell(new Presence.Typed(typed("alice", 3), name("carol")));
    presence.tell(new Presence.Typed(typed("carol", 4), name("bob")));
    presence.tell(new Presence.Typed(typed("bob", 4), name("bob")));
    presence.tell(new Presence.Typed(typed("alice", 5), name("bob")));
    for (TestProbe<Connection.Command> connection : List.of(one, other)) {
      assertEquals(typed("alice", 2), connection.receiveMessage());
      assertEquals(typed("alice", 5), connection.receiveMessage());
    }
  }

  private static Connection.Typed typed(String user, int nr) {
    var by =
        new Typist(name(user), new DeviceId("00112233445566778899aabbccddeeff"), Optional.empty());
    return new Connection.Typed(by, Bytes.of(new byte[] {(byte) nr}));
  }

  @Test
  void whoLeavesWithTheLastConnectionIsGone() {
    ActorRef<Connection.Command> first = come("alice", Visibility.ALL);
    ActorRef<Connection.Command> second = come("alice", Visibility.ALL);
    first.tell(new Connection.SocketGone());
    probe.expectTerminated(first);
    assertEquals(List.of("alice"), seenBy("bob"));
    second.tell(new Connection.SocketGone());
    probe.expectTerminated(second);
    probe.awaitAssert(
        () -> {
          assertEquals(List.of(), seenBy("bob"));
          return null;
        });
  }

  @Test
  void pagesHoldOneHundredNames() {
    List<String> names = new ArrayList<>();
    for (int i = 100; i < 201; i++) {
      names.add("user" + i);
      come("user" + i, Visibility.ALL);
    }
    var first = find("asker", "", null);
    assertEquals(100, first.users().size());
    assertTrue(first.more());
    var rest = find("asker", "", first.users().get(99).value());
    assertEquals(List.of(name("user200")), rest.users());
    assertFalse(rest.more());
    var exactly = find("user100", "", null);
    assertEquals(100, exactly.users().size());
    assertFalse(exactly.more());
  }
}
