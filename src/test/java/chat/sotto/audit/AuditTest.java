package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.audit.Finding.Code;
import chat.sotto.crypto.Ed25519;
import chat.sotto.group.GroupState;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.user.UserEvent;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a forger does to a journal that holds is found, and named where it was done. */
class AuditTest {
  private static final String ALICE = "User|alice";
  private static final String BOB = "User|bob";
  private static final Ed25519.SigningKey SERVER = Ed25519.fromSeed(new byte[32]);

  @TempDir Path data;
  private MadeJournal journal;
  private Member alice;
  private Member bob;
  private Member carol;
  private GroupId group;
  private String groupName;

  interface Change {
    void make(Forger forger) throws SQLException;
  }

  @BeforeEach
  void makeJournal() throws SQLException {
    journal = new MadeJournal(data);
    alice = journal.register("alice");
    bob = journal.register("bob");
    carol = journal.register("carol");
    for (int i = 0; i < 3; i++) {
      journal.acceptBriefly(alice, bob);
      journal.acceptBriefly(bob, alice);
    }
    group = journal.found(alice, 7);
    groupName = GroupState.entity(group);
    journal.join(group, alice, bob);
    journal.join(group, alice, carol);
    journal.post(group, alice);
    journal.post(group, bob);
    journal.acknowledge(alice, group);
    journal.acknowledge(bob, group);
    journal.change(group, alice, new GroupOp.Remove(carol.user));
    journal.post(group, alice);
  }

  private Result audit() {
    return audit(Options.standard());
  }

  private Result audit(Options options) {
    try (JournalFile file = JournalFile.open(data)) {
      return Audit.run(file, options);
    }
  }

  private void change(Change change) throws SQLException {
    journal.close();
    try (var forger = new Forger(data)) {
      change.make(forger);
    }
  }

  private Finding only(Change change) throws SQLException {
    change(change);
    Result result = audit();
    assertEquals(1, result.findingCount(), result.findings().toString());
    return result.findings().get(0);
  }

  private static void assertFinding(Code code, String entity, long number, Finding found) {
    assertEquals(
        List.of(code, entity, number),
        List.of(found.code(), found.entity(), found.number()),
        found.toString());
  }

  private Set<Code> codes() {
    return Set.copyOf(audit().findings().stream().map(Finding::code).toList());
  }

  @Test
  void whatHoldsHolds() throws SQLException {
    journal.accept(carol, bob);
    journal.propose(group, bob, new GroupProposal.Leave());
    journal.change(group, alice, new GroupOp.Leave(bob.user));
    journal.close();

    Result result = audit();

    assertEquals(List.of(), result.findings());
    assertTrue(result.holds());
    assertEquals(3, result.counts().get(Counted.USERS));
    assertEquals(1, result.counts().get(Counted.GROUPS));
    assertEquals(7, result.counts().get(Counted.ENTRIES));
    assertEquals(3, result.counts().get(Counted.POSTS));
    assertEquals(2, result.counts().get(Counted.ACKNOWLEDGEMENTS));
    // Lists, prekeys, acknowledgements, entries of the group.
    assertEquals(3 + 9 + 2 + 11, result.counts().get(Counted.SIGNATURES));
    assertEquals(0, result.counts().get(Counted.EVENTS_NOT_JUDGED));
  }

  // The chain

  @Test
  void findsAChangedEvent() throws SQLException {
    Finding found =
        only(
            forger ->
                forger.run(
                    "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"n\":2',"
                        + " '\"n\":3') AS BLOB) WHERE entity = ? AND nr = 5",
                    forger.id(BOB)));

    assertFinding(Code.CHAIN_BROKEN, BOB, 5, found);
  }

  @Test
  void findsADeletedEventAndCountsWhatFollows() throws SQLException {
    change(forger -> forger.run("DELETE FROM event WHERE entity = ? AND nr = 2", forger.id(BOB)));

    Result result = audit();

    assertFinding(Code.EVENT_MISSING, BOB, 2, result.findings().get(0));
    assertEquals(1, result.findingCount(), result.findings().toString());
    assertEquals(6, result.counts().get(Counted.EVENTS_NOT_JUDGED));
  }

