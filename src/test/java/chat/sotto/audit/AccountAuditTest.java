package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.audit.Finding.Code;
import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.user.BodyIds;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.UserEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to accounts with several devices is judged at its place, by their own lists. */
class AccountAuditTest {
  private static final String ALICE = "User|alice";
  private static final String BOB = "User|bob";
  private static final String CONTENT = "a vault of another device";
  private static final Bytes VAULT = Member.digest(CONTENT);
  private static final Ed25519.SigningKey NEW_KEY = Member.accountKey("bob's second");
  private static final Ed25519.SigningKey SERVER = Ed25519.fromSeed(new byte[32]);

  @TempDir Path data;
  private MadeJournal journal;
  private Member alice;
  private Member bob;
  private Member phone;
  private GroupId group;

  @BeforeEach
  void makeJournal() throws SQLException {
    journal = new MadeJournal(data);
    alice = journal.register("alice");
    bob = journal.register("bob");
    journal.acceptBriefly(alice, bob);
    phone = journal.link(bob, "phone");
    journal.acceptBriefly(alice, bob);
    journal.acceptBriefly(bob, bob);
    journal.acknowledge(bob);
    journal.acknowledge(phone);
    group = journal.found(alice, 7);
    journal.join(group, alice, bob);
    keep(BodyIds.vault(bob.user, VAULT), CONTENT);
  }

  private List<Finding> findings() throws SQLException {
    journal.close();
    return audit();
  }

  private List<Finding> audit() {
    try (JournalFile file = JournalFile.open(data)) {
      return Audit.run(file, Options.standard()).findings();
    }
  }

  private void assertOnly(Code code, String entity, long number) throws SQLException {
    assertOnly(code, entity, number, findings());
  }

  private static void assertOnly(
      Code code, String entity, long number, List<Finding> findings) {
    assertEquals(1, findings.size(), findings.toString());
    Finding found = findings.get(0);
    assertEquals(
        List.of(code, entity, number),
        List.of(found.code(), found.entity(), found.number()),
        found.toString());
  }

  /** The event, put at the end of bob's journal by somebody who asks no state. */
  private void assertFound(Code code, LongFunction<UserEvent> event) throws SQLException {
    long time = journal.now() + 1;
    journal.close();
    long number;
    try (var forger = new Forger(data)) {
      number = forger.last(BOB) + 1;
      String json =
          new String(
              UserEvent.CODEC.encode(event.apply(time)).toArray(), StandardCharsets.UTF_8);
      forger.insert(BOB, number, json);
    }
    assertOnly(code, BOB, number, audit());
  }

  private void assertBroken(LongFunction<UserEvent> event) throws SQLException {
    assertFound(Code.RULE_BROKEN, event);
  }

  private void assertListFound(Code code, Member by, DeviceList list) throws SQLException {
    assertFound(code, time -> changed(time, by, ChangeProof.PASSWORD, Optional.of(list)));
  }

  private UserEvent.AccountChanged changed(
      long time, Member by, ChangeProof proof, Optional<DeviceList> list) {
    return journal.changed(time, by, proof, list, VAULT);
  }

  private DeviceList list() {
    return journal.list(bob);
  }

  private Point head() {
    return journal.state(bob).inbox().head();
  }

  private Device[] rows(Device... more) {
    var rows = new ArrayList<>(list().devices());
    rows.addAll(List.of(more));
    return rows.toArray(Device[]::new);
  }

  private Device bobsRow() {
    return list().device(bob.device).orElseThrow();
  }

  @Test
  void whatSeveralDevicesDoHolds() throws SQLException {
    journal.accept(alice, bob);
    journal.accept(phone, bob);
    journal.accept(phone, alice);
    journal.putSync(phone);
    journal.putSync(bob);
    journal.archive(phone);
    journal.changePassword(bob);
    journal.post(group, phone);
    journal.remove(bob, phone);
    journal.add(bob, time -> new UserEvent.ResetAsked(time, bob.device));
    journal.add(bob, UserEvent.ResetCancelled::new);
    Member laptop = journal.link(bob, "laptop");
    journal.propose(group, bob, new GroupProposal.Devices(list()));
    journal.accept(laptop, bob);

    assertEquals(List.of(), findings());
  }

