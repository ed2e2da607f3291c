package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.audit.Finding.Code;
import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.user.BodyIds;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.UserEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lists, keys, passwords, resets and beginnings of accounts are judged at their place. */
class AccountAuditTest extends BobsAccount {
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

  // Groups

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