  @Test
  void findsSwappedEvents() throws SQLException {
    Finding found =
        only(
            forger -> {
              forger.run("UPDATE event SET nr = -1 WHERE entity = ? AND nr = 4", forger.id(BOB));
              forger.run("UPDATE event SET nr = 4 WHERE entity = ? AND nr = 5", forger.id(BOB));
              forger.run("UPDATE event SET nr = 5 WHERE entity = ? AND nr = -1", forger.id(BOB));
            });

    assertFinding(Code.CHAIN_BROKEN, BOB, 4, found);
  }

  @Test
  void findsARepeatedEventAndOneOfAnotherEntity() throws SQLException {
    change(
        forger -> {
          copy(forger, BOB, 4, BOB, forger.last(BOB) + 1);
          copy(forger, BOB, 4, ALICE, forger.last(ALICE) + 1);
        });

    List<Finding> findings = audit().findings();

    assertFinding(Code.CHAIN_BROKEN, ALICE, 9, findings.get(0));
    assertFinding(Code.CHAIN_BROKEN, BOB, 9, findings.get(1));
  }

  private static void copy(Forger forger, String from, long nr, String to, long newNr)
      throws SQLException {
    forger.run(
        "INSERT INTO event SELECT ?, ?, written_at, writer, serializer, manifest,"
            + " previous_hash, hash, bytes FROM event WHERE entity = ? AND nr = ?",
        forger.id(to),
        newNr,
        forger.id(from),
        nr);
  }

  @Test
  void findsAnEventBeforeTheFirst() throws SQLException {
    Finding found = only(forger -> copy(forger, BOB, 1, BOB, 0));

    assertFinding(Code.EVENT_MISSING, BOB, 1, found);
  }

  @Test
  void findsEntitiesThatAreNone() throws SQLException {
    change(
        forger -> {
          forger.run("INSERT INTO entity (id, name) VALUES (98, 'Guest|dave')");
          forger.run("INSERT INTO entity (id, name) VALUES (99, 'User|dave')");
          forger.run("PRAGMA foreign_keys = OFF");
          forger.run(
              "INSERT INTO event SELECT 97, nr, written_at, writer, serializer, manifest,"
                  + " previous_hash, hash, bytes FROM event WHERE entity = 1");
        });

    List<Finding> findings = audit().findings();

    assertFinding(Code.ENTITY_UNKNOWN, "", 0, findings.get(0));
    assertFinding(Code.ENTITY_UNKNOWN, "Guest|dave", 0, findings.get(1));
    assertFinding(Code.EVENT_MISSING, "User|dave", 1, findings.get(2));
  }

  @Test
  void findsDeletedNumbersAndAnotherSerializer() throws SQLException {
    change(
        forger -> {
          forger.run("UPDATE entity SET deleted_to = 2 WHERE name = ?", ALICE);
          forger.run("UPDATE event SET serializer = 9 WHERE entity = ? AND nr = 4", forger.id(BOB));
        });

    List<Finding> findings = audit().findings();

    assertFinding(Code.EVENT_MISSING, ALICE, 2, findings.get(0));
    assertFinding(Code.EVENT_UNREADABLE, BOB, 4, findings.get(1));
  }

  @Test
  void findsASerializerThatOnlyEndsLikeOurs() throws SQLException {
    Finding found =
        only(
            forger ->
                forger.run(
                    "UPDATE event SET serializer = 1001 + (1 << 40) WHERE entity = ? AND nr = 4",
                    forger.id(BOB)));

    assertFinding(Code.EVENT_UNREADABLE, BOB, 4, found);
  }

