package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.GroupReceiving.Fate;
import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.Push;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group whose server was restored from a copy, and one whose server only says so. */
class RestoredGroupTest {
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");
  private static final long LATER = 1_764_000_000;

  @TempDir Path folder;
  private final Map<UserName, GroupParty> everybody = new HashMap<>();
  private GroupOffice office = new GroupOffice(GROUP);
  private GroupParty alice;
  private GroupParty bob;
  private GroupParty carol;

  @BeforeEach
  void makeGroup() {
    alice = new GroupParty("alice", folder, GROUP, everybody);
    bob = new GroupParty("bob", folder, GROUP, everybody);
    carol = new GroupParty("carol", folder, GROUP, everybody);
    alice.does(new GroupWish.Create(new GroupName("Lesekreis")), office);
    alice.does(new GroupWish.Invite(List.of(bob.user(), carol.user())), office);
    for (GroupParty person : List.of(bob, carol)) {
      person.catchUp(office);
      person.does(new GroupWish.Accept(), office);
    }
    everybody.values().forEach(party -> party.catchUp(office));
  }

  @AfterEach
  void closeParties() {
    everybody.values().forEach(GroupParty::close);
  }

  private GroupOffice copy() {
    return new GroupOffice(office);
  }

  private void restore(GroupOffice copy, long generation) {
    copy.restore(generation);
    office = copy;
  }

  private void everybodyComesBack() {
    everybody.values().forEach(party -> party.reconnect(office));
  }

  private void says(GroupParty party, String text) {
    party.catchUp(office);
    party.says(text, office);
  }

  /** Everybody does all that waits, until nothing changes any more. */
  private void settle() {
    long before = -1;
    while (before != office.head.sequenceNr()) {
      before = office.head.sequenceNr();
      for (GroupParty party : everybody.values()) {
        party.catchUp(office);
        party.work(office);
      }
    }
    everybody.values().forEach(party -> party.catchUp(office));
  }

  @Test
  void groupGoesOnAfterAReset() {
    says(bob, "before");
    GroupOffice copy = copy();
    says(carol, "lost for the server");
    everybody.values().forEach(party -> party.catchUp(office));
    long epoch = copy.membership.epoch();
    restore(copy, LATER);
    everybodyComesBack();
    assertEquals(GroupInfo.Standing.WAITING, bob.info().standing(), "old keys are gone");
    assertEquals(
        1,
        bob.events.stream().filter(ClientEvent.GroupRestored.class::isInstance).count());
    bob.write("after");
    assertEquals(Kind.RESET, ((Commit) bob.flight().content()).kind());
    settle();
    assertEquals(epoch + 1, office.membership.epoch());
    for (GroupParty party : everybody.values()) {
      assertEquals(GroupInfo.Standing.MEMBER, party.info().standing());
      assertEquals(Optional.empty(), party.alarm());
      assertEquals(3, new HashSet<>(party.texts()).size(), party.user().value());
      assertEquals(3, party.texts().size(), "nothing twice");
    }
    assertEquals(List.of("before", "lost for the server", "after"), bob.texts());
  }

  @Test
  void restoredEntryIsARepeatWhenItComesAgain() {
    restore(copy(), LATER);
    everybodyComesBack();
    says(bob, "after");
    bob.events.clear();
    bob.reconnect(office);
    bob.receive(office.pushes(bob.party, 0).get(office.log.size() - 2));
    assertEquals(Optional.empty(), bob.alarm());
    assertFalse(bob.events.stream().anyMatch(ClientEvent.GroupRestored.class::isInstance));
  }

  @Test
  void ownPostsAreSentAgainUnderTheirIds() {
    GroupOffice copy = copy();
    Bytes id = bob.write("mine");
    bob.work(office);
    restore(copy, LATER);
    bob.reconnect(office);
    assertEquals(List.of(), bob.texts());
    bob.work(office);
    assertEquals(id, office.last().entry().messageId());
    assertEquals(List.of("mine"), bob.texts());
    carol.reconnect(office);
    assertEquals(List.of("mine"), carol.texts());
  }

  @Test
  void linesThatTheServerLostStayWhereTheyWere() {
    GroupOffice copy = copy();
    says(alice, "a1");
    says(alice, "a2");
    carol.catchUp(office);
    restore(copy, LATER);
    carol.reconnect(office);
    carol.says("after", office);
    assertEquals(List.of("a1", "a2", "after"), carol.texts());
    alice.reconnect(office);
    alice.work(office);
    carol.catchUp(office);
    assertEquals(List.of("a1", "a2", "after"), carol.texts());
    bob.reconnect(office);
    assertEquals(List.of("after", "a1", "a2"), bob.texts());
  }

