package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that come before their message, twice, from the wrong person, or cannot be opened. */
class ReceivingChangesTest {
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

  /** Stored as the client does it, for the other to get with the next send. */
  private static Bytes put(Party from, Party to, Content content) {
    Bytes id = MessageIds.make(from.random);
    from.store.transaction(
        rows -> {
          new Outbox(rows).add(to.user, id, content, from.now);
          var message =
              Message.of(to.user, id, true, from.now, Message.State.PENDING, content);
          var history = new History(rows);
          if (content instanceof Content.Change change) {
            history.change(from.user, message, change);
          } else {
            history.put(message);
          }
          return null;
        });
    return id;
  }

  private ShownMessage only(Party party, Party with) {
    List<ShownMessage> shown =
        party.store.transaction(rows -> new History(rows).shown(with.user));
    assertEquals(1, shown.size(), shown.toString());
    return shown.get(0);
  }

  private int lines(Party party, Party with) {
    return party.store.transaction(rows -> new History(rows).shown(with.user).size());
  }

  @Test
  void aChangeThatComesBeforeItsMessageWaitsForIt() {
    Bytes later = MessageIds.make(alice.random);
    put(alice, bob, new Content.Edit(later, 1, "better"));
    bob.receive(alice.send(bob));
    assertEquals(0, lines(bob, alice));
    alice.store.transaction(
        rows -> {
          new Outbox(rows).add(bob.user, later, new Content.Text("good"), alice.now);
          return null;
        });
    List<ClientEvent> told = bob.receive(alice.send(bob));
    assertEquals("better", only(bob, alice).message().text());
    assertTrue(only(bob, alice).edited());
    assertTrue(
        told.stream().anyMatch(ClientEvent.MessageChanged.class::isInstance), told::toString);
  }

  @Test
  void nobodyChangesWhatOthersWrote() {
    Bytes mine = alice.write(bob, "mine");
    bob.receive(alice.send(bob));
    put(bob, alice, new Content.Edit(mine, 1, "forged"));
    put(bob, alice, new Content.Delete(mine));
    put(bob, alice, new Content.Reaction(new MessageRef(alice.user, mine), 1, Optional.of("🙂")));
    bob.sendAll(alice).forEach(alice::receive);
    ShownMessage shown = only(alice, bob);
    assertEquals("mine", shown.message().text());
    assertFalse(shown.edited() || shown.deleted());
    assertEquals(Map.of(bob.user, "🙂"), shown.reactions());
  }

  @Test
  void changesAreAnsweredByReceiptsAndOnceConfirmedTheyHoldNothing() {
    Bytes text = alice.write(bob, "first");
    Bytes edit = put(alice, bob, new Content.Edit(text, 1, "second"));
    alice.sendAll(bob).forEach(bob::receive);
    bob.addReceipts();
    bob.sendAll(alice).forEach(alice::receive);
    Message known =
        alice.store.transaction(rows -> new History(rows).find(bob.user, true, edit)).orElseThrow();
    assertEquals(Message.State.DELIVERED, known.state());
    assertEquals(Optional.empty(), known.said());
    assertEquals("second", only(alice, bob).message().text());
  }

  @Test
  void whatWasDeletedIsNotStoredNorSentAnyMore() {
    Bytes text = put(alice, bob, new Content.Text("secret"));
    put(alice, bob, new Content.Edit(text, 1, "more secret"));
    put(alice, bob, new Content.Delete(text));
    alice.sendAll(bob).forEach(bob::receive);
    assertEquals(0, lines(bob, alice));
    assertEquals("", only(alice, bob).message().text());
    assertTrue(only(alice, bob).deleted());
    alice.store.transaction(
        rows -> {
          assertTrue(new History(rows).isVoid(bob.user, text));
          return null;
        });
  }

  @Test
  void aDeletedLineThatCouldNotBeOpenedIsNotAskedForAnyMore() {
    bob.receive(alice.say(bob, "hello"));
    Bytes lost = MessageIds.make(alice.random);
    bob.receive(unopenable(lost));
    assertEquals(Message.State.CANNOT_OPEN, bob.message(alice, false, lost).state());
    put(alice, bob, new Content.Delete(lost));
    bob.receive(alice.send(bob));
    assertEquals(Message.State.RECEIVED, bob.message(alice, false, lost).state());
    assertEquals("", bob.message(alice, false, lost).text());
  }

  @Test
  void norIsOneThatWasDeletedBeforeItCame() {
    bob.receive(alice.say(bob, "hello"));
    Bytes lost = MessageIds.make(alice.random);
    put(alice, bob, new Content.Delete(lost));
    bob.receive(alice.send(bob));
    bob.receive(unopenable(lost));
    assertEquals(Message.State.RECEIVED, bob.message(alice, false, lost).state());
    assertEquals("", bob.message(alice, false, lost).text());
    assertEquals(2, lines(bob, alice));
    alice.store.transaction(
        rows -> {
          new Outbox(rows).add(bob.user, lost, new Content.None(), alice.now);
          return null;
        });
    bob.receive(alice.send(bob));
    assertEquals(2, lines(bob, alice));
  }

  @Test
  void whatCouldNotBeOpenedAndSaysNothingAnyMoreIsNoLine() {
    bob.receive(alice.say(bob, "hello"));
    Bytes lost = MessageIds.make(alice.random);
    bob.receive(unopenable(lost));
    assertEquals(2, lines(bob, alice));
    alice.store.transaction(
        rows -> {
          new Outbox(rows).add(bob.user, lost, new Content.None(), alice.now);
          return null;
        });
    List<ClientEvent> told = bob.receive(alice.send(bob));
    assertTrue(told.contains(new ClientEvent.LineGone(alice.user, lost)), told::toString);
    assertEquals(1, lines(bob, alice));
  }

  private EntryPush unopenable(Bytes id) {
    return bob.inbox()
        .append(alice, id, bob.self().device().value(), Bytes.of(new byte[] {1, 2, 3}));
  }
}
