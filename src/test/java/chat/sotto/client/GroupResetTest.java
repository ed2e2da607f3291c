package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that gave nobody keys, and whose maker does nothing more, ends no group. */
class GroupResetTest {
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");
  private static final Duration ALMOST = GroupPatience.KEYS_AWAITED_MAX.minusSeconds(1);

  @TempDir Path folder;
  private final Map<UserName, GroupParty> everybody = new HashMap<>();
  private final GroupOffice office = new GroupOffice(GROUP);
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
  }

  @AfterEach
  void closeParties() {
    everybody.values().forEach(GroupParty::close);
  }

  /** Bob and carol cannot open what alice's next commit gives them. */
  private void commitWithoutKeys() {
    alice.catchUp(office);
    alice.does(new GroupWish.Rename(new GroupName("new keys")), office);
    for (GroupParty person : List.of(bob, carol)) {
      person.tampering = GroupResetTest::withoutPiece;
      person.catchUp(office);
      person.tampering = push -> push;
      assertEquals(GroupInfo.Standing.WAITING, person.info().standing());
    }
  }

  private static GroupEntryPush withoutPiece(GroupEntryPush push) {
    return new GroupEntryPush(
        push.nonce(), push.owner(), push.generation(), push.sequenceNr(), push.time(),
        push.fromUser(), push.fromDevice(), push.messageId(), push.content(), push.hash(),
        push.seed(), push.info(), Optional.empty(), push.ciphertext());
  }

  @Test
  void memberBeginsNewKeysWhenNobodyGivesAny() {
    commitWithoutKeys();
    carol.work(office);
    bob.catchUp(office);
    bob.write("after the bad one");
    bob.work(office);
    assertEquals(2, office.membership.pending().size(), "both have asked");
    assertInstanceOf(GroupSending.Step.Later.class, bob.next());
    bob.party.now = office.time + ALMOST.toMillis();
    assertInstanceOf(GroupSending.Step.Later.class, bob.next());
    bob.party.now += Duration.ofSeconds(2).toMillis();
    assertEquals(Kind.RESET, ((Commit) bob.flight().content()).kind());
    bob.work(office);
    everybody.values().forEach(party -> party.catchUp(office));
    assertEquals(List.of("after the bad one"), carol.texts());
    assertEquals(carol.texts(), alice.texts());
    assertEquals(GroupInfo.Standing.MEMBER, carol.info().standing());
    assertEquals(List.of(), office.membership.pending());
  }

  @Test
  void whoHasNothingToDoOnlyWaits() {
    commitWithoutKeys();
    carol.work(office);
    assertEquals(1, office.membership.pending().size());
    carol.party.now = office.time + GroupPatience.KEYS_AWAITED_MAX.multipliedBy(2).toMillis();
    assertInstanceOf(GroupSending.Step.Idle.class, carol.next());
  }

  @Test
  void adminRemovesWhoMadeABadCommitAtOnce() {
    alice.catchUp(office);
    alice.does(new GroupWish.SetRole(bob.user(), GroupRole.ADMIN), office);
    commitWithoutKeys();
    assertEquals(Optional.empty(), bob.does(new GroupWish.Remove(alice.user()), office));
    assertEquals(Kind.RESET, ((Commit) office.last().entry().content()).kind());
    assertTrue(office.membership.row(alice.user()).isEmpty());
    bob.says("without alice", office);
    carol.catchUp(office);
    assertEquals(List.of("without alice"), carol.texts());
  }

  @Test
  void whoIsNoMemberBeginsNoKeys() {
    var dave = new GroupParty("dave", folder, GROUP, everybody);
    alice.catchUp(office);
    alice.does(new GroupWish.Invite(List.of(dave.user())), office);
    dave.tampering = GroupResetTest::withoutPiece;
    dave.catchUp(office);
    dave.write("not yet");
    dave.work(office);
    dave.party.now = office.time + GroupPatience.KEYS_AWAITED_MAX.multipliedBy(2).toMillis();
    assertEquals(Optional.empty(), dave.settled.values().stream().findAny());
    long epoch = office.membership.epoch();
    dave.work(office);
    assertEquals(epoch, office.membership.epoch());
  }
}