  @Test
  void oneCopyMayBeRestoredTwice() {
    GroupOffice copy = copy();
    restore(new GroupOffice(copy), LATER);
    everybodyComesBack();
    says(bob, "in between");
    everybody.values().forEach(party -> party.catchUp(office));
    restore(copy, LATER + 100);
    everybodyComesBack();
    says(carol, "after");
    settle();
    for (GroupParty party : everybody.values()) {
      assertEquals(Optional.empty(), party.alarm());
      assertEquals(2, party.texts().size(), party.texts().toString());
    }
  }

  @Test
  void beginningMayComeAgainWhenItsCopyIsRestoredTwice() {
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    GroupOffice copy = copy();
    everybody.values().forEach(party -> party.catchUp(office));
    restore(new GroupOffice(copy), LATER);
    everybodyComesBack();
    restore(copy, LATER + 100);
    everybodyComesBack();
    assertEquals(Optional.empty(), dave.alarm());
    assertEquals(LATER + 100, dave.view().generation());
  }

  // What was undone

  @Test
  void adminRemovesInTheResetWhoHadBeenRemoved() {
    GroupOffice copy = copy();
    alice.does(new GroupWish.Remove(carol.user()), office);
    bob.catchUp(office);
    carol.catchUp(office);
    restore(copy, LATER);
    everybodyComesBack();
    assertEquals(List.of(carol.user()), bob.info().missedRemovals());
    bob.write("not for carol");
    assertEquals(
        new GroupSending.Step.Undone(List.of(carol.user()), List.of(alice.user())),
        bob.next());
    assertEquals(GroupInfo.Standing.REMOVED, carol.info().standing());
    Commit reset = (Commit) alice.flight().content();
    assertEquals(Kind.RESET, reset.kind());
    settle();
    assertEquals(Optional.empty(), office.membership.row(carol.user()));
    assertEquals(List.of("not for carol"), alice.texts());
    assertEquals(List.of(), carol.texts());
    assertEquals(List.of(), bob.info().missedRemovals());
  }

  /** Bob has not seen the removal, and gives carol keys: alice still does not write to her. */
  @Test
  void adminWritesNothingBeforeItsRemoval() {
    GroupOffice copy = copy();
    alice.does(new GroupWish.Remove(carol.user()), office);
    restore(copy, LATER);
    bob.reconnect(office);
    bob.says("bob knows of nothing", office);
    assertTrue(office.membership.row(carol.user()).isPresent());
    alice.reconnect(office);
    alice.write("not for carol");
    alice.work(office);
    assertEquals(Optional.empty(), office.membership.row(carol.user()));
    bob.catchUp(office);
    assertEquals(List.of("bob knows of nothing", "not for carol"), bob.texts());
  }

  @Test
  void whoeverLeftLeavesAgain() {
    alice.does(new GroupWish.SetRole(bob.user(), GroupRole.ADMIN), office);
    carol.catchUp(office);
    GroupOffice copy = copy();
    carol.does(new GroupWish.Leave(), office);
    bob.catchUp(office);
    restore(copy, LATER);
    bob.reconnect(office);
    assertEquals(List.of(carol.user()), bob.info().missedRemovals());
    carol.reconnect(office);
    carol.work(office);
    assertEquals(GroupInfo.Standing.LEFT, carol.info().standing());
    assertTrue(office.membership.isLeaving(carol.user()));
    alice.reconnect(office);
    says(alice, "without carol");
    settle();
    assertEquals(Optional.empty(), office.membership.row(carol.user()));
    assertEquals(List.of("without carol"), bob.texts());
  }

  @Test
  void whoeverAcceptedAcceptsAgainAndKeepsItsPosts() {
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.catchUp(office);
    GroupOffice copy = copy();
    dave.does(new GroupWish.Accept(), office);
    dave.says("hello", office);
    restore(copy, LATER);
    everybodyComesBack();
    assertEquals(GroupInfo.Standing.INVITED, dave.info().standing());
    dave.work(office);
    assertInstanceOf(GroupSending.Step.Idle.class, dave.next(), "it waits for the reset");
    says(bob, "keys for all");
    settle();
    assertEquals(GroupInfo.Standing.MEMBER, dave.info().standing());
    assertEquals(List.of("keys for all", "hello"), alice.texts());
  }

