package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.audit.Finding.Code;
import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.user.BodyIds;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.UserEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A journal in which bob has two devices and is in a group, and what an audit says of it. */
abstract class BobsAccount {
  static final String ALICE = "User|alice";
  static final String BOB = "User|bob";
  static final String CONTENT = "a vault of another device";
  static final Bytes VAULT = Member.digest(CONTENT);
  static final Ed25519.SigningKey NEW_KEY = Member.accountKey("bob's second");
  static final Ed25519.SigningKey SERVER = Ed25519.fromSeed(new byte[32]);

  @TempDir Path data;
  MadeJournal journal;
  Member alice;
  Member bob;
  Member phone;
  GroupId group;

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

  List<Finding> findings() throws SQLException {
    journal.close();
    return audit();
  }

  List<Finding> audit() {
    try (JournalFile file = JournalFile.open(data)) {
      return Audit.run(file, Options.standard()).findings();
    }
  }

  void assertOnly(Code code, String entity, long number) throws SQLException {
    assertOnly(code, entity, number, findings());
  }

  static void assertOnly(
      Code code, String entity, long number, List<Finding> findings) {
    assertEquals(1, findings.size(), findings.toString());
    Finding found = findings.get(0);
    assertEquals(
        List.of(code, entity, number),
        List.of(found.code(), found.entity(), found.number()),
        found.toString());
  }

  /** The event, put at the end of bob's journal by somebody who asks no state. */
  void assertFound(Code code, LongFunction<UserEvent> event) throws SQLException {
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

  void assertBroken(LongFunction<UserEvent> event) throws SQLException {
    assertFound(Code.RULE_BROKEN, event);
  }

  void assertListFound(Code code, Member by, DeviceList list) throws SQLException {
    assertFound(code, time -> changed(time, by, ChangeProof.PASSWORD, Optional.of(list)));
  }

  UserEvent.AccountChanged changed(
      long time, Member by, ChangeProof proof, Optional<DeviceList> list) {
    return journal.changed(time, by, proof, list, VAULT);
  }

  DeviceList list() {
    return journal.list(bob);
  }

  Point head() {
    return journal.state(bob).inbox().head();
  }

  Device[] rows(Device... more) {
    var rows = new ArrayList<>(list().devices());
    rows.addAll(List.of(more));
    return rows.toArray(Device[]::new);
  }

  Device bobsRow() {
    return list().device(bob.device).orElseThrow();
  }

  void keep(String id, String content) throws SQLException {
    journal.writer().body(id, content.getBytes(StandardCharsets.UTF_8), Optional.empty());
  }
}
