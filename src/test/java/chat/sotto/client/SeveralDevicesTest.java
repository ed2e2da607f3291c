package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.OwnKey;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to and from people with several devices, without a connection. */
class SeveralDevicesTest {
  @TempDir Path folder;
  private Party alice;
  private Party phone;
  private Party bob;

  @BeforeEach
  void alicesPhoneIsLinked() {
    alice = new Party("alice", folder);
    phone = new Party(alice, alice.offer(), folder);
    alice.hear(phone.list());
    bob = new Party("bob", folder);
  }

  @AfterEach
  void closeStores() {
    List.of(alice, phone, bob).forEach(Party::close);
  }

  private List<DeviceKeys> keysOfAlice() {
    var keys = new ArrayList<DeviceKeys>(alice.giveKeys());
    keys.addAll(phone.giveKeys());
    return keys;
  }

  /** Sends the first item that waits for somebody; the server has it then. */
  private Function<Party, EntryPush> send(Party from, Party to) {
    List<DeviceKeys> keys = to.user.equals(alice.user) ? keysOfAlice() : to.giveKeys();
    if (!to.user.equals(from.user)) {
      from.learn(to.user, to.list());
    }
    var item = assertInstanceOf(Sending.Step.Ready.class, from.next(to, "", keys));
    Function<Party, EntryPush> push = to.inbox().appendAll(from, item);
    long n = from.store.transaction(rows -> answers(rows, from).nextNumber(to.user));
    from.store.transaction(
        rows ->
            answers(rows, from).accepted(to.user, item.key(), n, item.messageId(), from.now));
    return push;
  }

  private static Answers answers(Rows rows, Party of) {
    return new Answers(rows, of.random, of.now);
  }

  /** As the client does: to the person, and to the own other devices. */
  private static Bytes write(Party from, Party to, String text) {
    Bytes id = from.write(to, text);
    from.store.transaction(
        rows -> {
          String conversation = Plaintext.conversation(from.user, to.user);
          new Outbox(rows)
              .addOwnCopy(Self.of(rows), conversation, id, new Content.Text(text), from.now);
          return null;
        });
    return id;
  }

  @Test
  void messageReachesBothDevices() {
    bob.write(alice, "hello");
    Function<Party, EntryPush> push = send(bob, alice);
    alice.receive(push.apply(alice));
    phone.receive(push.apply(phone));
    assertEquals(List.of("hello"), alice.texts(bob));
    assertEquals(List.of("hello"), phone.texts(bob));
  }

  @Test
  void answerShowsOnTheOtherDeviceUnderItsIdAndIsDelivered() {
    Bytes id = write(alice, bob, "from the laptop");
    Function<Party, EntryPush> toBob = send(alice, bob);
    Function<Party, EntryPush> copy = send(alice, alice);
    bob.receive(toBob.apply(bob));
    alice.receive(copy.apply(alice));
    phone.receive(copy.apply(phone));
    assertEquals(Message.State.SENT, phone.message(bob, true, id).state());
    assertEquals(1, alice.texts(bob).size());

    bob.addReceipts();
    while (bob.hasWaiting(alice)) {
      Function<Party, EntryPush> push = send(bob, alice);
      alice.receive(push.apply(alice));
      phone.receive(push.apply(phone));
    }
    assertEquals(Message.State.DELIVERED, alice.message(bob, true, id).state());
    assertEquals(Message.State.DELIVERED, phone.message(bob, true, id).state());
  }

  @Test
  void receiptThatIsThereBeforeTheOwnCopyIsKeptForIt() {
    Bytes id = write(alice, bob, "from the laptop");
    bob.receive(send(alice, bob).apply(bob));
    bob.addReceipts();
    while (bob.hasWaiting(alice)) {
      Function<Party, EntryPush> push = send(bob, alice);
      alice.receive(push.apply(alice));
      phone.receive(push.apply(phone));
    }
    Function<Party, EntryPush> copy = send(alice, alice);
    alice.receive(copy.apply(alice));
    phone.receive(copy.apply(phone));
    assertEquals(Message.State.DELIVERED, phone.message(bob, true, id).state());
  }

  @Test
  void confirmationIsForOneDeviceAndSaysNothingToTheOther() {
    write(phone, bob, "hello");
    bob.receive(send(phone, bob).apply(bob));
    Function<Party, EntryPush> confirm = send(bob, alice);
    phone.receive(confirm.apply(phone));
    List<ClientEvent> told = alice.receive(confirm.apply(alice));
    assertEquals(List.of(), told);
    assertEquals(List.of(), alice.texts(bob));
    assertTrue(phone.sendingSession(bob).orElseThrow().opening().isEmpty());
  }

  @Test
  void ownCopyIsWithdrawnWhenNoOtherDeviceIsLeft() {
    write(alice, bob, "hello");
    alice.hear(alice.listWithout(phone));
    assertFalse(alice.hasWaiting(alice));
  }

  @Test
  void textOfAnOwnDeviceMustBeOfAConversationWithAnother() {
    alice.store.transaction(
        rows -> {
          new Outbox(rows)
              .addOwnCopy(
                  Self.of(rows),
                  "bob+carol",
                  MessageIds.make(alice.random),
                  new Content.Text("not ours"),
                  alice.now);
          return null;
        });
    phone.receive(send(alice, alice).apply(phone));
    List<Message> shown = phone.messages(alice);
    assertEquals(
        List.of(CannotOpen.Reason.BAD_CONTENT.name()),
        shown.stream().map(Message::text).toList());
  }