  // Lists

  @Test
  void aListIsSignedByItsAccount() throws SQLException {
    DeviceList forged = bob.next(Member.accountKey("mallory"), list(), bobsRow());
    var list =
        new DeviceList(
            bob.user,
            Member.HOST,
            forged.version(),
            forged.prevHash(),
            list().accountKey(),
            forged.devices(),
            forged.signature());
    assertListFound(Code.SIGNATURE_WRONG, bob, list);
  }

  @Test
  void noVersionIsLeftOut() throws SQLException {
    DeviceList next = bob.next(list(), bobsRow());
    assertListFound(Code.RULE_BROKEN, bob, bob.next(next, bobsRow()));
  }

  @Test
  void aListNamesTheOneBefore() throws SQLException {
    assertListFound(
        Code.RULE_BROKEN,
        bob,
        Statements.signDeviceList(
            bob.accountKey, bob.user, Member.HOST, 3, Member.digest("other"), List.of(bobsRow())));
  }

  @Test
  void aNewDeviceBeginsAtTheHead() throws SQLException {
    Member laptop = bob.another("laptop");
    DeviceList list = bob.next(list(), rows(laptop.row(bobsRow().inboxStart())));
    assertListFound(Code.RULE_BROKEN, laptop, list);
  }

  @Test
  void aChangeBringsNoDeviceButTheOneThatMakesIt() throws SQLException {
    Member laptop = bob.another("laptop");
    assertListFound(Code.RULE_BROKEN, bob, bob.next(list(), rows(laptop.row(head()))));
  }

  @Test
  void rowsStayAsTheyAre() throws SQLException {
    DeviceList list = bob.next(list(), bob.row(head()), phone.row(head()));
    assertListFound(Code.RULE_BROKEN, bob, list);
  }

  @Test
  void idsAreNotUsedAgain() throws SQLException {
    journal.remove(bob, phone);
    assertListFound(Code.RULE_BROKEN, phone, bob.next(list(), rows(phone.row(head()))));
  }

  @Test
  void changesAreMadeByDevicesOfTheAccount() throws SQLException {
    journal.remove(bob, phone);
    assertListFound(Code.RULE_BROKEN, phone, bob.next(list(), bobsRow()));
  }

  @Test
  void aListIsOfTheSameServer() throws SQLException {
    assertListFound(
        Code.RULE_BROKEN,
        bob,
        Statements.signDeviceList(
            bob.accountKey,
            bob.user,
            "elsewhere.example",
            3,
            Statements.listHash(list()),
            List.of(bobsRow())));
  }

  // Account keys

  private DeviceList underNewKey(Member by) {
    DeviceList list = bob.next(NEW_KEY, list(), rows());
    return list.with(
        Statements.signKeyChange(by.deviceKey, by.device, list(), list.accountKey()));
  }

  @Test
  void aNewAccountKeyThatItsDeviceAnnouncesHolds() throws SQLException {
    journal.change(phone, underNewKey(phone));
    journal.propose(group, bob, new GroupProposal.Devices(list()));

    assertEquals(List.of(), findings());
  }

  @Test
  void aNewAccountKeyIsAnnounced() throws SQLException {
    assertListFound(Code.RULE_BROKEN, bob, bob.next(NEW_KEY, list(), rows()));
  }

  @Test
  void aNewAccountKeyIsAnnouncedByTheDeviceThatBeginsIt() throws SQLException {
    assertListFound(Code.RULE_BROKEN, bob, underNewKey(phone));
  }

  @Test
  void anAnnouncementIsSignedByItsDevice() throws SQLException {
    DeviceList list = underNewKey(bob);
    DeviceList forged =
        list.with(
            Statements.signKeyChange(
                phone.deviceKey, bob.device, list(), list.accountKey()));
    assertListFound(Code.SIGNATURE_WRONG, bob, forged);
  }

