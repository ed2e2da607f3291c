package chat.sotto.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/protocol.md §9.1 on commits, acceptances and posts. */
class MembershipTest {
  private static final Duration INVITATION = Duration.ofDays(14);

  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final TestPerson carol = new TestPerson("carol");
  private final TestPerson dave = new TestPerson("dave");
  private final TestLog log = TestLog.foundedBy(alice);

  private static Stream<TestPerson> people(int count) {
    return IntStream.range(0, count).mapToObj(at -> new TestPerson("p" + at));
  }

  @Test
  void whoMakesAGroupIsItsOnlyMemberAndItsAdmin() {
    assertEquals(0, log.membership.epoch());
    assertEquals(GroupRole.ADMIN, log.role(alice));
    assertEquals(1, log.membership.rows().size());
    assertTrue(log.membership.isAdmin(alice.user));
    log.take(alice, log.post());
  }

  @Test
  void aGroupIsMadeOnceByItsFounderAlone() {
    var fresh = new TestLog();
    GroupOp found = new GroupOp.Found(alice.user, alice.deviceList());
    for (List<GroupOp> ops :
        List.of(List.<GroupOp>of(), List.of(found, TestContents.invite(bob)))) {
      var create =
          TestContents.commit(fresh.membership, fresh.head(), GroupContent.Kind.CREATE, ops);
      fresh.assertRefused(GroupRefusal.GROUP_REFUSED, alice, create);
    }
    var create = TestContents.create(fresh.group, alice);
    fresh.assertRefused(GroupRefusal.GROUP_REFUSED, bob, create);
    fresh.assertRefused(GroupRefusal.GROUP_REFUSED, alice, 2, create);
    fresh.assertRefused(
        GroupRefusal.EPOCH_STALE, alice, withEpoch(create, 1));
    fresh.assertRefused(GroupRefusal.NOT_MEMBER, alice, fresh.change(found));
    fresh.assertRefused(GroupRefusal.NOT_MEMBER, alice, fresh.reset());
    log.assertRefused(GroupRefusal.GROUP_REFUSED, alice, create);
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED,
        alice,
        log.change(new GroupOp.Found(bob.user, bob.deviceList())));
  }

  private static GroupContent.Commit withEpoch(GroupContent.Commit commit, long epoch) {
    return new GroupContent.Commit(
        epoch,
        commit.kind(),
        commit.ops(),
        commit.rosterHash(),
        commit.head(),
        commit.check(),
        commit.joinCheck(),
        commit.infoDigest(),
        commit.signature());
  }

  @Test
  void anInvitedUserIsInTheRosterAndNoMember() {
    log.invite(alice, bob);

    assertEquals(GroupRole.INVITED, log.role(bob));
    assertFalse(log.membership.isMember(bob.user));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.post());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.change());
    log.assertRefused(GroupRefusal.ALREADY_MEMBER, alice, log.change(TestContents.invite(bob)));
  }

  @Test
  void onlyAdminsInviteRemoveAndNameAdmins() {
    log.add(alice, bob, carol);
    for (GroupOp op :
        List.of(
            TestContents.invite(dave),
            new GroupOp.Remove(carol.user),
            new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN))) {
      log.assertRefused(GroupRefusal.NOT_ADMIN, bob, log.change(op));
    }
    log.take(alice, log.change(new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
    log.take(
        bob, log.change(TestContents.invite(dave), new GroupOp.Remove(carol.user)));
    assertEquals(GroupRole.ADMIN, log.role(bob));
    assertEquals(Optional.empty(), log.membership.row(carol.user));
    assertEquals(GroupRole.INVITED, log.role(dave));
  }

  @Test
  void aMemberWithoutRightsCommitsNewKeys() {
    log.add(alice, bob);
    long epoch = log.membership.epoch();
    log.take(bob, log.change());
    log.take(bob, log.reset());
    assertEquals(epoch + 2, log.membership.epoch());
  }

  @Test
  void somebodyRemovedIsNobody() {
    log.add(alice, bob);
    log.take(alice, log.change(new GroupOp.Remove(bob.user)));

    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.post());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.change());
    log.assertRefused(
        GroupRefusal.NOT_MEMBER, bob, log.proposal(new GroupProposal.Leave()));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.confirm(alice));
    log.invite(alice, bob);
    log.take(bob, log.confirm(alice));
  }

  @Test
  void anInvitationIsWithdrawnByRemoval() {
    log.invite(alice, bob);
    log.take(alice, log.change(new GroupOp.Remove(bob.user)));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.confirm(alice));
  }

  @Test
  void nobodyRemovesThemselvesOrSomebodyWhoIsNotThere() {
    log.add(alice, bob);
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Remove(alice.user)));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Remove(carol.user)));
  }

  @Test
  void aRoleChangesToOneThatTheMemberDoesNotHave() {
    log.add(alice, bob);
    log.invite(alice, carol);
    for (GroupOp op :
        List.of(
            new GroupOp.ChangeRole(alice.user, GroupRole.ADMIN),
            new GroupOp.ChangeRole(bob.user, GroupRole.MEMBER),
            new GroupOp.ChangeRole(carol.user, GroupRole.ADMIN),
            new GroupOp.ChangeRole(dave.user, GroupRole.ADMIN))) {
      log.assertRefused(GroupRefusal.GROUP_REFUSED, alice, log.change(op));
    }
    log.assertRefused(
        GroupRefusal.LAST_ADMIN,
        alice,
        log.change(new GroupOp.ChangeRole(alice.user, GroupRole.MEMBER)));
    log.take(
        alice,
        log.change(
            new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN),
            new GroupOp.ChangeRole(alice.user, GroupRole.MEMBER)));
    assertEquals(GroupRole.MEMBER, log.role(alice));
    assertTrue(log.membership.isAdmin(bob.user));
    assertThrows(
        IllegalArgumentException.class,
        () -> new GroupOp.ChangeRole(bob.user, GroupRole.INVITED));
  }

  @Test
  void aUserStandsInOneStepOfACommit() {
    log.add(alice, bob);
    GroupOp remove = new GroupOp.Remove(bob.user);
    log.assertRefused(GroupRefusal.GROUP_REFUSED, alice, log.change(remove, remove));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(remove, TestContents.invite(bob)));
    GroupOp rekey = new GroupOp.Rekey(bob.user, bob.device(1));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, alice, log.change(rekey, rekey));
    log.take(
        alice, log.change(rekey, new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
  }

  @Test
  void aCommitNamesTheRosterThatFollowsFromIt() {
    var wrong = log.change(TestContents.invite(bob));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED,
        alice,
        new GroupContent.Commit(
            wrong.epoch(),
            wrong.kind(),
            wrong.ops(),
            TestPerson.digest("another roster"),
            wrong.head(),
            wrong.check(),
            wrong.joinCheck(),
            wrong.infoDigest(),
            wrong.signature()));
  }

  @Test
  void ofTwoCommitsAtOnceTheSecondIsStale() {
    log.add(alice, bob);
    var first = log.change(TestContents.invite(carol));
    var second = log.change();
    log.take(alice, first);
    log.assertRefused(GroupRefusal.EPOCH_STALE, bob, second);
    log.assertRefused(GroupRefusal.EPOCH_STALE, bob, withEpoch(second, second.epoch() + 1));
    log.assertRefused(
        GroupRefusal.EPOCH_STALE, bob, withEpoch(log.change(), second.epoch() + 2));
  }

  @Test
  void onlyPostsMayLieBetweenTheHeadAndWhatChangesTheGroup() {
    log.add(alice, bob);
    log.invite(alice, carol);
    var onOldHead = log.change();
    var proposal = log.proposal(new GroupProposal.Leave());
    log.take(alice, log.post());
    log.take(alice, onOldHead);

    log.assertRefused(GroupRefusal.EPOCH_STALE, bob, proposal);
    var confirm = log.confirm(alice);
    var commit = log.change();
    log.take(alice, log.post());
    log.take(bob, log.proposal(new GroupProposal.Rekey()));
    log.assertRefused(GroupRefusal.EPOCH_STALE, carol, confirm);
    log.assertRefused(GroupRefusal.EPOCH_STALE, alice, commit);
  }

  @Test
  void oneCommitInvitesThirtyTwoAndNotOneMore() {
    log.assertRefused(
        GroupRefusal.GROUP_FULL, alice, log.change(TestContents.invites(people(33))));
    log.take(alice, log.change(TestContents.invites(people(32))));
    assertEquals(33, log.membership.rows().size());
  }

  @Test
  void aGroupHasTwoHundredPeopleAndNotOneMore() {
    List<TestPerson> others = people(199).toList();
    for (int from = 0; from < others.size(); from += 32) {
      int to = Math.min(from + 32, others.size());
      log.take(alice, log.change(TestContents.invites(others.subList(from, to).stream())));
    }
    assertEquals(200, log.membership.rows().size());

    log.assertRefused(GroupRefusal.GROUP_FULL, alice, log.change(TestContents.invite(bob)));
    log.take(
        alice,
        log.change(new GroupOp.Remove(others.get(0).user), TestContents.invite(bob)));
  }

  @Test
  void aGroupHasAThousandDevicesAndNotOneMore() {
    List<GroupOp> invites =
        people(125)
            .map(each -> new GroupOp.Invite(each.user, each.deviceList(1, 8)))
            .map(GroupOp.class::cast)
            .toList();
    for (int from = 0; from < 124; from += 31) {
      log.take(
          alice, log.change(invites.subList(from, from + 31).toArray(GroupOp[]::new)));
    }
    assertEquals(1 + 124 * 8, log.membership.roster().stream().mapToInt(this::devices).sum());

    log.assertRefused(GroupRefusal.GROUP_FULL, alice, log.change(invites.get(124)));
    log.take(
        alice, log.change(new GroupOp.Invite(bob.user, bob.deviceList(1, 7))));
    log.assertRefused(GroupRefusal.GROUP_FULL, alice, log.change(TestContents.invite(carol)));
  }

  private int devices(RosterRow row) {
    return row.deviceList().devices().size();
  }

  @Test
  void aDeviceIsOnePersons() {
    DeviceList stolen = bob.deviceList(1, List.of(alice.listed(1)));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Invite(bob.user, stolen)));
  }

  @Test
  void acceptingMakesAMemberAtOnce() {
    log.add(alice, bob);
    assertEquals(GroupRole.MEMBER, log.role(bob));
    log.take(bob, log.post());
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, log.confirm(alice));
    log.assertRefused(GroupRefusal.NOT_MEMBER, carol, log.confirm(alice));
  }

  @Test
  void whoAcceptsNamesInviterAndEpoch() {
    log.add(alice, bob);
    log.take(alice, log.change(new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
    log.invite(alice, carol);
    log.assertRefused(GroupRefusal.GROUP_REFUSED, carol, log.confirm(bob));
    log.assertRefused(GroupRefusal.NOT_MEMBER, carol, 2, log.confirm(alice));
    var confirm = log.confirm(alice);
    log.assertRefused(
        GroupRefusal.EPOCH_STALE,
        carol,
        new GroupContent.Confirm(
            confirm.epoch() - 1,
            confirm.head(),
            confirm.inviter(),
            confirm.sealed(),
            confirm.signature()));
    log.take(alice, log.change());
    log.take(carol, log.confirm(alice));
  }

  @Test
  void anInvitationIsGoodForFourteenDays() {
    log.invite(alice, bob, carol);
    log.advance(INVITATION.minusMillis(2));
    log.take(bob, log.confirm(alice));
    log.assertRefused(GroupRefusal.INVITATION_OVER, carol, log.confirm(alice));
  }

  @Test
  void anInvitationIsEndedByAnyMemberOnceItIsOver() {
    log.invite(alice, bob, carol);
    log.take(bob, log.confirm(alice));
    GroupOp timeout = new GroupOp.Timeout(carol.user);
    log.advance(INVITATION.minusMillis(3));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, log.change(timeout));
    log.advance(Duration.ofMillis(1));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Timeout(bob.user)));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Timeout(dave.user)));
    log.take(bob, log.change(timeout));
    assertEquals(Optional.empty(), log.membership.row(carol.user));
  }

  @Test
  void aPostIsOfThisEpochAndOnAnEntryOfIt() {
    log.add(alice, bob);
    var old = log.post();
    Point before = log.head();
    log.take(alice, log.change());
    log.assertRefused(GroupRefusal.EPOCH_STALE, bob, old);
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, bob, TestContents.post(log.membership, before, 1));
    Point later = new Point(log.head().sequenceNr() + 1, log.head().hash());
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, bob, TestContents.post(log.membership, later, 1));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 2, log.post());
    log.assertRefused(GroupRefusal.NOT_MEMBER, carol, log.post());
    log.take(bob, log.post());
  }

  @Test
  void aNewcomerBeginsWithWhatTheOthersHave() throws GroupRefusedException {
    log.add(alice, bob);
    var commit = log.change(TestContents.invite(carol), TestContents.invite(dave));
    var place =
        new Membership.Place(log.head().sequenceNr() + 1, 5, alice.user, alice.device(1));
    log.take(alice, commit);
    List<RosterRow> given = log.membership.roster();

    Membership joined = Membership.joining(log.group, place, commit, given);

    assertEquals(given, joined.roster());
    assertEquals(log.membership.epoch(), joined.epoch());
    assertEquals(log.membership.changedNr(), joined.changedNr());
    assertEquals(
        Optional.of(new Membership.Invitation(alice.user, place.sequenceNr(), 5)),
        joined.row(carol.user).orElseThrow().invitation());
    assertEquals(
        GroupRefusal.GROUP_REFUSED, refusalOfJoining(place, commit, given.subList(0, 3)));
    var stranger = new Membership.Place(place.sequenceNr(), 5, carol.user, carol.device(1));
    assertEquals(GroupRefusal.NOT_MEMBER, refusalOfJoining(stranger, commit, given));
  }

  private GroupRefusal refusalOfJoining(
      Membership.Place place, GroupContent.Commit commit, List<RosterRow> given) {
    return assertThrows(
            GroupRefusedException.class,
            () -> Membership.joining(log.group, place, commit, given))
        .refusal();
  }
}
