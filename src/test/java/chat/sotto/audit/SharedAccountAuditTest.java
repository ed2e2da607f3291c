package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.audit.Finding.Code;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.LogPoint;
import chat.sotto.user.UserEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What devices share and archive, and what removed ones do, is judged at its place. */
class SharedAccountAuditTest extends BobsAccount {
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
}
