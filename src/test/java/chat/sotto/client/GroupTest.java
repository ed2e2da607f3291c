package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.GroupEpoch;
import chat.sotto.crypto.GroupMessages;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People in a group at an honest server: who is in it, and who can read what. */
class GroupTest {
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
    done(alice, new GroupWish.Create(new GroupName("Lesekreis")));
  }

  @AfterEach
  void closeParties() {
    everybody.values().forEach(GroupParty::close);
  }

  private GroupParty party(String name) {
    return new GroupParty(name, folder, GROUP, everybody);
  }

  private void done(GroupParty party, GroupWish wish) {
    assertEquals(Optional.empty(), party.does(wish, office));
  }

  private void refused(ErrorCode code, GroupParty party, GroupWish wish) {
    int before = office.log.size();
    assertEquals(Optional.of(code), party.does(wish, office));
    assertEquals(before, office.log.size(), "nothing was written");
  }

  private static GroupWish invite(GroupParty... people) {
    return new GroupWish.Invite(Stream.of(people).map(GroupParty::user).toList());
  }

  private void join(GroupParty... people) {
    done(alice, invite(people));
    for (GroupParty person : people) {
      person.catchUp(office);
      done(person, new GroupWish.Accept());
    }
    everybody.values().forEach(party -> party.catchUp(office));
  }

  private void everybodyCatchesUp() {
    everybody.values().forEach(party -> party.catchUp(office));
  }

  @Test
  void everybodyShowsTheSameInTheSameOrder() {
    join(bob, carol);
    alice.says("hello", office);
    bob.catchUp(office);
    bob.says("grüße 😀", office);
    everybodyCatchesUp();
    assertEquals(List.of("hello", "grüße 😀"), alice.texts());
    assertEquals(alice.texts(), bob.texts());
    assertEquals(alice.texts(), carol.texts());
    List<Long> numbers = carol.lines().stream().map(GroupLine::sequenceNr).toList();
    assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
    assertEquals(Optional.of("Lesekreis"), carol.info().name());
    assertEquals(alice.info().people(), carol.info().people());
    assertEquals(alice.notices().subList(1, 4), bob.notices());
  }

  @Test
  void inviteeShowsNothingBeforeItAccepts() {
    alice.says("before", office);
    done(alice, invite(bob));
    alice.says("while bob is invited", office);
    bob.catchUp(office);
    assertEquals(GroupInfo.Standing.INVITED, bob.info().standing());
    assertEquals(Optional.of(alice.user()), bob.info().invitedBy());
    assertEquals(List.of(), bob.texts());
    refused(ErrorCode.NOT_MEMBER, bob, new GroupWish.Rename(new GroupName("mine")));
    done(bob, new GroupWish.Accept());
    alice.catchUp(office);
    alice.says("welcome", office);
    bob.catchUp(office);
    assertEquals(List.of("welcome"), bob.texts());
    assertEquals(Optional.empty(), bob.info().invitedBy());
  }

  @Test
  void declinedInviteeCannotOpenNextPost() {
    done(alice, invite(bob));
    bob.catchUp(office);
    GroupChain kept = bob.chainOf(alice);
    GroupKeys keys = bob.view().keys().orElseThrow();
    done(bob, new GroupWish.Decline());
    assertEquals(GroupInfo.Standing.LEFT, bob.info().standing());
    assertTrue(bob.view().keys().isEmpty(), "its keys are erased");
    alice.catchUp(office);
    alice.says("without bob", office);
    assertEquals(List.of("without bob"), alice.texts());
    assertFalse(alice.view().membership().rows().containsKey(bob.user()));
    assertCannotOpen(office.last(), kept);
    assertCannotFollow(keys);
    int before = bob.lines().size();
    bob.catchUp(office);
    assertEquals(before, bob.lines().size(), "nothing more is pushed");
  }

  /** Whatever chain key of an earlier epoch: the post does not open. */
  private void assertCannotOpen(GroupOffice.Kept post, GroupChain chain) {
    var content = (Post) post.entry().content();
    Bytes header = GroupStatements.signedBytes(office.signer(post), content);
    byte[] rosterHash = office.membership.rosterHash().toArray();
    byte[] ciphertext = post.ciphertext().orElseThrow().toArray();
    GroupChain now = chain;
    for (int steps = 0; steps < 5; steps++) {
      byte[] key = now.key().orElseThrow().toArray();
      assertThrows(
          RefusedException.class,
          () -> GroupMessages.openPost(key, header.toArray(), rosterHash, ciphertext));
      now = now.advanced();
    }
  }

  /** With the keys of the epoch before, the seed and all that the server has, but without f. */
  private void assertCannotFollow(GroupKeys before) {
    GroupOffice.Kept kept =
        office.log.get((int) office.membership.commitNr() - 1);
    var commit = (Commit) kept.entry().content();
    byte[] hash = GroupStatements.commitHash(office.signer(kept), commit).toArray();
    var place = new GroupEpoch.Place(GROUP.value(), commit.epoch(), hash);
    byte[] seed = kept.entry().seed().orElseThrow().toArray();
    for (byte[] guess : List.of(new byte[32], seed, commit.check().toArray())) {
      var secret = GroupEpoch.following(before.next().toArray(), guess);
      assertThrows(
          RefusedException.class,
          () ->
              GroupEpoch.ofMember(
                  place,
                  secret,
                  commit.check().toArray(),
                  commit.joinCheck().toArray(),
                  seed));
    }
  }

  @Test
  void soleAdminMustNameAnother() {
    join(bob);
    refused(ErrorCode.LAST_ADMIN, alice, new GroupWish.Leave());
    refused(
        ErrorCode.LAST_ADMIN, alice, new GroupWish.SetRole(alice.user(), GroupRole.MEMBER));
    done(alice, new GroupWish.SetRole(bob.user(), GroupRole.ADMIN));
    done(alice, new GroupWish.Leave());
    bob.catchUp(office);
    assertTrue(bob.info().isAdmin(bob.user()));
    bob.says("alone", office);
    assertEquals(List.of("alone"), bob.texts());
    assertEquals(GroupInfo.Standing.LEFT, alice.info().standing());
  }

  @Test
  void memberLeavesAndNextPosterRekeys() {
    join(bob, carol);
    GroupChain kept = carol.chainOf(alice);
    GroupKeys keys = carol.view().keys().orElseThrow();
    long epoch = office.membership.epoch();
    done(carol, new GroupWish.Leave());
    assertEquals(epoch, office.membership.epoch(), "who leaves changes no keys");
    everybodyCatchesUp();
    bob.says("without carol", office);
    assertEquals(epoch + 1, office.membership.epoch());
    assertCannotOpen(office.last(), kept);
    assertCannotFollow(keys);
    alice.catchUp(office);
    assertEquals(List.of("without carol"), alice.texts());
    assertTrue(carol.view().keys().isEmpty());
  }

  @Test
  void inviteeConfirmsTenEpochsLater() {
    done(alice, invite(bob));
    for (int i = 0; i < 10; i++) {
      done(alice, new GroupWish.Rename(new GroupName("name " + i)));
      alice.says("post " + i, office);
    }
    assertEquals(11, office.membership.epoch());
    bob.catchUp(office);
    assertEquals(List.of(), bob.texts());
    done(bob, new GroupWish.Accept());
    alice.catchUp(office);
    assertTrue(alice.notices().contains("bob joined"));
    alice.says("welcome", office);
    bob.catchUp(office);
    bob.says("thanks", office);
    alice.catchUp(office);
    assertEquals(List.of("welcome", "thanks"), bob.texts());
    assertEquals("thanks", alice.texts().get(11));
    assertEquals(Optional.of("name 9"), bob.info().name());
  }

  @Test
  void removedMemberWithServerSeedCannotOpen() {
    join(bob, carol);
    GroupChain chain = carol.chainOf(alice);
    GroupKeys keys = carol.view().keys().orElseThrow();
    done(alice, new GroupWish.Remove(carol.user()));
    alice.says("secret", office);
    assertCannotOpen(office.last(), chain);
    assertCannotFollow(keys);
    boolean hasPiece =
        office.log.get((int) office.membership.commitNr() - 1).pieces().stream()
            .anyMatch(piece -> piece.user().equals(carol.user()));
    assertFalse(hasPiece);
    everybodyCatchesUp();
    assertEquals(List.of("secret"), bob.texts());
    assertEquals(GroupInfo.Standing.REMOVED, carol.info().standing());
    assertTrue(carol.view().keys().isEmpty());
    assertEquals(GroupChain.UNKNOWN, carol.chainOf(alice));
    refused(
        ErrorCode.NOT_MEMBER,
        carol,
        new GroupWish.Say(ContentJson.of(new Content.Text("still here?"))));
  }

  @Test
  void joinerCannotOpenWhatCameBefore() {
    join(bob);
    alice.says("before", office);
    GroupOffice.Kept before = office.last();
    Bytes rosterBefore = office.membership.rosterHash();
    done(alice, invite(carol));
    carol.catchUp(office);
    done(carol, new GroupWish.Accept());
    var content = (Post) before.entry().content();
    Bytes header = GroupStatements.signedBytes(office.signer(before), content);
    byte[] key = carol.chainOf(alice).key().orElseThrow().toArray();
    for (Bytes rosterHash : List.of(rosterBefore, office.membership.rosterHash())) {
      assertThrows(
          RefusedException.class,
          () ->
              GroupMessages.openPost(
                  key,
                  header.toArray(),
                  rosterHash.toArray(),
                  before.ciphertext().orElseThrow().toArray()));
    }
    assertEquals(List.of(), carol.texts());
  }

  @Test
  void removedAndInvitedAgainReadsFromThenOn() {
    join(bob, carol);
    alice.says("one", office);
    carol.catchUp(office);
    done(alice, new GroupWish.Remove(carol.user()));
    alice.says("two", office);
    carol.catchUp(office);
    done(alice, invite(carol));
    carol.catchUp(office);
    assertEquals(GroupInfo.Standing.INVITED, carol.info().standing());
    done(carol, new GroupWish.Accept());
    alice.catchUp(office);
    alice.says("three", office);
    everybodyCatchesUp();
    assertEquals(List.of("one", "three"), carol.texts());
    assertEquals(List.of("one", "two", "three"), bob.texts());
  }

  @Test
  void twoAdminsAtOnce() {
    GroupParty dave = party("dave");
    join(bob);
    done(alice, new GroupWish.SetRole(bob.user(), GroupRole.ADMIN));
    bob.catchUp(office);
    Bytes aliceAsks = alice.ask(invite(carol));
    Bytes bobAsks = bob.ask(invite(carol, dave));
    GroupFlight ofAlice = alice.flight();
    GroupFlight ofBob = bob.flight();
    assertEquals(Optional.empty(), office.append(alice.party, ofAlice));
    assertEquals(Optional.of(ErrorCode.EPOCH_STALE), office.append(bob.party, ofBob));
    alice.catchUp(office);
    bob.catchUp(office);
    Commit again = (Commit) bob.flight().content();
    assertEquals(1, again.ops().size(), "carol is invited already, so only dave is");
    bob.work(office);
    assertEquals(Optional.empty(), alice.settled.get(aliceAsks));
    assertEquals(Optional.empty(), bob.settled.get(bobAsks));
    assertEquals(4, office.membership.rows().size());
    alice.catchUp(office);
    alice.says("all here", office);
    bob.catchUp(office);
    assertEquals(List.of("all here"), bob.texts());
  }

  @Test
  void whatIsSoAlreadyIsDone() {
    join(bob);
    done(alice, new GroupWish.SetRole(bob.user(), GroupRole.ADMIN));
    bob.catchUp(office);
    bob.ask(new GroupWish.Invite(List.of(carol.user())));
    bob.flight();
    done(alice, invite(carol));
    int before = office.log.size();
    bob.catchUp(office);
    bob.work(office);
    assertEquals(before, office.log.size());
    assertEquals(List.of(Optional.empty()), List.copyOf(bob.settled.values()).subList(0, 1));
  }

  @Test
  void staleEpochPostIsRefusedAndResent() {
    join(bob, carol);
    Bytes id = bob.write("survives");
    GroupFlight first = bob.flight();
    done(alice, new GroupWish.Remove(carol.user()));
    assertEquals(Optional.of(ErrorCode.EPOCH_STALE), office.append(bob.party, first));
    bob.catchUp(office);
    GroupFlight second = bob.flight();
    assertEquals(id, second.messageId());
    assertNotEquals(first.ciphertext(), second.ciphertext());
    bob.work(office);
    everybodyCatchesUp();
    assertEquals(List.of("survives"), bob.texts());
    assertEquals(List.of("survives"), alice.texts());
    assertEquals(List.of(), carol.texts());
  }

  @Test
  void retrySendsTheSameBytes() {
    join(bob);
    alice.write("once");
    GroupFlight first = alice.flight();
    assertEquals(first, alice.flight());
    alice.party.reopen(closed(alice));
    assertEquals(first, alice.flight(), "also after a restart");
    office.append(alice.party, first);
    alice.catchUp(office);
    assertEquals(List.of("once"), alice.texts());
    assertInstanceOf(GroupSending.Step.Idle.class, alice.next());
  }

  private static Path closed(GroupParty party) {
    Path file = party.party.store.file();
    party.close();
    return file;
  }

  @Test
  void crashBetweenDecryptAndStoreLosesNothing() {
    join(bob);
    alice.says("one", office);
    bob.party.store.failNext(1);
    assertThrows(StoreException.class, () -> bob.catchUp(office));
    assertEquals(List.of(), bob.texts());
    bob.catchUp(office);
    alice.says("two", office);
    bob.catchUp(office);
    assertEquals(List.of("one", "two"), bob.texts());
  }
}