  @Test
  void whatOneDeviceReadIsReadOnTheOther() {
    bob.write(alice, "hello");
    Function<Party, EntryPush> push = send(bob, alice);
    alice.receive(push.apply(alice));
    phone.receive(push.apply(phone));
    Bytes id = alice.messages(bob).get(0).id();
    read(alice, id);
    phone.receive(send(alice, alice).apply(phone));
    assertEquals(Optional.of(id), readUpTo(phone));
    read(alice, MessageIds.make(alice.random));
    phone.receive(send(alice, alice).apply(phone));
    assertEquals(Optional.of(id), readUpTo(phone));
  }

  @Test
  void whatTheOtherHasReadNeverGoesBack() {
    alice.write(bob, "one");
    alice.write(bob, "two");
    List<Bytes> ids = alice.messages(bob).stream().map(Message::id).toList();
    seen(ids.get(1));
    assertEquals(Optional.of(ids.get(1)), seenBy(alice));
    seen(ids.get(0));
    assertEquals(Optional.of(ids.get(1)), seenBy(alice));
    seen(MessageIds.make(bob.random));
    assertEquals(Optional.of(ids.get(1)), seenBy(alice));
  }

  @Test
  void whoKeepsToThemselvesWhatWasReadIsNotToldOfOthers() {
    alice.write(bob, "one");
    alice.store.transaction(
        rows -> {
          Sync.setReadReceipts(rows, false);
          return null;
        });
    seen(alice.messages(bob).get(0).id());
    assertEquals(Optional.empty(), seenBy(alice));
  }

  private void seen(Bytes upTo) {
    bob.store.transaction(
        rows -> {
          var content = new Content.Seen(upTo);
          new Outbox(rows).add(alice.user, MessageIds.make(bob.random), content, bob.now);
          return null;
        });
    alice.receive(send(bob, alice).apply(alice));
  }

  private Optional<Bytes> seenBy(Party on) {
    return on.store.transaction(rows -> ReadMarks.theirs(rows).find(bob.user));
  }

  private void read(Party on, Bytes upTo) {
    on.store.transaction(
        rows -> {
          new Outbox(rows)
              .addOwnCopy(
                  Self.of(rows),
                  "alice+bob",
                  MessageIds.make(on.random),
                  new Content.Read(upTo),
                  on.now);
          return null;
        });
  }

  private Optional<Bytes> readUpTo(Party on) {
    return on.store.transaction(rows -> ReadMarks.ours(rows).find(bob.user));
  }

  @Test
  void entryOfADeviceThatIsNotListedIsRefused() {
    bob.write(alice, "hello");
    Function<Party, EntryPush> push = send(bob, alice);
    var entry = push.apply(phone);
    phone.store.transaction(
        rows -> {
          new People(rows, Party.HOST).learn(bob.user, bob.listWithAnotherDevice());
          return null;
        });
    phone.receive(entry);
    assertEquals(List.of(CannotOpen.Reason.OPENING_REFUSED.name()), phone.texts(bob));
  }

  @Test
  void openingMadeBeforeTheOwnListChangedIsTaken() {
    write(alice, bob, "before the third device");
    Function<Party, EntryPush> push = send(alice, bob);
    Party tablet = new Party(phone, phone.offer(), folder);
    bob.learn(alice.user, tablet.list());
    bob.receive(push.apply(bob));
    assertEquals(List.of("before the third device"), bob.texts(alice));
    tablet.close();
  }

  @Test
  void deviceThatStaysGetsTheSameBytesWhenAnotherOneComesOrGoes() {
    bob.learn(alice.user, alice.listBefore());
    bob.write(alice, "hello");
    var first = ready(bob, alice.giveKeys());
    assertEquals(1, first.sealed().copies().size());
    bob.store.transaction(rows -> answers(rows, bob).devicesChanged(alice.user, phone.list()));
    assertInstanceOf(Sending.Step.NeedsKeys.class, bob.next(alice, "", List.of()));
    var second = ready(bob, keysOfAlice());
    assertEquals(2, second.sealed().copies().size());
    assertEquals(first.sealed().copies().get(0), second.sealed().copies().get(0));
    bob.store.transaction(
        rows -> answers(rows, bob).devicesChanged(alice.user, alice.listWithout(phone)));
    var third = ready(bob, List.of());
    assertEquals(first.sealed().copies(), third.sealed().copies());

    // A session that was given up has no bytes that are worth keeping.
    bob.store.transaction(
        rows -> {
          new Sessions(rows, Self.of(rows), bob.random, bob.now)
              .giveUp(alice.user, alice.self().device());
          return answers(rows, bob).devicesChanged(alice.user, alice.listWithout(phone));
        });
    var fourth = ready(bob, alice.giveKeys());
    assertFalse(fourth.sealed().copies().contains(first.sealed().copies().get(0)));
  }

  private Sending.Step.Ready ready(Party from, List<DeviceKeys> keys) {
    return assertInstanceOf(Sending.Step.Ready.class, from.next(alice, "", keys));
  }

  @Test
  void siblingThatLiesDoesNotUseUpTheIdsOfOwnKeys() {
    long known = alice.list().version();
    alice.store.transaction(
        rows -> {
          var keys = new OwnKeys(rows);
          keys.told(OwnKey.generate(2, alice.random), known + 2, known);
          keys.told(OwnKey.generate(128, alice.random), known + 1, known);
          assertEquals(1, keys.newest().id());
          for (int id = 2; id <= 128; id++) {
            keys.told(OwnKey.generate(id, alice.random), known + 1, known);
          }
          assertEquals(5, keys.newest().id());
          return null;
        });
  }

  @Test
  void contactIsToldOfANewDevice() {
    bob.learn(alice.user, alice.listBefore());
    Answers.Learned learned =
        bob.store.transaction(
            rows -> answers(rows, bob).devicesChanged(alice.user, phone.list()));
    assertEquals(
        List.of(phone.self().device()), learned.added().stream().map(Device::id).toList());
  }
}