  @Test
  void anAnnouncementDoesNotComeLater() throws SQLException {
    DeviceList announced = underNewKey(bob);
    assertListFound(
        Code.RULE_BROKEN,
        bob,
        bob.next(list(), bobsRow()).with(announced.keyChange().orElseThrow()));
  }

  // Proofs

  @Test
  void vaultsAreCounted() throws SQLException {
    assertBroken(
        time ->
            new UserEvent.AccountChanged(
                time,
                bob.device,
                Optional.empty(),
                Optional.empty(),
                Optional.of(VAULT),
                4,
                Optional.empty(),
                ChangeProof.PASSWORD));
  }

  @Test
  void aResetIsAskedForByItsDevice() throws SQLException {
    journal.add(phone, time -> new UserEvent.ResetAsked(time, phone.device));
    DeviceList list = underNewKey(bob);
    assertBroken(time -> withPassword(changed(time, bob, ChangeProof.RESET, Optional.of(list))));
  }

  private static UserEvent.AccountChanged withPassword(UserEvent.AccountChanged event) {
    return new UserEvent.AccountChanged(
        event.time(),
        event.device(),
        event.deviceList(),
        Optional.of(Member.digest("credentials")),
        event.vault(),
        event.vaultVersion(),
        event.recovery(),
        event.proof());
  }

  @Test
  void aResetBeginsANewAccountKey() throws SQLException {
    journal.add(bob, time -> new UserEvent.ResetAsked(time, bob.device));
    DeviceList list = bob.next(list(), rows());
    assertBroken(time -> withPassword(changed(time, bob, ChangeProof.RESET, Optional.of(list))));
  }

  @Test
  void aResetIsAskedForOnce() throws SQLException {
    journal.add(bob, time -> new UserEvent.ResetAsked(time, bob.device));
    assertBroken(time -> new UserEvent.ResetAsked(time, bob.device));
  }

  @Test
  void onlyAResetThatWaitsIsCancelled() throws SQLException {
    assertBroken(UserEvent.ResetCancelled::new);
  }

  @Test
  void noCodeProvesAnythingBeforeItIsSet() throws SQLException {
    assertBroken(time -> withPassword(changed(time, bob, ChangeProof.RECOVERY, Optional.empty())));
  }

  @Test
  void aCodeBringsANewPassword() throws SQLException {
    journal.changePassword(bob);
    assertBroken(time -> changed(time, bob, ChangeProof.RECOVERY, Optional.empty()));
  }

  @Test
  void aNewPasswordEndsTheTokensOfOthers() throws SQLException {
    journal.changePassword(bob);
    assertBroken(time -> new UserEvent.TokenUsed(time, phone.device, time + 1_000_000_000));
  }

  // Put back after a restore

  private UserEvent putBack(long time, DeviceList list) {
    return new UserEvent.AccountChanged(
        time,
        bob.device,
        Optional.of(list),
        Optional.empty(),
        Optional.empty(),
        2,
        Optional.empty(),
        ChangeProof.RESTORED);
  }

  private void restore() throws SQLException {
    Point head = head();
    journal.add(
        bob,
        time ->
            UserEvent.Restored.of(
                Restored.sign(
                    SERVER, Member.HOST, LogPoint.INBOX, "bob", 2, head, time, time - 1)));
    journal.writer().meta("server-key", Bytes.of(SERVER.publicKey()).toString());
  }

  @Test
  void aListIsPutBackAfterARestore() throws SQLException {
    restore();
    Member laptop = bob.another("laptop");
    DeviceList lost = bob.next(list(), rows());
    DeviceList later = bob.next(lost, rows(laptop.row(bobsRow().inboxStart())));
    journal.add(bob, time -> putBack(time, later));

    assertEquals(List.of(), findings());
  }

  @Test
  void noListIsPutBackWithoutARestore() throws SQLException {
    DeviceList list = bob.next(list(), rows());
    assertBroken(time -> putBack(time, list));
  }

  @Test
  void aListIsPutBackUnderTheKnownAccountKey() throws SQLException {
    restore();
    DeviceList list = underNewKey(bob);
    assertBroken(time -> putBack(time, list));
  }