  @Test
  void copyOlderThanWhatIsRememberedCanOnlyBeLeft() {
    GroupOffice copy = copy();
    for (int i = 0; i < GroupPast.KEPT_MAX; i++) {
      alice.does(new GroupWish.Rename(new GroupName("name " + i)), office);
    }
    bob.catchUp(office);
    restore(copy, LATER);
    bob.reconnect(office);
    assertEquals(Optional.of(Alarm.GROUP_RESTORED_TOO_OLD), bob.alarm());
    bob.write("in vain");
    assertInstanceOf(GroupSending.Step.Idle.class, bob.next());
    bob.party.store.transaction(
        rows -> {
          var outbox = new GroupOutbox(rows);
          outbox.delete(outbox.first(GROUP).orElseThrow().key());
          return null;
        });
    assertEquals(Optional.empty(), bob.does(new GroupWish.Leave(), office));
    assertEquals(GroupInfo.Standing.LEFT, bob.info().standing());
  }

  @Test
  void oneChangeLessIsStillRemembered() {
    GroupOffice copy = copy();
    for (int i = 1; i < GroupPast.KEPT_MAX; i++) {
      alice.does(new GroupWish.Rename(new GroupName("name " + i)), office);
    }
    bob.catchUp(office);
    restore(copy, LATER);
    bob.reconnect(office);
    assertEquals(Optional.empty(), bob.alarm());
    assertEquals(copy.membership.epoch(), bob.info().epoch());
  }

  /** As in a store of before there were restores. */
  @Test
  void presentMembershipIsEnoughIfOnlyPostsAreLost() {
    GroupOffice copy = copy();
    says(alice, "lost");
    bob.catchUp(office);
    bob.party.store.transaction(
        rows -> {
          rows.delete(new Table<>("group-past-kept", Object.class), GROUP.value());
          return null;
        });
    restore(copy, LATER);
    bob.reconnect(office);
    assertEquals(Optional.empty(), bob.alarm());
    assertEquals(LATER, bob.view().generation());
  }

  // Who came after the copy

  @Test
  void invitationAfterTheRestoreReplacesTheOneThatIsGone() {
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    GroupOffice copy = copy();
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.catchUp(office);
    dave.does(new GroupWish.Accept(), office);
    alice.catchUp(office);
    Point gone = dave.view().head();
    restore(copy, LATER);
    everybodyComesBack();
    says(alice, "keys");
    assertEquals(Optional.empty(), alice.does(new GroupWish.Invite(List.of(dave.user())), office));
    RestoredPush proof = claim(dave.party, LATER);
    dave.catchUp(office);
    assertEquals(gone, dave.view().head(), "a start alone is the server's word");
    dave.party.receive(proof);
    dave.catchUp(office);
    dave.does(new GroupWish.Accept(), office);
    assertEquals(Optional.empty(), dave.alarm());
    assertEquals(GroupInfo.Standing.MEMBER, dave.info().standing());
    says(bob, "welcome");
    dave.catchUp(office);
    assertEquals(List.of("welcome"), dave.texts());
  }

  /** Bob, who invites dave again, had not seen the removal; dave had. */
  @Test
  void whoBeginsAnewStillKnowsWhoWasRemoved() {
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    alice.does(new GroupWish.SetRole(bob.user(), GroupRole.ADMIN), office);
    everybody.values().forEach(party -> party.catchUp(office));
    GroupOffice copy = copy();
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.catchUp(office);
    dave.does(new GroupWish.Accept(), office);
    alice.catchUp(office);
    alice.does(new GroupWish.Remove(carol.user()), office);
    dave.catchUp(office);
    restore(copy, LATER);
    bob.reconnect(office);
    List.of("one", "two", "three").forEach(text -> says(bob, text));
    dave.party.receive(claim(dave.party, LATER));
    bob.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.catchUp(office);
    assertEquals(LATER, dave.view().generation());
    assertEquals(List.of(carol.user()), dave.info().missedRemovals());
  }

  /** Its numbers are given anew, perhaps to what other people will read. */
  @Test
  void whatWasWrittenBeforeABeginningStaysAndIsNotSentAgain() {
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    GroupOffice copy = copy();
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.catchUp(office);
    dave.does(new GroupWish.Accept(), office);
    List.of("a", "b", "c", "d", "e", "f").forEach(text -> dave.says(text, office));
    restore(copy, LATER);
    bob.reconnect(office);
    says(bob, "keys");
    alice.reconnect(office);
    dave.party.receive(claim(dave.party, LATER));
    says(alice, "before dave");
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.reconnect(office);
    dave.does(new GroupWish.Accept(), office);
    copy = copy();
    says(alice, "welcome");
    dave.catchUp(office);
    assertEquals(List.of("a", "b", "c", "d", "e", "f", "welcome"), dave.texts());
    restore(copy, LATER + 100);
    dave.reconnect(office);
    assertEquals(LATER + 100, dave.view().generation());
    assertInstanceOf(GroupSending.Step.Idle.class, dave.next());
    assertEquals(List.of("a", "b", "c", "d", "e", "f", "welcome"), dave.texts());
  }

