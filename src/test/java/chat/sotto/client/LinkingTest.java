package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.OwnKey;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a device is linked, what it refuses, and what it makes of changes of the own account. */
class LinkingTest {
  @TempDir Path folder;
  private Party alice;
  private FailingStore store;

  @BeforeEach
  void aliceHasOneDevice() {
    alice = new Party("alice", folder);
    store = new FailingStore(folder.resolve("new"));
  }

  @AfterEach
  void closeStores() {
    alice.close();
    store.close();
  }

  private void assertRefused(Alarm alarm, AccountReply.Linking offer) {
    Breach breach =
        assertThrows(
            Breach.class,
            () -> Party.prepareLink(store, alice.user, offer, Optional.empty()));
    assertEquals(alarm, breach.alarm());
    assertTrue(store.transaction(Self::find).isEmpty());
  }

  @Test
  void linkedDeviceIsTheLastOfTheNextListAndInTheVault() {
    ClientFrame.Link link =
        Party.prepareLink(store, alice.user, alice.offer(), Optional.empty()).frame().apply(4);
    DeviceList list = link.deviceList();
    assertEquals(2, list.version());
    assertEquals(Statements.listHash(alice.list()), list.prevHash());
    assertEquals(alice.list().devices(), list.devices().subList(0, 1));
    assertEquals(
        store.transaction(Self::of).device(), list.devices().get(1).id());
    assertTrue(Statements.verifyDeviceList(list));
    assertEquals(2, link.vaultVersion());
    assertEquals(Optional.empty(), link.recoveryVault());
  }

  @Test
  void flippedVaultIsRefused() {
    byte[] flipped = alice.registered.vault().toArray();
    flipped[40] ^= 1;
    assertRefused(
        Alarm.VAULT_REFUSED,
        alice.offer(alice.list(), Bytes.of(flipped), Optional.empty()));
  }

  @Test
  void listThatTheAccountKeyDidNotSignIsRefused() {
    assertRefused(
        Alarm.VAULT_REFUSED,
        alice.offer(alice.forgedList(), alice.registered.vault(), Optional.empty()));
  }

  @Test
  void oldVaultBesideANewerListIsRefused() {
    assertRefused(
        Alarm.VAULT_REFUSED,
        alice.offer(alice.nextList(7), alice.registered.vault(), Optional.empty()));
  }

  @Test
  void oldListBesideANewerVaultIsRefused() {
    Party phone = new Party(alice, alice.offer(), folder);
    assertRefused(
        Alarm.VAULT_REFUSED,
        alice.offer(alice.listBefore(), phone.registered.vault(), Optional.empty()));
    phone.close();
  }

  @Test
  void pinsComeFromSyncBeforeAnybodyIsLookedUp() {
    Party bob = new Party("bob", folder);
    alice.learn(bob);
    verify(alice, bob);
    Party phone = linkedWith(alice, sync(alice, 1));
    assertTrue(isVerified(phone, bob));
    DeviceList forged = bob.forgedList();
    assertEquals(Optional.of(forged.accountKey()), phone.learn(bob.user, forged));
    phone.close();
    bob.close();
  }

  @Test
  void olderSyncVerifiesNobody() {
    Party bob = new Party("bob", folder);
    alice.learn(bob);
    verify(alice, bob);
    Party phone = linkedWith(alice, sync(alice, 5));
    AccountReply.Linking offer =
        phone.offer(phone.list(), phone.registered.vault(), sync(alice, 4));
    Linking.Prepared prepared =
        Party.prepareLink(store, alice.user, offer, Optional.empty());
    assertEquals(Optional.of(Alarm.SYNC_ROLLED_BACK), prepared.refused());
    boolean isVerified =
        store.transaction(rows -> new People(rows, Party.HOST).isVerified(bob.user));
    assertFalse(isVerified);
    phone.close();
    bob.close();
  }

  @Test
  void ninthDeviceNeedsOneToGoAndBringsANewOwnKey() {
    Party last = alice;
    for (int i = 1; i < DeviceList.DEVICES_MAX; i++) {
      Party next = new Party(last, last.offer(), folder);
      next.close();
      next.reopen(next.store.file());
      last = next;
    }
    AccountReply.Linking offer = last.offer();
    DevicesFull full =
        assertThrows(
            DevicesFull.class,
            () -> Party.prepareLink(store, alice.user, offer, Optional.empty()));
    assertEquals(DeviceList.DEVICES_MAX, full.devices().size());
    assertTrue(store.transaction(Self::find).isEmpty());
    var gone = alice.self().device();
    DeviceList list =
        Party.prepareLink(store, alice.user, offer, Optional.of(gone))
            .frame()
            .apply(4)
            .deviceList();
    assertEquals(DeviceList.DEVICES_MAX, list.devices().size());
    assertTrue(list.device(gone).isEmpty());
    long newestKey = store.transaction(rows -> new OwnKeys(rows).newest().id());
    assertEquals(2, newestKey);
  }

