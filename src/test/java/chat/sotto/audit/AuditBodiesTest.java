package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.audit.Finding.Code;
import chat.sotto.group.GroupState;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.Prekey;
import chat.sotto.user.UserEvent;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that somebody still needs are there as they were put there; others may be gone. */
class AuditBodiesTest {
  private static final String BOB = "User|bob";

  @TempDir Path data;
  private MadeJournal journal;
  private Member alice;
  private Member bob;
  private GroupId group;
  private String groupName;

  @BeforeEach
  void makeJournal() throws SQLException {
    journal = new MadeJournal(data);
    alice = journal.register("alice");
    bob = journal.register("bob");
    group = journal.found(alice, 7);
    groupName = GroupState.entity(group);
  }

  private Result audit(Clock clock) {
    try (JournalFile file = JournalFile.open(data)) {
      return Audit.run(file, Options.standard().withClock(clock));
    }
  }

  private void assertHolds() {
    assertEquals(List.of(), audit(Clock.systemUTC()).findings());
  }

  private void assertOnly(Code code, String entity, long number) {
    List<Finding> findings = audit(Clock.systemUTC()).findings();
    assertEquals(1, findings.size(), findings.toString());
    Finding found = findings.get(0);
    assertEquals(
        List.of(code, entity, number),
        List.of(found.code(), found.entity(), found.number()),
        found.toString());
  }

  private void delete(String body) throws SQLException {
    journal.writer().deleteBody(body);
  }

  private void change(String sql, Object... values) throws SQLException {
    journal.close();
    try (var forger = new Forger(data)) {
      forger.run(sql, values);
    }
  }

  // Inboxes

  @Test
  void whatWaitsMustBeThere() throws SQLException {
    String body = journal.accept(alice, bob);
    delete(body);
    journal.close();

    assertOnly(Code.BODY_MISSING, BOB, journal.state(bob).chain().sequenceNr());
  }

  @Test
  void whatWasAcknowledgedMayBeGoneOrThere() throws SQLException {
    delete(journal.accept(alice, bob));
    journal.accept(alice, bob);
    journal.acknowledge(bob);
    journal.close();

    assertHolds();
  }

  @Test
  void archivedBatchesMustBeThereAsTheyWerePutThere() throws SQLException {
    delete(journal.archive(bob));
    journal.add(bob, time -> new UserEvent.ArchiveDropped(time, bob.device));
    String missing = journal.archive(bob);
    long number = journal.state(bob).chain().sequenceNr();
    journal.archive(bob);
    delete(missing);
    journal.close();

    assertOnly(Code.BODY_MISSING, BOB, number);
  }

  @Test
  void archivedBatchThatWasReplacedIsFound() throws SQLException {
    String body = journal.archive(bob);
    long number = journal.state(bob).chain().sequenceNr();
    change("UPDATE body SET bytes = ? WHERE id = ?", new byte[] {1}, body);

    assertOnly(Code.BODY_ALTERED, BOB, number);
  }

  @Test
  void whatHasExpiredMayBeGone() throws SQLException {
    delete(journal.accept(alice, bob));
    journal.close();

    Instant later = Instant.ofEpochMilli(journal.now()).plus(Duration.ofDays(31));
    assertEquals(List.of(), audit(Clock.fixed(later, ZoneOffset.UTC)).findings());
  }

  @Test
  void inACopyWhatHasExpiredSinceMustBeThere() throws SQLException {
    delete(journal.accept(alice, bob));
    journal.writer().meta("copy-time", Long.toString(journal.now()));
    journal.close();

    Instant later = Instant.ofEpochMilli(journal.now()).plus(Duration.ofDays(31));
    List<Finding> findings = audit(Clock.fixed(later, ZoneOffset.UTC)).findings();
    assertEquals(Code.BODY_MISSING, findings.get(0).code());
  }

  @Test
  void anotherContentIsFound() throws SQLException {
    String body = journal.accept(alice, bob);
    change("UPDATE body SET bytes = CAST('other' AS BLOB) WHERE id = ?", body);

    assertOnly(Code.BODY_ALTERED, BOB, journal.state(bob).chain().sequenceNr());
  }

  @Test
  void anEarlierExpiryIsFound() throws SQLException {
    String body = journal.accept(alice, bob);
    change("UPDATE body SET expires_at = expires_at - 1 WHERE id = ?", body);

    assertOnly(Code.BODY_ALTERED, BOB, journal.state(bob).chain().sequenceNr());
  }

  // What is kept