  /** At sign-in; what is given back proves it. */
  private static RestoredPush claim(Party party, long generation) {
    RestoredPush proof = party.inbox().restore(party.inbox().copy(), generation);
    party.signIn(generation, party.head(), proof.entry().point());
    return proof;
  }

  @Test
  void beginningInAGenerationThatNobodyClaimedIsAnAlarm() {
    GroupOffice other = copy();
    other.restore(LATER);
    Point head = bob.view().head();
    bob.receive(
        new GroupStart(
            2, GROUP, LATER, other.head.sequenceNr(), other.head.hash(), List.of(), false,
            Optional.empty()));
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
    assertEquals(head, bob.view().head());
  }

  /** With it, the server could take back all that has been since, a removal too. */
  @Test
  void invitationThatWasTakenBeforeIsNoBeginning() {
    var early = new ArrayList<>(office.pushes(bob.party, -1));
    bob.party.receive(claim(bob.party, LATER));
    long epoch = bob.info().epoch();
    alice.does(new GroupWish.Remove(carol.user()), office);
    bob.catchUp(office);
    early.stream().map(push -> ofGeneration(push, LATER)).forEach(bob::receive);
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
    assertEquals(epoch + 1, bob.info().epoch());
  }

  private static Push ofGeneration(Push push, long generation) {
    if (push instanceof GroupStart start) {
      return new GroupStart(
          2, GROUP, generation, start.sequenceNr(), start.hash(), start.rows(), start.more(),
          start.inviter());
    }
    GroupEntryPush entry = (GroupEntryPush) push;
    return new GroupEntryPush(
        2, GROUP, generation, entry.sequenceNr(), entry.time(), entry.fromUser(),
        entry.fromDevice(), entry.messageId(), entry.content(), entry.hash(), entry.seed(),
        entry.info(), entry.piece(), entry.ciphertext());
  }

  // Forged

  private void refuses(RestoredPush push) {
    GroupView before = bob.view();
    bob.receive(push);
    assertEquals(Optional.of(Alarm.RESTORE_REFUSED), bob.alarm());
    assertEquals(before, bob.view().alarm().isPresent() ? unalarmed(bob.view()) : bob.view());
    bob.party.store.transaction(
        rows -> {
          rows.delete(new Table<>("group-alarm", Object.class), GROUP.value());
          return null;
        });
  }

  private static GroupView unalarmed(GroupView view) {
    return new GroupView(
        view.group(), view.generation(), view.head(), view.time(), view.membership(),
        view.epochTime(), view.posts(), view.keys(), view.name(), view.ending(),
        Optional.empty(), view.missed());
  }

  private static RestoredPush signed(
      Ed25519.SigningKey key, String host, long generation, Point previous, long time) {
    return RestoredPush.of(
        2,
        Restored.sign(
            key, host, LogPoint.GROUP, GROUP.value(), generation, previous, time, 1));
  }

  @Test
  void whatTheServerDidNotSignIsAnAlarm() {
    says(bob, "one");
    Point head = bob.view().head();
    long time = office.time + 1;
    refuses(signed(new TestServer().signKey, Party.HOST, LATER, head, time));
    refuses(signed(TestServer.anyKey(), "elsewhere", LATER, head, time));
    RestoredPush good = signed(TestServer.anyKey(), Party.HOST, LATER, head, time);
    refuses(
        new RestoredPush(
            2, good.kind(), good.owner(), good.generation(), good.sequenceNr(), good.time(),
            good.hash(), good.previous(), good.copyTime() + 1, good.signature()));
    bob.receive(good);
    assertEquals(Optional.empty(), bob.alarm());
  }

  @Test
  void previousOrTimeThatCannotBeIsAnAlarm() {
    says(bob, "one");
    Point head = bob.view().head();
    long time = office.time + 1;
    Ed25519.SigningKey key = TestServer.anyKey();
    Bytes zero = Bytes.of(new byte[32]);
    refuses(signed(key, Party.HOST, LATER, new Point(head.sequenceNr(), zero), time));
    refuses(signed(key, Party.HOST, LATER, new Point(head.sequenceNr() - 1, zero), time));
    refuses(signed(key, Party.HOST, LATER, head, office.time));
    bob.receive(
        signed(key, Party.HOST, LATER, new Point(head.sequenceNr() + 1, zero), time));
    assertEquals(head, bob.view().head(), "something is missing before it");
  }

