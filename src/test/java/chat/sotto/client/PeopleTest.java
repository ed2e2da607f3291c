package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeopleTest {
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

  private boolean accept(Bytes accountKey) {
    return alice.store.transaction(
        rows -> new People(rows, Party.HOST).accept(bob.user, accountKey));
  }

  @Test
  void changedAccountKeyStopsSendingUntilItIsAccepted() {
    bob.receive(alice.say(bob, "one"));
    DeviceList swapped = bob.forgedList();
    assertEquals(Optional.of(swapped.accountKey()), alice.learn(bob.user, swapped));
    alice.write(bob, "two");
    assertInstanceOf(Sending.Step.Blocked.class, alice.next(bob, "", List.of()));
    assertFalse(accept(bob.list().accountKey()), "only the key that was shown can be accepted");
    assertInstanceOf(Sending.Step.Blocked.class, alice.next(bob, "", List.of()));
    assertTrue(accept(swapped.accountKey()));
    assertInstanceOf(Sending.Step.Ready.class, alice.next(bob, "", List.of()));
  }

  @Test
  void changedKeyStopsWhatWasEncryptedBeforeToo() {
    alice.write(bob, "one");
    alice.ready(bob);
    alice.learn(bob.user, bob.forgedList());
    assertInstanceOf(Sending.Step.Blocked.class, alice.next(bob, "", List.of()));
  }

  @Test
  void pinnedKeyOfferedAgainEndsTheStop() {
    alice.learn(bob);
    alice.write(bob, "one");
    alice.learn(bob.user, bob.forgedList());
    alice.learn(bob);
    assertInstanceOf(Sending.Step.NeedsKeys.class, alice.next(bob, "", List.of()));
  }

  @Test
  void openingUnderAnotherAccountKeyIsShownAndNotOpened() {
    alice.learn(bob);
    bob.close();
    bob = new Party("bob", folder);
    EntryPush push = bob.say(alice, "it is me, bob");
    List<ClientEvent> events = alice.receive(push);
    assertEquals(
        new ClientEvent.KeyChanged(bob.user, bob.list().accountKey()), events.get(0));
    Message shown = alice.messages(bob).get(0);
    assertEquals(CannotOpen.Reason.KEY_CHANGED.name(), shown.text());
    assertEquals(List.of(), alice.sessions(bob));
    assertTrue(accept(bob.list().accountKey()));
    alice.receive(bob.say(alice, "really"));
    assertEquals(List.of("KEY_CHANGED", "really"), alice.texts(bob));
  }

  @Test
  void listThatDoesNotFollowTheOneBeforeIsRefused() {
    alice.learn(bob);
    Device device = bob.list().devices().get(0);
    DeviceList unlinked =
        Statements.signDeviceList(
            bob.accountKey(), bob.user, Party.HOST, 2, People.NO_LIST, List.of(device));
    Breach breach = assertThrows(Breach.class, () -> alice.learn(bob.user, unlinked));
    assertEquals(Alarm.DEVICE_LIST_ROLLED_BACK, breach.alarm());
    alice.learn(bob.user, bob.nextList(1));
  }

  @Test
  void listOfAnotherPersonHostOrSignatureIsRefused() {
    var mallory = new Party("mallory", folder);
    refuses(mallory.list());
    DeviceList list = bob.list();
    refuses(
        new DeviceList(
            list.user(),
            "elsewhere",
            list.version(),
            list.prevHash(),
            list.accountKey(),
            list.devices(),
            list.signature()));
    refuses(
        new DeviceList(
            list.user(),
            list.serverHost(),
            list.version(),
            list.prevHash(),
            list.accountKey(),
            mallory.list().devices(),
            list.signature()));
    mallory.close();
  }

  private void refuses(DeviceList list) {
    Breach breach = assertThrows(Breach.class, () -> alice.learn(bob.user, list));
    assertEquals(Alarm.DEVICE_LIST_REFUSED, breach.alarm());
    alice.write(bob, "who are you?");
    assertInstanceOf(Sending.Step.NeedsDevices.class, alice.next(bob, "", List.of()));
  }

  @Test
  void versionHeardInAMessageIsLookedUpBeforeTheNextIsSent() {
    bob.receive(alice.say(bob, "one"));
    bob.store.transaction(
        rows -> {
          new People(rows, Party.HOST).hearOf(alice.user, 2);
          return null;
        });
    bob.write(alice, "two");
    Sending.Step step = bob.next(alice, "", List.of());
    assertInstanceOf(Sending.Step.NeedsDevices.class, step);
    bob.learn(alice.user, alice.nextList(1));
    assertInstanceOf(Sending.Step.Ready.class, bob.next(alice, "", List.of()));
  }
}
