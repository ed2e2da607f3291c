package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRole;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.OwnPiece;
import chat.sotto.protocol.ServerFrame.Push;
import chat.sotto.protocol.ServerFrame.SignedKey;
import chat.sotto.protocol.ServerFrame.UserKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server, or a member, that does not keep the protocol can do to a group. */
class GroupAttackTest {
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");

  @TempDir Path folder;
  private final Map<UserName, GroupParty> everybody = new HashMap<>();
  private GroupOffice office;
  private GroupParty alice;
  private GroupParty bob;
  private GroupParty carol;

  @BeforeEach
  void makeGroup() {
    office = new GroupOffice(GROUP);
    alice = party("alice");
    bob = party("bob");
    carol = party("carol");
    alice.does(new GroupWish.Create(new GroupName("Lesekreis")), office);
    invite(bob);
  }

  @AfterEach
  void closeParties() {
    everybody.values().forEach(GroupParty::close);
  }

  private GroupParty party(String name) {
    return new GroupParty(name, folder, GROUP, everybody);
  }

  private void invite(GroupParty person) {
    alice.does(new GroupWish.Invite(List.of(person.user())), office);
    person.catchUp(office);
    person.does(new GroupWish.Accept(), office);
    everybodyCatchesUp();
  }

  private void everybodyCatchesUp() {
    everybody.values().forEach(party -> party.catchUp(office));
  }

  /** Whatever comes then, nothing of the group is taken or sent. */
  private void assertStopped(GroupParty party, Alarm alarm) {
    assertEquals(Optional.of(alarm), party.alarm());
    int before = party.lines().size();
    alice.says("later", office);
    party.catchUp(office);
    assertEquals(before, party.lines().size());
    party.write("unsent");
    assertInstanceOf(GroupSending.Step.Idle.class, party.next());
  }

  @Test
  void groupForkIsSeenAtFirstCrossing() {
    invite(carol);
    // Carol's post is kept from bob: he is shown a log without it.
    var shown = new GroupOffice(office);
    carol.says("bob must not see this", office);
    alice.catchUp(office);
    alice.write("crossing");
    GroupFlight crossing = alice.flight();
    office.append(alice.party, crossing);
    shown.force(bob.user(), bob.party.self().device(), bobSays("filler"));
    bob.catchUp(shown);
    shown.force(alice.user(), alice.party.self().device(), crossing);
    bob.catchUp(shown);
    assertStopped(bob, Alarm.GROUP_FORKED);
    assertEquals(List.of("filler"), bob.texts());
  }

  private GroupFlight bobSays(String text) {
    bob.write(text);
    return bob.flight();
  }

  @Test
  void twoSeedsAreDetected() {
    var shown = new GroupOffice(office);
    alice.ask(new GroupWish.Rename(new GroupName("new keys")));
    GroupFlight commit = alice.flight();
    office.append(alice.party, commit);
    // The same commit, but with a seed of its own for bob.
    shown.append(alice.party, commit);
    alice.catchUp(office);
    bob.catchUp(shown);
    assertEquals(Optional.empty(), bob.alarm());
    assertEquals(alice.view().head().sequenceNr(), bob.view().head().sequenceNr());
    assertFalse(alice.view().head().equals(bob.view().head()));
    alice.write("crossing");
    shown.force(alice.user(), alice.party.self().device(), alice.flight());
    bob.catchUp(shown);
    assertStopped(bob, Alarm.GROUP_FORKED);
  }

  @Test
  void memberCannotPoseAsAnother() {
    invite(carol);
    carol.write("from alice?");
    GroupFlight signedByCarol = carol.flight();
    office.force(alice.user(), alice.party.self().device(), signedByCarol);
    bob.catchUp(office);
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
    assertEquals(List.of(), bob.texts());
  }

  @Test
  void memberCannotPoseAsAnotherInACommit() {
    alice.ask(new GroupWish.Rename(new GroupName("mine")));
    GroupFlight signedByAlice = alice.flight();
    office.force(bob.user(), bob.party.self().device(), signedByAlice);
    bob.catchUp(office);
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
  }