  @Test
  void lowerGenerationAfterARestoreIsAnAlarm() {
    GroupOffice copy = copy();
    GroupOffice before = copy();
    restore(copy, LATER);
    bob.reconnect(office);
    before.append(alice.party, alice.commit(alice.view()));
    alice.catchUp(before);
    bob.receive(before.push(before.last(), bob.party));
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
  }

  /** It may lie there honestly, but this device's word must not vouch for it. */
  @Test
  void whatWasNeverTakenIsNotAcknowledged() {
    GroupEntryPush last = office.push(office.last(), bob.party);
    assertEquals(Fate.STORED, fate(last));
    bob.party.store.transaction(
        rows -> {
          String key = Keys.ordinal(GROUP.value(), last.sequenceNr());
          rows.delete(new Table<>("group-hash", Object.class), key);
          return null;
        });
    assertEquals(Fate.IGNORED, fate(last));
    assertEquals(Optional.empty(), bob.alarm());
  }

  private Fate fate(GroupEntryPush push) {
    return bob.party.store.transaction(
        rows -> new GroupReceiving(rows, bob.party.random, bob.party.now).take(push).fate());
  }

  // At random

  /**
   * Whatever was done before and after the copy, and whoever had seen how much of it: a device that
   * knows of a removal writes nothing that the removed can read.
   */
  @Test
  void missedRemovalIsNotUndone() {
    long seed = Long.getLong("sotto.seed", System.nanoTime());
    var random = new Random(seed);
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.catchUp(office);
    dave.does(new GroupWish.Accept(), office);
    everybody.values().forEach(party -> party.catchUp(office));
    alice.does(new GroupWish.SetRole(bob.user(), GroupRole.ADMIN), office);
    everybody.values().forEach(party -> party.catchUp(office));
    var others = List.of(alice, bob, dave);
    for (int round = 1; round <= 6; round++) {
      run(random, others, round, "seed " + seed + ", round " + round);
    }
  }

  private void run(Random random, List<GroupParty> others, int round, String run) {
    GroupOffice copy = copy();
    GroupParty admin = random.nextBoolean() ? alice : bob;
    says(admin, "before " + round);
    admin.does(new GroupWish.Remove(carol.user()), office);
    var knowing = new ArrayList<>(List.of(admin));
    for (GroupParty party : others) {
      if (party != admin && random.nextBoolean()) {
        party.catchUp(office);
        knowing.add(party);
        party.says("lost of " + party.user() + " " + round, office);
      }
    }
    if (random.nextBoolean()) {
      carol.catchUp(office);
    }
    restore(copy, LATER + round);
    int first = office.log.size();
    for (GroupParty party : shuffled(others, random)) {
      party.reconnect(office);
      party.write("secret of " + party.user() + " " + round);
      party.work(office);
    }
    carol.party.receive(claim(carol.party, LATER + round));
    carol.reconnect(office);
    settle();
    assertEquals(Optional.empty(), office.membership.row(carol.user()), run);
    List<String> read = carol.texts();
    knowing.forEach(
        party ->
            assertFalse(read.contains("secret of " + party.user() + " " + round), run));
    assertTrue(office.log.size() > first, run);
    for (GroupParty party : others) {
      assertEquals(Optional.empty(), party.alarm(), run);
      assertEquals(party.texts().size(), new HashSet<>(party.texts()).size(), run);
      assertTrue(party.texts().containsAll(secrets(others, round)), run);
    }
    comesBack(run);
  }

  private static List<String> secrets(List<GroupParty> others, int round) {
    return others.stream().map(party -> "secret of " + party.user() + " " + round).toList();
  }

  private static List<GroupParty> shuffled(List<GroupParty> parties, Random random) {
    var shuffled = new ArrayList<>(parties);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private void comesBack(String run) {
    Optional<ErrorCode> refusal =
        alice.does(new GroupWish.Invite(List.of(carol.user())), office);
    assertEquals(Optional.empty(), refusal);
    carol.catchUp(office);
    carol.does(new GroupWish.Accept(), office);
    everybody.values().forEach(party -> party.catchUp(office));
    assertEquals(Optional.empty(), carol.alarm(), run);
    assertEquals(GroupInfo.Standing.MEMBER, carol.info().standing(), run);
  }
}