  // What devices share

  @Test
  void sharedBlobsAreCounted() throws SQLException {
    assertBroken(time -> new UserEvent.SyncPut(time, bob.device, 2, VAULT, 5));
  }

  @Test
  void batchesAreNumbered() throws SQLException {
    assertBroken(time -> new UserEvent.ArchiveAppended(time, bob.device, 2, VAULT, 5));
  }

  @Test
  void aRemovedDeviceSharesNothing() throws SQLException {
    journal.remove(bob, phone);
    assertBroken(time -> new UserEvent.SyncPut(time, phone.device, 1, VAULT, 5));
  }

  @Test
  void aRemovedDeviceArchivesNothing() throws SQLException {
    journal.remove(bob, phone);
    assertBroken(time -> new UserEvent.ArchiveAppended(time, phone.device, 1, VAULT, 5));
  }

  @Test
  void aRemovedDeviceErasesNoArchive() throws SQLException {
    journal.remove(bob, phone);
    assertBroken(time -> new UserEvent.ArchiveDropped(time, phone.device));
  }

  @Test
  void aRemovedDeviceAcknowledgesNothing() throws SQLException {
    journal.accept(alice, bob);
    var item = new LogPoint(LogPoint.INBOX, "bob", 1, head().sequenceNr(), head().hash());
    long nr = journal.state(bob).chain().sequenceNr();
    long total = journal.state(bob).devices().get(phone.device).total();
    journal.remove(bob, phone);
    Bytes signature = phone.signAck(List.of(item));
    assertBroken(
        time ->
            new UserEvent.Acked(
                time,
                phone.device,
                List.of(item),
                signature,
                time,
                Optional.of(nr),
                Optional.of(total)));
  }

  // Entries

  @Test
  void anEntryFromARemovedDeviceIsFound() throws SQLException {
    journal.remove(bob, phone);
    journal.advance(Duration.ofMinutes(2));
    journal.accept(phone, alice);

    assertOnly(Code.SENDER_UNKNOWN, ALICE, journal.state(alice).chain().sequenceNr());
  }

  @Test
  void anEntryFromADeviceThatIsAddedLaterIsFound() throws SQLException {
    journal.accept(bob.another("laptop"), alice);
    long number = journal.state(alice).chain().sequenceNr();
    journal.advance(Duration.ofMinutes(2));
    journal.link(bob, "laptop");

    assertOnly(Code.SENDER_UNKNOWN, ALICE, number);
  }

  @Test
  void anEntryToOneselfFromARemovedDeviceIsFoundAtOnce() throws SQLException {
    journal.remove(bob, phone);
    journal.accept(phone, bob);

    assertOnly(Code.SENDER_UNKNOWN, BOB, journal.state(bob).chain().sequenceNr());
  }

  @Test
  void theBytesUpToAnOwnEntryAreCompared() throws SQLException {
    journal.accept(bob, bob);
    var item = new LogPoint(LogPoint.INBOX, "bob", 1, head().sequenceNr(), head().hash());
    long nr = journal.state(bob).chain().sequenceNr();
    long total = journal.state(bob).devices().get(bob.device).total();
    journal.accept(alice, bob);
    Bytes signature = bob.signAck(List.of(item));
    assertFound(
        Code.ACKNOWLEDGED_NOTHING,
        time ->
            new UserEvent.Acked(
                time,
                bob.device,
                List.of(item),
                signature,
                time,
                Optional.of(nr),
                Optional.of(total + 1)));
  }

  // Groups

  @Test
  void aPostByARemovedDeviceIsFound() throws SQLException {
    journal.remove(bob, phone);
    journal.advance(Duration.ofMinutes(2));
    journal.post(group, phone);

    assertOnly(
        Code.SENDER_UNKNOWN,
        "Group|" + group,
        journal.state(group).head().sequenceNr());
  }