  @Test
  void serverCannotAddGhostMember() {
    GroupParty mallory = party("mallory");
    alice.does(new GroupWish.Invite(List.of(carol.user())), office);
    // To a newcomer: a roster with a row that the inviter did not name.
    for (Push push : office.pushes(carol.party, -1)) {
      carol.receive(push instanceof GroupStart start ? withGhost(start, mallory) : push);
    }
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), carol.alarm());
    assertEquals(Optional.empty(), carol.find());
    // To a member: a commit that no admin signed, and that is right in everything else.
    bob.catchUp(office);
    GroupFlight byMallory = commitBy(mallory, new GroupOp.Invite(mallory.user(), list(mallory)));
    office.force(alice.user(), alice.party.self().device(), byMallory);
    bob.catchUp(office);
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
    assertFalse(bob.view().membership().rows().containsKey(mallory.user()));
  }

  @Test
  void keysAreSealedToTheComputedRosterOnly() {
    GroupParty mallory = party("mallory");
    alice.ask(new GroupWish.Rename(new GroupName("new keys")));
    // The server names everybody it likes, mallory too.
    List<UserName> sealed =
        alice.flight().pieces().orElseThrow().stream().map(piece -> piece.user()).toList();
    assertEquals(List.of(bob.user()), sealed);
    assertTrue(everybody.containsKey(mallory.user()));
  }

  private static GroupStart withGhost(GroupStart start, GroupParty ghost) {
    var rows = new ArrayList<>(start.rows());
    rows.add(new RosterRow(GroupRole.MEMBER, list(ghost)));
    rows.sort(Comparator.comparing(RosterRow::user));
    return new GroupStart(
        start.nonce(),
        start.owner(),
        start.generation(),
        start.sequenceNr(),
        start.hash(),
        rows,
        false,
        Optional.empty());
  }

  private static DeviceList list(GroupParty party) {
    return party.party.list();
  }

  private GroupFlight commitBy(GroupParty party, GroupOp... ops) {
    return party.commit(bob.view(), ops);
  }

  @Test
  void memberWithoutTheRightCannotInvite() {
    GroupFlight byBob = commitBy(bob, new GroupOp.Invite(carol.user(), list(carol)));
    office.force(bob.user(), bob.party.self().device(), byBob);
    alice.catchUp(office);
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), alice.alarm());
    assertFalse(alice.view().membership().rows().containsKey(carol.user()));
  }

  @Test
  void nameByNoAdminIsNotTakenButTold() {
    office.append(bob.party, commitBy(bob));
    alice.catchUp(office);
    assertEquals(Optional.of("Lesekreis"), alice.info().name());
    assertTrue(alice.notices().contains("bob calls the group “x”, but is no admin"));
    assertEquals(Optional.empty(), alice.alarm());
  }

  @Test
  void changedEntryIsRefused() {
    alice.says("original", office);
    bob.tampering =
        push ->
            with(push, push.hash(), push.ciphertext().map(bytes -> flipped(bytes)));
    bob.catchUp(office);
    assertStopped(bob, Alarm.GROUP_ALTERED);
    assertEquals(List.of(), bob.texts());
  }

  @Test
  void entryOutOfTheChainIsRefused() {
    alice.says("original", office);
    bob.tampering = push -> with(push, flipped(push.hash()), push.ciphertext());
    bob.catchUp(office);
    assertStopped(bob, Alarm.GROUP_ALTERED);
  }

  @Test
  void postLeftOutIsSeen() {
    alice.says("one", office);
    var without = new GroupOffice(GROUP);
    office.log.subList(0, office.log.size() - 1).forEach(kept -> replay(without, kept));
    alice.write("two");
    without.force(alice.user(), alice.party.self().device(), alice.flight());
    GroupOffice.Kept second = without.last();
    bob.receive(without.push(second, bob.party));
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
  }

  private void replay(GroupOffice to, GroupOffice.Kept kept) {
    to.log.add(kept);
    to.head = kept.entry().point();
    to.time = kept.entry().time();
  }

  private static Bytes flipped(Bytes bytes) {
    byte[] changed = bytes.toArray();
    changed[changed.length - 1] ^= 1;
    return Bytes.of(changed);
  }

  private static GroupEntryPush with(
      GroupEntryPush push, Bytes hash, Optional<Bytes> ciphertext) {
    return new GroupEntryPush(
        push.nonce(), push.owner(), push.generation(), push.sequenceNr(), push.time(),
        push.fromUser(), push.fromDevice(), push.messageId(), push.content(), hash,
        push.seed(), push.info(), push.piece(), ciphertext);
  }

  private static GroupEntryPush withoutPiece(GroupEntryPush push) {
    return new GroupEntryPush(
        push.nonce(), push.owner(), push.generation(), push.sequenceNr(), push.time(),
        push.fromUser(), push.fromDevice(), push.messageId(), push.content(), push.hash(),
        push.seed(), push.info(), Optional.empty(), push.ciphertext());
  }

  @Test
  void deviceWithoutAPieceAsksForKeysByItself() {
    bob.tampering = GroupAttackTest::withoutPiece;
    alice.does(new GroupWish.Rename(new GroupName("new keys")), office);
    alice.says("unreadable for bob", office);
    bob.catchUp(office);
    assertEquals(GroupInfo.Standing.WAITING, bob.info().standing());
    assertEquals(List.of(CannotOpen.Reason.NO_KEYS.name()), bob.texts());
    bob.write("waits");
    bob.work(office);
    assertEquals(1, office.membership.pending().size(), "it asked, and does not post");
    bob.work(office);
    assertEquals(1, office.membership.pending().size(), "once");
    bob.tampering = push -> push;
    alice.catchUp(office);
    alice.says("with bob again", office);
    bob.catchUp(office);
    assertEquals(GroupInfo.Standing.MEMBER, bob.info().standing());
    assertEquals(Optional.of("new keys"), bob.info().name());
    bob.work(office);
    alice.catchUp(office);
    assertEquals(
        List.of("unreadable for bob", "with bob again", "waits"), alice.texts());
  }

  @Test
  void pieceOfAnotherSecretIsAMissingOne() {
    alice.ask(new GroupWish.Rename(new GroupName("new keys")));
    GroupFlight first = alice.flight();
    GroupFlight other = commitBy(alice);
    office.append(alice.party, first);
    bob.tampering =
        push -> push.content() instanceof Commit ? withPieceOf(push, other) : push;
    bob.catchUp(office);
    assertEquals(GroupInfo.Standing.WAITING, bob.info().standing());
    assertEquals(Optional.empty(), bob.alarm());
  }

  private static GroupEntryPush withPieceOf(GroupEntryPush push, GroupFlight other) {
    var piece = other.pieces().orElseThrow().get(0);
    return new GroupEntryPush(
        push.nonce(), push.owner(), push.generation(), push.sequenceNr(), push.time(),
        push.fromUser(), push.fromDevice(), push.messageId(), push.content(), push.hash(),
        push.seed(), push.info(),
        Optional.of(
            new OwnPiece(
                piece.prekeyKind(), piece.prekeyId(), piece.piece())),
        push.ciphertext());
  }

  @Test
  void nothingIsSentToAnAccountKeyThatIsNotThePinnedOne() {
    DeviceList forged = carol.party.forgedList();
    bob.party.learn(carol.user(), forged);
    alice.does(new GroupWish.Invite(List.of(carol.user())), office);
    bob.events.clear();
    bob.catchUp(office);
    Bytes key = list(carol).accountKey();
    assertTrue(bob.events.contains(new ClientEvent.KeyChanged(carol.user(), key)));
    bob.write("not before it was accepted");
    assertEquals(new GroupSending.Step.Blocked(Map.of(carol.user(), key)), bob.next());
    boolean accepted =
        bob.party.store.transaction(
            rows ->
                new Answers(rows, bob.party.random, 1).acceptKey(carol.user(), key));
    assertTrue(accepted);
    bob.work(office);
    alice.catchUp(office);
    assertEquals(List.of("not before it was accepted"), alice.texts());
  }

  @Test
  void unsignedPrekeyIsRefused() {
    alice.ask(new GroupWish.Rename(new GroupName("new keys")));
    var prekey = carol.party.registered.prekeys().get(0);
    var forged = new SignedKey(bob.party.self().device(), prekey);
    var members = new LinkedHashMap<UserName, UserKeys>();
    members.put(bob.user(), new UserKeys(list(bob), List.of(forged)));
    Breach breach =
        assertThrows(
            Breach.class, () -> alice.next(GroupPrekeys.NONE.withMembers(members)));
    assertEquals(Alarm.PREKEY_REFUSED, breach.alarm());
    assertEquals(
        Optional.empty(),
        alice.party.store.transaction(rows -> new GroupOutbox(rows).flight(GROUP)));
  }

  @Test
  void repeatsChangeNothing() {
    alice.says("once", office);
    bob.catchUp(office);
    List<Push> all = office.pushes(bob.party, -1);
    all.forEach(bob::receive);
    assertEquals(List.of("once"), bob.texts());
    assertEquals(Optional.empty(), bob.alarm());
    assertEquals(office.last().entry().point(), bob.view().head());
  }
}