  // What events say

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"of-a-newer-sotto\",\"time\":1}",
        "{\"type\":\"visibility-set\",\"time\":1800000000000}",
        "{\"type\":\"visibility-set\",\"time\":1e400,\"visibility\":\"all\"}",
        "{\"type\":\"visibility-set\",\"time\":99999999999999999999,\"visibility\":\"all\"}",
        "{\"type\":\"signed-out\",\"time\":1,\"device\":\"x\"}",
        "[]",
        "null",
        "",
        "\u0000"
      })
  void findsWhatIsNoEvent(String json) throws SQLException {
    long[] nr = new long[1];

    Finding found =
        only(
            forger -> {
              nr[0] = forger.last(BOB) + 1;
              forger.insert(BOB, nr[0], json);
            });

    assertFinding(Code.EVENT_UNREADABLE, BOB, nr[0], found);
  }

  @Test
  void findsNestingWithoutEnd() throws SQLException {
    String nested = "{\"type\":\"accepted\",\"x\":" + "[".repeat(500_000);

    Finding found = only(forger -> forger.insert(BOB, 4, nested));

    assertFinding(Code.EVENT_UNREADABLE, BOB, 4, found);
  }

  @Test
  void findsWhatBreaksARuleWhateverItsChain() throws SQLException {
    Finding found =
        only(forger -> forger.rewrite(BOB, 5, json -> json.replace("\"n\":2", "\"n\":3")));

    assertFinding(Code.RULE_BROKEN, BOB, 5, found);
  }

  @Test
  void findsAnEntryThatDoesNotFollowTheInbox() throws SQLException {
    Finding found =
        only(
            forger ->
                forger.rewrite(
                    BOB, 5, json -> json.replaceFirst("\"messageId\":\"..", "\"messageId\":\"AA")));

    assertFinding(Code.RULE_BROKEN, BOB, 5, found);
    assertTrue(found.expected().startsWith("log hash"), found.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"size\":2", "\"size\":-1"})
  void findsAnotherSizeThanWasCounted(String size) throws SQLException {
    Finding found =
        only(forger -> forger.rewrite(BOB, 5, json -> json.replace("\"size\":1", size)));

    assertFinding(Code.RULE_BROKEN, BOB, 5, found);
  }

  @Test
  void findsAnEntryForAnotherDeviceList() throws SQLException {
    Finding found =
        only(
            forger ->
                forger.rewrite(
                    BOB,
                    5,
                    json -> json.replace("\"deviceListVersion\":1", "\"deviceListVersion\":2")));

    assertFinding(Code.RULE_BROKEN, BOB, 5, found);
    assertTrue(found.expected().startsWith("a copy for each device"), found.toString());
  }

  @Test
  void findsAFirstDeviceListThatIsNoFirstOne() throws SQLException {
    var dave = new Member("dave");
    journal.add(
        dave,
        time ->
            new UserEvent.Registered(
                time, dave.list(Member.HOST, 2), Member.digest("c"), Member.digest("v")));

    assertFinding(Code.RULE_BROKEN, "User|dave", 1, only(forger -> {}));
  }

  @Test
  void findsADeviceListThatItsAccountDidNotSign() throws SQLException {
    change(
        forger ->
            forger.rewrite(
                "User|carol", 1, json -> json.replaceFirst("\"addedAt\":1", "\"addedAt\":2")));

    assertFinding(
        Code.SIGNATURE_WRONG,
        "User|carol",
        1,
        audit().findings().stream()
            .filter(one -> one.entity().equals("User|carol"))
            .findFirst()
            .orElseThrow());
  }

  // Prekeys

  private static final String KEY = ",\"key\":\"[^\"]*\"";

  @Test
  void findsAPrekeyThatItsDeviceDidNotSign() throws SQLException {
    Finding found =
        only(
            forger ->
                forger.rewrite(
                    BOB, 2, json -> json.replaceFirst("\"signature\":\"..", "\"signature\":\"AA")));

    assertFinding(Code.SIGNATURE_WRONG, BOB, 2, found);
  }

  @Test
  void findsAKeyThatIsNotThatOfItsDigest() throws SQLException {
    Finding found =
        only(
            forger ->
                forger.rewrite(
                    BOB, 2, json -> json.replaceFirst("\"key\":\"..", "\"key\":\"AA")));

    assertFinding(Code.RULE_BROKEN, BOB, 2, found);
  }

  @Test
  void verifiesPrekeysOfTheFirstFormWhileTheirBodiesAreThere() throws SQLException {
    change(forger -> forger.rewrite(BOB, 2, json -> json.replaceAll(KEY, "")));
    assertEquals(List.of(), audit().findings());
    try (var forger = new Forger(data)) {
      forger.rewrite(
          BOB,
          2,
          json -> json.replaceFirst("\"signature\":\"..", "\"signature\":\"AA"));
    }
    assertFinding(Code.SIGNATURE_WRONG, BOB, 2, audit().findings().get(0));
  }

  @Test
  void ciphertextsAreLeftOutOfACopyOnly() throws SQLException {
    change(
        forger -> {
          forger.run("DELETE FROM body");
          forger.run("INSERT INTO meta VALUES ('left-out', 'bodies')");
        });

    assertFinding(Code.RULE_BROKEN, "", 0, audit().findings().get(0));
  }

  @Test
  void aTimeThatHasNotComeLetsNothingExpire() throws SQLException {
    change(forger -> forger.run("INSERT INTO meta VALUES ('copy-time', '9999999999999')"));

    assertFinding(Code.RULE_BROKEN, "", 0, audit().findings().get(0));
  }

  @Test
  void countsPrekeysWhoseKeysAreGone() throws SQLException {
    change(
        forger -> {
          forger.rewrite(BOB, 2, json -> json.replaceAll(KEY, ""));
          forger.run("DELETE FROM body");
          forger.run("INSERT INTO meta VALUES ('left-out', 'bodies'), ('copy-time', '1')");
        });

    assertEquals(3, audit().counts().get(Counted.PREKEYS_WITHOUT_KEY));
    assertTrue(audit().holds());
  }

  @Test
  void findsAPostByARemovedMember() throws SQLException {
    long place = journal.state(group).head().sequenceNr() + 1;
    String[] forged = new String[1];
    GroupState before = journal.state(group);
    forged[0] = ForgedPosts.post(before, carol, journal.now() + 10);

    Finding found = only(forger -> forger.insert(groupName, place, forged[0]));

    assertFinding(Code.RULE_BROKEN, groupName, place, found);
    assertTrue(found.found().contains("NOT_MEMBER"), found.toString());
  }

  @Test
  void findsAForgedAcknowledgement() throws SQLException {
    long[] nr = new long[1];

    Finding found =
        only(
            forger -> {
              nr[0] = forger.newest(BOB, "acked");
              forger.rewrite(
                  BOB, nr[0], json -> json.replaceFirst("\"signature\":\"..", "\"signature\":\"AA"));
            });

    assertFinding(Code.SIGNATURE_WRONG, BOB, nr[0], found);
  }

  @Test
  void findsAWrongSignatureInAGroup() throws SQLException {
    long place = journal.state(group).head().sequenceNr() + 1;
    String forged = ForgedPosts.post(journal.state(group), bob, journal.now() + 10, carol);

    change(forger -> forger.insert(groupName, place, forged));

    Finding found = audit().findings().get(0);
    assertFinding(Code.SIGNATURE_WRONG, groupName, place, found);
    assertTrue(audit(Options.standard().withSignatures(false)).findings().stream()
        .noneMatch(one -> one.code() == Code.SIGNATURE_WRONG));
  }

  private void acknowledge(LogPoint point, Optional<Long> journalNr, Optional<Long> total)
      throws SQLException {
    List<LogPoint> items = List.of(point);
    Bytes signature = bob.signAck(items);
    journal.add(
        bob,
        time ->
            new UserEvent.Acked(time, bob.device, items, signature, time, journalNr, total));
  }

  @Test
  void findsAnAcknowledgementOfNothing() throws SQLException {
    var point = new LogPoint(LogPoint.GROUP, group.value(), 1, 99, Member.digest("nothing"));
    acknowledge(point, Optional.empty(), Optional.empty());
    long nr = journal.state(bob).chain().sequenceNr();

    assertFinding(Code.ACKNOWLEDGED_NOTHING, BOB, nr, only(forger -> {}));
  }

  @Test
  void findsAnAcknowledgementOfAnotherEntryThanThere() throws SQLException {
    journal.accept(alice, bob);
    journal.accept(alice, bob);
    long accepted = journal.state(bob).chain().sequenceNr() - 1;
    var other = new LogPoint(LogPoint.INBOX, "bob", 1, 4, Member.digest("another"));
    long total = journal.state(bob).devices().get(bob.device).total() - 12;
    acknowledge(other, Optional.of(accepted), Optional.of(total));
    long nr = journal.state(bob).chain().sequenceNr();

    assertFinding(Code.ACKNOWLEDGED_NOTHING, BOB, nr, only(forger -> {}));
  }

  @Test
  void aCutThatItsDeviceAcknowledgesHolds() throws SQLException {
    journal.accept(alice, bob);
    Point head = journal.state(bob).inbox().head();
    journal.add(bob, time -> new UserEvent.DeviceCutOff(time, bob.device, head));
    long cut = journal.state(bob).chain().sequenceNr();
    long total = journal.state(bob).devices().get(bob.device).total();
    var item = new LogPoint(LogPoint.INBOX, "bob", 1, head.sequenceNr(), head.hash());
    acknowledge(item, Optional.of(cut), Optional.of(total));
    journal.close();

    assertEquals(List.of(), audit().findings());
  }

  @Test
  void findsAnUnknownSender() throws SQLException {
    journal.acceptBriefly(new Member("mallory"), bob);
    journal.acknowledge(bob);
    long nr = journal.state(bob).chain().sequenceNr() - 1;

    assertFinding(Code.SENDER_UNKNOWN, BOB, nr, only(forger -> {}));
  }

  @Test
  void findsADeviceListThatIsNotTheAccounts() throws SQLException {
    change(
        forger -> {
          long id = forger.id("User|carol");
          forger.run("DELETE FROM event WHERE entity = ?", id);
          forger.run("DELETE FROM entity WHERE id = ?", id);
        });

    Result result = audit();

    assertFinding(Code.DEVICE_LIST_UNKNOWN, groupName, 4, result.findings().get(0));
    assertEquals(1, result.findingCount(), result.findings().toString());
  }

  @Test
  void findsAnAccountOfAnotherServer() throws SQLException {
    var dave = new Member("dave");
    journal.add(
        dave,
        time ->
            new UserEvent.Registered(
                time, dave.list("elsewhere.example"), Member.digest("c"), Member.digest("v")));
    journal.writer().meta("server-host", Member.HOST);

    assertFinding(Code.RULE_BROKEN, "User|dave", 1, only(forger -> {}));
  }

  // The file

  @Test
  void findsThatACopyWasMadeOfADatabaseInUse() throws SQLException {
    Finding found = only(forger -> forger.run("DELETE FROM meta WHERE key = 'clean-stop'"));

    assertFinding(Code.COPY_INCOMPLETE, "", 0, found);
    assertTrue(found.expected().contains("sotto admin backup"));
  }

  @Test
  void copiesThatTheServerMadeAreWhole() throws SQLException {
    long copyTime = journal.now() + 1;
    change(
        forger -> {
          forger.run("DELETE FROM meta WHERE key = 'clean-stop'");
          forger.run("INSERT INTO meta VALUES ('copy-time', ?)", Long.toString(copyTime));
          forger.run("INSERT INTO meta VALUES ('left-out', 'bodies')");
          forger.run("DELETE FROM body");
        });

    Result result = audit();

    assertEquals(List.of(), result.findings());
    assertTrue(!result.bodiesChecked());
  }

  // What the server signed

  private void restore() throws SQLException {
    Point head = journal.state(bob).inbox().head();
    journal.add(
        bob,
        time ->
            UserEvent.Restored.of(
                Restored.sign(
                    SERVER, Member.HOST, LogPoint.INBOX, "bob", 2, head, time, time - 1)));
  }

  @Test
  void needsTheServersKeyForARestoredLogAndForNothingElse() throws SQLException {
    restore();

    assertFinding(Code.SERVER_KEY_UNKNOWN, "", 0, only(forger -> {}));
    Bytes key = Bytes.of(SERVER.publicKey());
    assertTrue(audit(Options.standard().withServerKey(key)).holds());
    Result wrong = audit(Options.standard().withServerKey(Bytes.of(bob.deviceKey.publicKey())));
    assertFinding(Code.SIGNATURE_WRONG, BOB, 9, wrong.findings().get(0));
  }

  @Test
  void takesTheServersKeyFromTheFile() throws SQLException {
    restore();
    journal.writer().meta("server-key", Bytes.of(SERVER.publicKey()).toString());
    journal.writer().meta("server-host", Member.HOST);
    journal.close();

    assertEquals(List.of(), audit().findings());
  }
}