  @Test
  void aListThatWasProposedMayBeCommittedAfterTheNextOne() throws SQLException {
    DeviceList proposed = underNewKey(phone);
    journal.change(phone, proposed);
    journal.propose(group, bob, new GroupProposal.Devices(proposed));
    journal.change(bob, bob.next(NEW_KEY, proposed, bobsRow()));
    journal.change(group, alice, new GroupOp.Devices(bob.user, proposed));
    journal.post(group, phone);

    assertEquals(List.of(), findings());
  }

  @Test
  void aListThatItsAccountNeverHadIsFound() throws SQLException {
    DeviceList list = bob.next(list(), rows());
    journal.propose(group, bob, new GroupProposal.Devices(list));

    assertOnly(
        Code.DEVICE_LIST_UNKNOWN,
        "Group|" + group,
        journal.state(group).head().sequenceNr());
  }

  // Bodies

  @Test
  void whatWaitedForARemovedDeviceMayBeGone() throws SQLException {
    journal.accept(alice, bob);
    journal.acknowledge(bob, group);
    journal.remove(bob, phone);
    journal.close();
    try (var forger = new Forger(data)) {
      forger.run(
          "DELETE FROM body WHERE id LIKE 'body-%' OR id LIKE 'group-piece/%/'||?",
          phone.device.value());
    }

    assertEquals(List.of(), audit());
  }

  @Test
  void vaultsOfTheCodeAndWhatDevicesShareMustBeThere() throws SQLException {
    journal.changePassword(bob);
    journal.putSync(bob);
    journal.close();
    try (var forger = new Forger(data)) {
      forger.run("DELETE FROM body WHERE id LIKE 'recovery/%' OR id LIKE 'sync/%'");
    }

    assertEquals(
        List.of(Code.BODY_MISSING, Code.BODY_MISSING),
        audit().stream().map(Finding::code).toList());
  }

  @Test
  void anotherSizeOfWhatDevicesShareIsFound() throws SQLException {
    journal.putSync(bob);
    long number = journal.state(bob).chain().sequenceNr();
    journal.close();
    try (var forger = new Forger(data)) {
      forger.rewrite(BOB, number, json -> json.replaceFirst("\"size\":", "\"size\":1"));
    }

    assertOnly(Code.BODY_ALTERED, BOB, 0, audit());
  }

  // Opened again

  private DeviceList anew(Ed25519.SigningKey key, Member device) {
    return device.next(key, list(), device.row(head()));
  }

  private static UserEvent registered(long time, DeviceList list) {
    return new UserEvent.Registered(time, list, Member.digest("c"), Member.digest("v"));
  }

  private void reopen() throws SQLException {
    journal.add(bob, time -> new UserEvent.Erased(time, "lost everything"));
    journal.add(bob, time -> new UserEvent.Reopened(time, "asked in person"));
  }

  @Test
  void aNameThatWasOpenedAgainHolds() throws SQLException {
    reopen();
    DeviceList list = anew(NEW_KEY, bob.another("laptop"));
    journal.add(bob, time -> registered(time, list));
    keep(BodyIds.credentials(bob.user, Member.digest("c")), "c");
    keep(BodyIds.vault(bob.user, Member.digest("v")), "v");

    assertEquals(List.of(), findings());
  }

  private void keep(String id, String content) throws SQLException {
    journal.writer().body(id, content.getBytes(StandardCharsets.UTF_8), Optional.empty());
  }

  @Test
  void onlyAnErasedNameIsOpenedAgain() throws SQLException {
    assertBroken(time -> new UserEvent.Reopened(time, "asked in person"));
  }

  @Test
  void anAccountBeginsAnewUnderAnotherKey() throws SQLException {
    reopen();
    DeviceList list = anew(bob.accountKey, bob.another("laptop"));
    assertBroken(time -> registered(time, list));
  }

  @Test
  void anAccountBeginsAnewWithAnotherDevice() throws SQLException {
    reopen();
    DeviceList list = anew(NEW_KEY, phone);
    assertBroken(time -> registered(time, list));
  }

  @Test
  void anAccountThatLivesIsNotRegisteredAgain() throws SQLException {
    DeviceList list = anew(NEW_KEY, bob.another("laptop"));
    assertBroken(time -> registered(time, list));
  }
}
