package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Padding;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.EntryPush;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What messages mean once they are opened. */
class ReceivingTest {
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

  private EntryPush say(Content content) {
    alice.store.transaction(
        rows -> {
          new Outbox(rows).add(bob.user, MessageIds.make(alice.random), content, alice.now);
          return null;
        });
    return alice.send(bob);
  }

  /** Sends a plaintext that no honest client makes. */
  private EntryPush sayRaw(Plaintext plaintext) {
    return sayRaw(plaintext.toPaddedBytes());
  }

  private EntryPush sayRaw(byte[] padded) {
    Bytes id = MessageIds.make(alice.random);
    Bytes ciphertext =
        alice.store.transaction(
            rows ->
                new Sessions(rows, Self.of(rows), alice.random, alice.now)
                    .seal(
                        bob.user,
                        bob.self().device(),
                        alice.sendingSession(bob).orElseThrow(),
                        id,
                        padded));
    return bob.inbox().append(alice, id, bob.self().device().value(), ciphertext);
  }

  private static Plaintext plaintext(String conversation, ContentJson content) {
    return new Plaintext(conversation, 1, 1, 1_700_000_000_000L, content);
  }

  private static ContentJson text(String text) {
    return ContentJson.of(new Content.Text(text));
  }

  @Test
  void receiptMakesASentMessageDelivered() {
    Bytes id = alice.write(bob, "hello");
    assertEquals(Message.State.PENDING, alice.message(bob, true, id).state());
    EntryPush push = alice.send(bob);
    assertEquals(Message.State.SENT, alice.message(bob, true, id).state());
    bob.receive(push);
    bob.receive(alice.say(bob, "again"));
    bob.addReceipts();
    List<EntryPush> answers = bob.sendAll(alice);
    assertEquals(2, answers.size(), "a confirmation, and one receipt for the batch");
    answers.forEach(alice::receive);
    assertEquals(Message.State.DELIVERED, alice.message(bob, true, id).state());
    alice.addReceipts();
    assertFalse(alice.hasWaiting(bob), "a receipt is never answered");
  }

  @Test
  void receiptOfSomebodyElseChangesNothing() {
    Bytes id = alice.write(bob, "hello");
    alice.send(bob);
    var mallory = new Party("mallory", folder);
    mallory.store.transaction(
        rows -> {
          var receipt = new Content.Receipt(List.of(id));
          new Outbox(rows).add(alice.user, MessageIds.make(mallory.random), receipt, 1);
          return null;
        });
    alice.receive(mallory.send(alice));
    assertEquals(Message.State.SENT, alice.message(bob, true, id).state());
    mallory.close();
  }

  @Test
  void messageOfAnotherConversationIsNotShownAsOne() {
    bob.receive(alice.say(bob, "hello"));
    EntryPush moved = sayRaw(plaintext("alice+mallory", text("to mallory")));
    bob.receive(moved);
    Message shown = bob.messages(alice).get(1);
    assertEquals(Message.State.CANNOT_OPEN, shown.state());
    assertEquals(CannotOpen.Reason.BAD_CONTENT.name(), shown.text());
    bob.receive(alice.say(bob, "the session goes on"));
    assertEquals("the session goes on", bob.texts(alice).get(2));
  }

  @Test
  void confirmationWithOtherNamesIsNoConfirmation() {
    bob.receive(alice.say(bob, "hello"));
    bob.receive(say(new Content.Confirm(List.of(alice.user, bob.user))));
    assertEquals(Message.State.CANNOT_OPEN, bob.messages(alice).get(1).state());
    bob.receive(say(new Content.Confirm(List.of(bob.user, new UserName("mallory")))));
    assertEquals(3, bob.messages(alice).size());
    bob.receive(say(new Content.Confirm(List.of(bob.user, alice.user))));
    assertEquals(3, bob.messages(alice).size());
  }

  @Test
  void unknownTypeIsShownAsNeedingANewerVersion() {
    bob.receive(alice.say(bob, "hello"));
    var sticker = new ContentJson("sticker", JsonNodeFactory.instance.objectNode().put("n", 7));
    bob.receive(sayRaw(plaintext("alice+bob", sticker)));
    Message shown = bob.messages(alice).get(1);
    assertEquals(Message.State.UNSUPPORTED, shown.state());
    assertEquals("sticker", shown.text());
  }

  @Test
  void contentOfAnotherFormIsShownAsUnreadable() {
    bob.receive(alice.say(bob, "hello"));
    var extra =
        new ContentJson(
            "text", JsonNodeFactory.instance.objectNode().put("text", "hi").put("html", "x"));
    bob.receive(sayRaw(plaintext("alice+bob", extra)));
    assertEquals(Message.State.CANNOT_OPEN, bob.messages(alice).get(1).state());
  }

  @Test
  void alteredCiphertextIsShownAndRepairBringsTheMessage() {
    bob.receive(alice.say(bob, "one"));
    bob.sendAll(alice).forEach(alice::receive);
    Bytes id = alice.write(bob, "two");
    Sending.Step.Ready item = alice.ready(bob);
    byte[] bad = item.sealed().copies().get(0).ciphertext().toArray();
    bad[bad.length - 1] ^= 1;
    bob.receive(
        bob.inbox().append(alice, id, bob.self().device().value(), Bytes.of(bad)));
    assertEquals(Message.State.CANNOT_OPEN, bob.message(alice, false, id).state());
    alice.store.transaction(
        rows ->
            new Answers(rows, alice.random, alice.now)
                .accepted(bob.user, item.key(), 2, item.messageId(), 1));

    repair(bob, alice);
    bob.sendAll(alice).forEach(alice::receive);
    assertEquals(
        alice.sendingSession(bob).orElseThrow().id(), bob.sendingSession(alice).orElseThrow().id());
    alice.sendAll(bob).forEach(bob::receive);
    assertEquals(List.of("one", "two"), bob.texts(alice));
    assertEquals(Message.State.RECEIVED, bob.message(alice, false, id).state());
  }

