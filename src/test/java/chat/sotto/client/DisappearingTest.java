package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that disappear (docs/protocol.md §7.9), by a clock that the tests set. */
class DisappearingTest {
  private static final long DAY = 86_400_000;
  private static final long MINUTE = 60_000;

  @TempDir Path folder;
  private Party alice;
  private Party bob;

  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
  }

  @AfterEach
  void closeParties() {
    alice.close();
    bob.close();
  }

  /** A program that starts on what a party has, without a server. */
  private static SottoClient start(Party party) {
    var clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return Instant.ofEpochMilli(party.now);
          }
        };
    return new SottoClient(
        URI.create("http://localhost:1"), party.store, event -> {}, clock, party.random);
  }

  private static Bytes setDisappear(Party party, Party with, long seconds) {
    try (SottoClient client = start(party)) {
      return client.conversations().setDisappear(with.user, seconds);
    }
  }

  private static Bytes write(Party from, Party to, String text) {
    try (SottoClient client = start(from)) {
      return client.sendText(to.user, text);
    }
  }

  private static void read(Party party, Party with, Bytes upTo) {
    try (SottoClient client = start(party)) {
      client.markRead(with.user, upTo);
    }
  }

  /** Starts and stops: what is over is gone then, though nobody looked. */
  private static void restart(Party party) {
    start(party).close();
  }

  private void pass(long ms) {
    alice.now += ms;
    bob.now += ms;
  }

  private static Optional<Long> goneAt(Party party, Party with, Party by, Bytes id) {
    try (SottoClient client = start(party)) {
      return client.conversations().goneAt(with.user, new MessageRef(by.user, id));
    }
  }

  /** A text that disappears a minute after it was read, and that bob has. */
  private Bytes said(String text) {
    setDisappear(alice, bob, 60);
    Bytes id = write(alice, bob, text);
    alice.sendAll(bob).forEach(bob::receive);
    return id;
  }

  @Test
  void itGoesAfterItWasReadAndStaysIfItNeverWas() {
    Bytes id = said("burn this");
    assertEquals(Optional.empty(), goneAt(bob, alice, alice, id));
    pass(DAY);
    restart(alice);
    restart(bob);
    assertEquals(List.of(), alice.texts(bob), "its time began when the server had it");
    assertEquals(List.of("burn this"), bob.texts(alice));
    read(bob, alice, id);
    assertEquals(Optional.of(bob.now + MINUTE), goneAt(bob, alice, alice, id));
    pass(MINUTE - 1);
    restart(bob);
    assertEquals(List.of("burn this"), bob.texts(alice));
    pass(1);
    restart(bob);
    assertEquals(List.of(), bob.texts(alice));
  }

  @Test
  void aClockThatIsSetBackMakesItStayLonger() {
    Bytes id = said("burn this");
    read(bob, alice, id);
    pass(-DAY);
    pass(MINUTE);
    restart(bob);
    assertEquals(List.of("burn this"), bob.texts(alice));
    pass(DAY);
    restart(bob);
    assertEquals(List.of(), bob.texts(alice));
  }

  @Test
  void nothingIsShownThatIsOver() {
    Bytes id = said("burn this");
    read(bob, alice, id);
    try (SottoClient client = start(bob)) {
      assertEquals(1, client.messages(alice.user).size());
      pass(MINUTE);
      assertEquals(0, client.messages(alice.user).size());
    }
  }

  @Test
  void whatChangedItGoesTooAndWhatComesLaterChangesNothing() {
    Bytes id = said("burn this");
    read(bob, alice, id);
    Bytes reaction;
    try (SottoClient client = start(bob)) {
      var target = new MessageRef(alice.user, id);
      reaction = client.conversations().react(alice.user, target, Optional.of("🔥"));
    }
    pass(MINUTE);
    restart(bob);
    assertEquals(Optional.empty(), bob.message(alice, true, reaction).said());
    alice.now -= DAY;
    Bytes edit;
    try (SottoClient client = start(alice)) {
      edit = client.conversations().edit(bob.user, id, "burn that");
    }
    alice.sendAll(bob).forEach(bob::receive);
    bob.store.transaction(
        rows -> {
          var history = new History(rows);
          assertTrue(history.wasOpened(alice.user, alice.self().device(), edit));
          return null;
        });
    Changes changes =
        bob.store.transaction(rows -> new History(rows).changes(alice.user, false, id));
    assertEquals(Changes.NONE, changes);
    assertEquals(List.of(), bob.texts(alice));
    bob.sendAll(alice).forEach(alice::receive);
    assertEquals(
        Map.of(),
        alice.store.transaction(
            rows -> new History(rows).changes(bob.user, true, id).shown()));
  }

  @Test
  void whatWaitsToBeSentSaysNothingOfIt() {
    Party phone = new Party(alice, alice.offer(), folder);
    alice.hear(phone.list());
    Bytes id = said("burn this");
    pass(MINUTE);
    restart(alice);
    alice.store.transaction(
        rows -> {
          var outbox = new Outbox(rows);
          assertTrue(outbox.messageIds(alice.user).contains(id));
          var next = outbox.next(alice.user, "");
          while (next.isPresent()) {
            Outbox.Item item = next.get().value();
            assertEquals(item.messageId().equals(id), item.content().type().equals("none"));
            next = outbox.next(alice.user, next.get().key());
          }
          return null;
        });
    phone.close();
  }

  @Test
  void ofTwoTimersTheHigherNumberCountsAndThenTheHigherId() {
    var low = Bytes.of(new byte[16]);
    var high = Bytes.of(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    String conversation = Timers.with(bob.user);
    alice.store.transaction(
        rows -> {
          var timers = new Timers(rows);
          assertTrue(timers.take(conversation, low, new Content.Timer(60, 2)));
          assertEquals(false, timers.take(conversation, high, new Content.Timer(5, 1)));
          assertEquals(false, timers.take(conversation, low, new Content.Timer(60, 2)));
          assertTrue(timers.take(conversation, high, new Content.Timer(7, 2)));
          assertEquals(false, timers.take(conversation, low, new Content.Timer(60, 2)));
          assertEquals(Optional.of(7L), timers.disappearAfter(conversation));
          assertEquals(3, timers.next(conversation));
          assertTrue(timers.take(conversation, low, new Content.Timer(0, 3)));
          assertEquals(Optional.empty(), timers.disappearAfter(conversation));
          return null;
        });
  }

  @Test
  void nobodyUsesUpTheNumbersOfTimers() {
    var id = Bytes.of(new byte[16]);
    String conversation = Timers.with(bob.user);
    long step = Timers.STEP_MAX;
    alice.store.transaction(
        rows -> {
          var timers = new Timers(rows);
          assertEquals(false, timers.take(conversation, id, new Content.Timer(60, step + 1)));
          assertTrue(timers.take(conversation, id, new Content.Timer(60, step)));
          assertEquals(
              false, timers.take(conversation, id, new Content.Timer(60, Content.NR_MAX)));
          assertEquals(step + 1, timers.next(conversation));
          assertTrue(timers.take(conversation, id, new Content.Timer(5, 2 * step)));
          return null;
        });
  }

  @Test
  void theOtherSideHearsOfTheTimerAndWritesByIt() {
    setDisappear(alice, bob, 60);
    List<ClientEvent> told =
        alice.sendAll(bob).stream().flatMap(push -> bob.receive(push).stream()).toList();
    assertEquals(
        List.of(new ClientEvent.TimerSet(alice.user, alice.user, 60)),
        told.stream().filter(ClientEvent.TimerSet.class::isInstance).toList());
    Bytes answer = write(bob, alice, "noted");
    var said = (Content.Line) bob.message(alice, true, answer).said().orElseThrow();
    assertEquals(Optional.of(60L), said.disappearAfter());
    assertEquals(List.of("noted"), bob.texts(alice), "a timer is no line");
    assertThrows(IllegalArgumentException.class, () -> setDisappear(bob, alice, 4));
  }

  @Test
  void inAGroupItGoesFromEachAndComesBackFromNoServer() {
    var group = new GroupId("0123456789abcdef0123456789abcdef");
    var everybody = new HashMap<UserName, GroupParty>();
    var office = new GroupOffice(group);
    try (var carol = new GroupParty("carol", folder, group, everybody);
        var dave = new GroupParty("dave", folder, group, everybody)) {
      carol.does(new GroupWish.Create(new GroupName("Lesekreis")), office);
      carol.does(new GroupWish.Invite(List.of(dave.user())), office);
      dave.catchUp(office);
      dave.does(new GroupWish.Accept(), office);
      carol.catchUp(office);
      try (SottoClient client = start(carol.party)) {
        client.groups().setDisappear(group, 3_600);
        client.groups().post(group, "to all");
      }
      carol.work(office);
      dave.catchUp(office);
      GroupLine line = dave.lines().stream()
          .filter(one -> one.text().equals("to all")).findFirst().orElseThrow();
      assertTrue(
          dave.events.contains(
              new ClientEvent.GroupTimerSet(group, carol.user(), 3_600)));
      carol.party.now += DAY;
      dave.party.now += DAY;
      restart(carol.party);
      restart(dave.party);
      assertEquals(0, carol.lines().stream().filter(line::equals).count());
      assertTrue(dave.lines().contains(line));
      try (SottoClient client = start(dave.party)) {
        assertEquals(Optional.of(3_600L), client.groups().disappearAfter(group));
        client.groups().markRead(group, line.id());
        dave.party.now += 3_600_000;
        assertTrue(client.groups().lines(group).stream().noneMatch(line::equals));
      }
      dave.party.store.transaction(
          rows -> {
            assertTrue(new GroupLines(rows).isRepeat(line));
            return null;
          });
    }
  }
}