  @Test
  void listOfTheOwnUserIsTakenOnlyFromItsDevices() {
    Party phone = new Party(alice, alice.offer(), folder);
    assertEquals(1, alice.hear(phone.list()).events().stream()
        .filter(ClientEvent.OwnDevicesChanged.class::isInstance).count());
    assertAlarm(Alarm.DEVICE_LIST_ROLLED_BACK, alice.listBefore());
    assertAlarm(Alarm.DEVICE_LIST_ROLLED_BACK, alice.nextListAfter(alice.listBefore(), 9));
    assertAlarm(Alarm.OWN_ACCOUNT_KEY_CHANGED, alice.forgedList());
    phone.close();
  }

  private void assertAlarm(Alarm alarm, DeviceList list) {
    Breach breach = assertThrows(Breach.class, () -> alice.hear(list));
    assertEquals(alarm, breach.alarm());
  }

  @Test
  void newAccountKeyIsTakenIfAnOwnDeviceAnnouncedIt() {
    var key = Ed25519.generate(alice.random);
    DeviceList before = alice.list();
    DeviceList list =
        Statements.signDeviceList(
                key, alice.user, Party.HOST, 2, Statements.listHash(before), before.devices())
            .with(
                Statements.signKeyChange(
                    alice.self().deviceKey(),
                    alice.self().device(),
                    before,
                    Bytes.of(key.publicKey())));
    assertTrue(
        alice.hear(list).events().contains(
            new ClientEvent.OwnKeyChanged(alice.self().device())));
  }

  @Test
  void removedDeviceErasesOnlyOnTheWordOfTheOwnDevices() {
    Party phone = new Party(alice, alice.offer(), folder);
    DeviceList without = phone.listWithout(phone);
    assertFalse(erases(phone, Optional.empty()));
    assertFalse(erases(phone, Optional.of(alice.forgedList())));
    assertFalse(erases(phone, Optional.of(alice.listBefore())));
    assertTrue(erases(phone, Optional.of(without)));
    assertTrue(phone.store.transaction(Self::find).isEmpty());
    phone.close();
  }

  private static boolean erases(Party party, Optional<DeviceList> list) {
    return party.store.transaction(rows -> OwnLists.eraseIfRemoved(rows, list));
  }

  @Test
  void nothingIsSyncedUntilTheKeyThatARemovedDeviceLacksIsHere() {
    Party phone = new Party(alice, alice.offer(), folder);
    Party tablet = new Party(phone, phone.offer(), folder);
    alice.hear(tablet.list());
    Party bob = new Party("bob", folder);
    alice.learn(bob);
    assertTrue(due(alice));
    DeviceList without = tablet.listWithout(phone);
    alice.hear(without);
    assertFalse(due(alice));
    alice.store.transaction(
        rows -> {
          var key = OwnKey.generate(2, alice.random);
          new OwnKeys(rows).add(key, without.version());
          return null;
        });
    assertTrue(due(alice));
    List.of(phone, tablet, bob).forEach(Party::close);
  }

  @Test
  void olderSyncIsAnAlarm() {
    Party phone = new Party(alice, alice.offer(), folder);
    alice.hear(phone.list());
    join(alice, sync(alice, 3).orElseThrow());
    AccountReply.SyncBlob older = sync(alice, 2).orElseThrow();
    assertThrows(Breach.class, () -> join(alice, older));
    phone.close();
  }

  private static void join(Party party, AccountReply.SyncBlob blob) {
    party.store.transaction(
        rows -> {
          new Sync(rows, Self.of(rows), party.random)
              .join(blob.counter(), Optional.of(blob.blob()), false);
          return null;
        });
  }

  private static boolean due(Party party) {
    return party.store.transaction(
        rows -> new Sync(rows, Self.of(rows), party.random).due().isPresent());
  }

  private Party linkedWith(Party first, Optional<AccountReply.SyncBlob> sync) {
    return new Party(first, first.offer(first.list(), first.registered.vault(), sync), folder);
  }

  private static void verify(Party party, Party other) {
    party.store.transaction(
        rows -> {
          new People(rows, Party.HOST).setVerified(other.user, true);
          return null;
        });
  }

  private static boolean isVerified(Party party, Party other) {
    return party.store.transaction(
        rows -> new People(rows, Party.HOST).isVerified(other.user));
  }

  /** What a device would put under that counter. */
  private static Optional<AccountReply.SyncBlob> sync(Party party, long counter) {
    return party.store.transaction(
        rows -> {
          byte[] content = new Sync(rows, Self.of(rows), party.random).content().toJson();
          byte[] blob =
              new OwnKeys(rows)
                  .newest()
                  .sealSync(Party.HOST, party.user.value(), counter, content, party.random);
          return Optional.of(new AccountReply.SyncBlob(counter, Bytes.of(blob)));
        });
  }
}