  @Test
  void repairOfAShownMessageShowsItOnce() {
    Bytes id = alice.write(bob, "one");
    bob.receive(alice.send(bob));
    bob.store.transaction(
        rows -> {
          var repair = new Content.Repair(List.of(id, MessageIds.make(bob.random)));
          new Outbox(rows).add(alice.user, MessageIds.make(bob.random), repair, bob.now);
          return null;
        });
    bob.sendAll(alice).forEach(alice::receive);
    assertTrue(alice.hasWaiting(bob));
    alice.sendAll(bob).forEach(push -> assertEquals(List.of(), bob.receive(push)));
    assertEquals(List.of("one"), bob.texts(alice));
  }

  @Test
  void repairDrawsOutNothingForANewAccountKey() {
    Bytes secret = alice.write(bob, "secret");
    bob.receive(alice.send(bob));
    bob.close();
    bob = new Party("bob", folder);
    alice.learn(bob.user, bob.list());
    alice.store.transaction(
        rows ->
            new Answers(rows, alice.random, alice.now)
                .acceptKey(bob.user, bob.list().accountKey()));
    assertEquals(List.of(), alice.sessions(bob), "nothing of the old key's sessions is kept");
    bob.receive(alice.say(bob, "hello, new bob"));
    askAgain(bob, alice, secret);
    bob.sendAll(alice).forEach(alice::receive);
    alice.sendAll(bob).forEach(bob::receive);
    assertEquals(List.of("hello, new bob"), bob.texts(alice));
  }

  @Test
  void repairOfADeliveredMessageIsIgnored() {
    Bytes id = alice.write(bob, "one");
    bob.receive(alice.send(bob));
    bob.addReceipts();
    askAgain(bob, alice, id);
    bob.sendAll(alice).forEach(alice::receive);
    assertEquals(Message.State.DELIVERED, alice.message(bob, true, id).state());
    alice.sendAll(bob).stream()
        .map(push -> push.messageId())
        .forEach(sent -> assertFalse(sent.equals(id)));
  }

  @Test
  void repairThatOpensNoSessionInThePlaceOfOthersIsIgnored() {
    Bytes id = alice.write(bob, "one");
    alice.send(bob);
    bob.learn(alice);
    // Bob's first session with alice replaces none.
    EntryPush push = askAgain(bob, alice, id).send(alice);
    alice.receive(push);
    assertEquals(1, alice.sendAll(bob).size(), "only the confirmation");
  }

  private static Party askAgain(Party who, Party with, Bytes id) {
    who.store.transaction(
        rows -> {
          var repair = new Content.Repair(List.of(id));
          new Outbox(rows).add(with.user, MessageIds.make(who.random), repair, who.now);
          return null;
        });
    return who;
  }

  @Test
  void controlCharactersAreRefusedOnBothSides() {
    assertThrows(IllegalArgumentException.class, () -> new Content.Text("a\u0007b"));
    assertEquals("a\tb\r\n", new Content.Text("a\tb\r\n").text());
    bob.receive(alice.say(bob, "hello"));
    var bell =
        new ContentJson("text", JsonNodeFactory.instance.objectNode().put("text", "a\u0007b"));
    bob.receive(sayRaw(plaintext("alice+bob", bell)));
    assertEquals(Message.State.CANNOT_OPEN, bob.messages(alice).get(1).state());
  }

  @Test
  void otherVersionIsShownAsNeedingANewerOne() {
    bob.receive(alice.say(bob, "hello"));
    String json = "{\"version\":2,\"something\":\"else\"}";
    bob.receive(sayRaw(Padding.pad(json.getBytes(StandardCharsets.UTF_8))));
    assertEquals(Message.State.UNSUPPORTED, bob.messages(alice).get(1).state());
    bob.receive(sayRaw(Padding.pad("no json".getBytes(StandardCharsets.UTF_8))));
    assertEquals(Message.State.CANNOT_OPEN, bob.messages(alice).get(2).state());
    bob.receive(sayRaw(new byte[256]));
    assertEquals(Message.State.CANNOT_OPEN, bob.messages(alice).get(3).state());
  }

  @Test
  void deviceThatIsNoMoreInTheListIsNotHeard() {
    bob.receive(alice.say(bob, "hello"));
    bob.learn(alice.user, alice.listWithAnotherDevice());
    bob.receive(alice.say(bob, "from a device that was removed"));
    assertEquals(List.of("hello", "DEVICE_NOT_LISTED"), bob.texts(alice));
  }

  @Test
  void messageThatWasOpenedIsDroppedUnderItsIdHoweverItIsEncrypted() {
    Bytes id = alice.write(bob, "one");
    Sending.Step.Ready item = alice.ready(bob);
    bob.receive(bob.inbox().append(alice, item));
    bob.addReceipts();
    bob.sendAll(alice);
    Session before = bob.sessions(alice).get(0);
    alice.store.transaction(
        rows ->
            new Answers(rows, alice.random, alice.now).devicesChanged(bob.user, bob.list()));
    EntryPush again = alice.send(bob);
    assertEquals(id, again.messageId());
    assertEquals(List.of(), bob.receive(again));
    assertEquals(before.state(), bob.sessions(alice).get(0).state());
    bob.addReceipts();
    assertFalse(bob.hasWaiting(alice));
    assertEquals(List.of("one"), bob.texts(alice));
  }

  private static void repair(Party who, Party with) {
    who.store.transaction(
        rows -> {
          new Repairs(rows, who.random, who.now).begin(with.user);
          return null;
        });
  }
}