  @Test
  void credentialsAndVaultMustBeThere() throws SQLException {
    change("DELETE FROM body WHERE id LIKE 'credentials/bob/%'");
    assertOnly(Code.BODY_MISSING, BOB, 0);
    try (var forger = new Forger(data)) {
      forger.run("DELETE FROM body WHERE id LIKE 'vault/%'");
    }
    assertEquals(3, audit(Clock.systemUTC()).findingCount());
  }

  @Test
  void prekeysMustBeThereWithTheirKeys() throws SQLException {
    String body = MadeJournal.prekeyBody(bob, bob.prekey(2, Prekey.Kind.ONE_TIME));
    change("UPDATE body SET bytes = zeroblob(96) WHERE id = ?", body);
    assertOnly(Code.BODY_ALTERED, BOB, 0);
    try (var forger = new Forger(data)) {
      forger.run("DELETE FROM body WHERE id = ?", body);
    }
    assertOnly(Code.BODY_MISSING, BOB, 0);
  }

  @Test
  void prekeysMustBeGivenOutWithTheDevicesSignature() throws SQLException {
    String body = MadeJournal.prekeyBody(bob, bob.prekey(2, Prekey.Kind.ONE_TIME));
    change(
        "UPDATE body SET bytes = CAST(zeroblob(64) || substr(bytes, 65) AS BLOB) WHERE id = ?",
        body);

    assertOnly(Code.SIGNATURE_WRONG, BOB, 0);
  }

  // Groups

  @Test
  void postsMustBeThereUntilAllWhoMayReadThemHaveThem() throws SQLException {
    journal.join(group, alice, bob);
    String post = journal.post(group, alice);
    journal.acknowledge(bob, group);
    delete(post);
    long number = journal.state(group).head().sequenceNr();
    journal.close();
    assertOnly(Code.BODY_MISSING, groupName, number);
  }

  @Test
  void postsThatAllHaveMayBeGone() throws SQLException {
    journal.join(group, alice, bob);
    String post = journal.post(group, alice);
    journal.acknowledge(bob, group);
    journal.acknowledge(alice, group);
    delete(post);
    journal.close();

    assertHolds();
  }

  @Test
  void newcomersAndTheInvitedNeedNoPostsOfBefore() throws SQLException {
    journal.invite(group, alice, bob);
    String post = journal.post(group, alice);
    journal.acknowledge(alice, group);
    delete(post);
    journal.confirm(group, bob, alice);
    journal.close();

    assertHolds();
  }

  @Test
  void anotherPostIsFound() throws SQLException {
    String post = journal.post(group, alice);
    change("UPDATE body SET bytes = CAST('cipherText' AS BLOB) WHERE id = ?", post);

    assertOnly(Code.BODY_ALTERED, groupName, 2);
  }

  @Test
  void piecesMustBeThereUntilTheirDeviceHasAcknowledged() throws SQLException {
    journal.join(group, alice, bob);
    change("DELETE FROM body WHERE id LIKE 'group-piece/%'");

    assertOnly(Code.BODY_MISSING, groupName, 2);
  }

  @Test
  void piecesThatWereTakenMayBeGone() throws SQLException {
    journal.join(group, alice, bob);
    journal.acknowledge(bob, group);
    change("DELETE FROM body WHERE id LIKE 'group-piece/%'");

    assertHolds();
  }

  @Test
  void sealedNamesAndRostersForNewcomersMustBeThere() throws SQLException {
    journal.join(group, alice, bob);
    journal.acknowledge(bob, group);
    change("DELETE FROM body WHERE id LIKE 'group-info/%/attempt-0'");
    assertOnly(Code.BODY_MISSING, groupName, 1);
    try (var forger = new Forger(data)) {
      forger.run("DELETE FROM body WHERE id LIKE 'group-roster/%'");
    }
    assertEquals(2, audit(Clock.systemUTC()).findingCount());
  }

  @Test
  void anotherRosterForNewcomersIsFound() throws SQLException {
    journal.join(group, alice, bob);
    change(
        "UPDATE body SET bytes = CAST(replace(CAST(bytes AS TEXT), 'invited', 'member') AS BLOB)"
            + " WHERE id LIKE 'group-roster/%/attempt-1'");

    assertEquals(
        List.of(Code.BODY_ALTERED),
        audit(Clock.systemUTC()).findings().stream().map(Finding::code).toList());
  }

  @Test
  void whoWasRemovedStillGetsWhatCameBefore() throws SQLException {
    journal.join(group, alice, bob);
    String post = journal.post(group, alice);
    long number = journal.state(group).head().sequenceNr();
    journal.change(group, alice, new GroupOp.Remove(bob.user));
    journal.acknowledge(alice, group);
    delete(post);
    journal.close();

    assertOnly(Code.BODY_MISSING, groupName, number);
  }
}
