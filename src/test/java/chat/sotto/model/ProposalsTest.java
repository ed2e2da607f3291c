package chat.sotto.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of docs/protocol.md §9.1 on what people ask for about themselves. */
class ProposalsTest {
  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final TestPerson carol = new TestPerson("carol");
  private final TestLog log = TestLog.foundedBy(alice);

  private GroupContent.Proposal leave() {
    return log.proposal(new GroupProposal.Leave());
  }

  private GroupContent.Proposal decline() {
    return log.proposal(new GroupProposal.Decline());
  }

  private GroupContent.Proposal devices(DeviceList list) {
    return log.proposal(new GroupProposal.Devices(list));
  }

  private GroupContent.Proposal rekey() {
    return log.proposal(new GroupProposal.Rekey());
  }

  @Test
  void aNewDeviceProposesTheListThatItStandsIn() {
    log.add(alice, bob);
    DeviceList linked = bob.deviceList(2, 2);
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 2, rekey());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 2, leave());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 3, devices(linked));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 2, devices(alice.deviceList(2, 2)));
    log.assertRefused(GroupRefusal.NOT_MEMBER, carol, 2, devices(carol.deviceList(2, 2)));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, 2, devices(bob.deviceList(1, 2)));

    log.take(bob, 2, devices(linked));

    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, 1, devices(linked));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 2, log.change(new GroupOp.Devices(bob.user, linked)));
    log.take(alice, log.change(new GroupOp.Devices(bob.user, linked)));
    log.take(bob, 2, log.post());
  }

  @Test
  void aNewDeviceOfSomebodyInvitedComesInBeforeTheyAccept() {
    log.invite(alice, bob);
    DeviceList linked = bob.deviceList(2, 2);
    log.take(bob, 2, devices(linked));
    log.take(alice, log.change(new GroupOp.Devices(bob.user, linked)));
    assertEquals(GroupRole.INVITED, log.role(bob));
    log.take(bob, 2, log.confirm(alice));
    assertEquals(GroupRole.MEMBER, log.role(bob));
  }

  @Test
  void aNewAccountKeyIsTakenFromADeviceOfTheRosterAlone() {
    log.add(alice, bob);
    DeviceList first = bob.deviceList();
    DeviceList changed = bob.announced(first, 1, 1);
    var unannounced =
        new DeviceList(
            changed.user(), changed.serverHost(), changed.version(), changed.prevHash(),
            changed.accountKey(), changed.devices(), changed.signature());
    DeviceList byStranger = bob.announced(first, 2, 2);
    DeviceList ofAnotherKey = bob.announced(bob.announced(first, 1, 1), 1, 1);
    for (DeviceList refused : List.of(unannounced, byStranger, ofAnotherKey)) {
      log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, devices(refused));
      log.assertRefused(
          GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Devices(bob.user, refused)));
    }
    log.take(bob, devices(changed));
    log.take(alice, log.change(new GroupOp.Devices(bob.user, changed)));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, devices(bob.deviceList(3, 1)));
  }

  @Test
  void whoLeavesIsNoMemberFromThenOnAndTheNextCommitSaysSo() {
    log.add(alice, bob);
    log.take(bob, leave());

    assertFalse(log.membership.isMember(bob.user));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.post());
    log.assertRefused(
        GroupRefusal.NOT_MEMBER, bob, log.change(new GroupOp.Leave(bob.user)));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, leave());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, rekey());
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED,
        alice,
        log.change(new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
    log.take(alice, log.change(new GroupOp.Leave(bob.user)));
    assertEquals(Optional.empty(), log.membership.row(bob.user));
    assertEquals(List.of(), log.membership.pending());
  }

  @Test
  void whilePeopleWaitNobodyPostsAndACommitSettlesAll() {
    log.add(alice, bob, carol);
    log.take(bob, leave());
    log.take(carol, rekey());

    log.assertRefused(GroupRefusal.EPOCH_PENDING, alice, log.post());
    log.assertRefused(GroupRefusal.EPOCH_PENDING, alice, log.change());
    log.assertRefused(
        GroupRefusal.EPOCH_PENDING, alice, log.change(new GroupOp.Leave(bob.user)));
    log.take(
        carol,
        log.change(
            new GroupOp.Leave(bob.user), new GroupOp.Rekey(carol.user, carol.device(1))));
    log.take(alice, log.post());
  }

  @Test
  void aRemovalSettlesWhatTheRemovedWanted() {
    log.add(alice, bob);
    log.take(bob, rekey());
    log.take(bob, leave());
    log.take(alice, log.change(new GroupOp.Remove(bob.user)));
    assertEquals(List.of(), log.membership.pending());
  }

  @Test
  void nobodyIsSaidToHaveLeftWhoDidNot() {
    log.add(alice, bob);
    log.invite(alice, carol);
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Leave(bob.user)));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Decline(carol.user)));
    log.take(carol, decline());
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Leave(carol.user)));
    log.take(alice, log.change(new GroupOp.Decline(carol.user)));
  }

  @Test
  void membersLeaveAndTheInvitedDecline() {
    log.add(alice, bob);
    log.invite(alice, carol);
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, decline());
    log.assertRefused(GroupRefusal.GROUP_REFUSED, carol, leave());
    log.assertRefused(
        GroupRefusal.NOT_MEMBER, new TestPerson("dave"), leave());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, 2, leave());
  }

  @Test
  void whoDeclinedDoesNotAcceptAnyMore() {
    log.invite(alice, bob);
    log.take(bob, decline());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.confirm(alice));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, decline());
  }

  @Test
  void aDeclineComesEvenWhenTheInvitationIsOver() {
    log.invite(alice, bob);
    log.advance(Duration.ofDays(15));
    log.take(bob, decline());
  }

  @Test
  void theLastAdminDoesNotLeaveWhileOthersStay() {
    log.add(alice, bob);
    log.assertRefused(GroupRefusal.LAST_ADMIN, alice, leave());
    log.take(alice, log.change(new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
    log.take(alice, leave());
    log.take(bob, log.change(new GroupOp.Leave(alice.user)));
    log.add(bob, carol);
    log.assertRefused(GroupRefusal.LAST_ADMIN, bob, leave());
  }

  @Test
  void anAdminWhoIsLeavingDoesNotCountAsOne() {
    log.add(alice, bob, carol);
    log.take(alice, log.change(new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
    log.take(bob, leave());
    log.assertRefused(GroupRefusal.LAST_ADMIN, alice, leave());
    log.assertRefused(
        GroupRefusal.LAST_ADMIN,
        alice,
        log.change(
            new GroupOp.Leave(bob.user),
            new GroupOp.ChangeRole(alice.user, GroupRole.MEMBER)));
  }

  @Test
  void whenTheLastMemberLeavesTheGroupIsClosed() {
    log.invite(alice, bob);
    log.take(alice, leave());

    assertTrue(log.membership.isClosed());
    log.assertRefused(GroupRefusal.NOT_MEMBER, alice, log.change());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, log.confirm(alice));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, decline());
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, devices(bob.deviceList(2, 2)));
    log.assertRefused(GroupRefusal.NOT_MEMBER, bob, rekey());
  }

  @Test
  void aDeviceListIsFollowedByANewerOneOfTheSameAccount() {
    log.add(alice, bob);
    DeviceList newer = bob.deviceList(2, 2);
    var other = new TestPerson("other");
    DeviceList foreign =
        new DeviceList(
            bob.user,
            newer.serverHost(),
            2,
            newer.prevHash(),
            other.deviceList().accountKey(),
            newer.devices(),
            newer.signature());
    for (DeviceList wrong : List.of(bob.deviceList(1, 2), foreign)) {
      log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, devices(wrong));
      log.assertRefused(
          GroupRefusal.GROUP_REFUSED, alice, log.change(new GroupOp.Devices(bob.user, wrong)));
    }
    log.assertRefused(GroupRefusal.GROUP_REFUSED, alice, devices(newer));
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED,
        alice,
        log.change(new GroupOp.Devices(carol.user, carol.deviceList(2, 1))));
    log.take(bob, devices(newer));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, devices(bob.deviceList(3, 2)));
    log.take(alice, log.change(new GroupOp.Devices(bob.user, newer)));
    log.take(bob, 2, log.post());
  }

  @Test
  void aDeviceListWithSomebodyElsesDeviceIsRefused() {
    log.add(alice, bob, carol);
    DeviceList stolen = bob.deviceList(2, List.of(bob.listed(1), alice.listed(1)));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, devices(stolen));
    // Nor may two that wait have a device in common: no commit could take both.
    log.take(bob, devices(bob.deviceList(2, 2)));
    DeviceList same = carol.deviceList(2, List.of(carol.listed(1), bob.listed(2)));
    log.assertRefused(GroupRefusal.GROUP_REFUSED, carol, devices(same));
    log.take(carol, devices(carol.deviceList(2, 2)));
    log.take(
        alice,
        log.change(
            new GroupOp.Devices(bob.user, bob.deviceList(2, 2)),
            new GroupOp.Devices(carol.user, carol.deviceList(2, 2))));
  }

  @Test
  void anEvenNewerListSettlesTheOneThatWaits() {
    log.add(alice, bob);
    log.take(bob, devices(bob.deviceList(2, 2)));
    log.take(alice, log.change(new GroupOp.Devices(bob.user, bob.deviceList(3, 3))));
    assertEquals(List.of(), log.membership.pending());
    assertEquals(3, log.membership.row(bob.user).orElseThrow().deviceList().version());
  }

  @Test
  void anInvitedUsersNewListKeepsTheInvitation() {
    log.invite(alice, bob);
    log.take(bob, devices(bob.deviceList(2, 2)));
    log.take(alice, log.change(new GroupOp.Devices(bob.user, bob.deviceList(2, 2))));
    assertEquals(GroupRole.INVITED, log.role(bob));
    log.take(bob, 2, log.confirm(alice));
    assertEquals(GroupRole.MEMBER, log.role(bob));
  }

  @Test
  void aDeviceAsksForKeysOnceAndEachForItself() {
    log.take(
        alice, log.change(new GroupOp.Invite(bob.user, bob.deviceList(1, 2))));
    log.take(bob, log.confirm(alice));
    log.take(bob, 1, rekey());
    log.assertRefused(GroupRefusal.GROUP_REFUSED, bob, 1, rekey());
    log.take(bob, 2, rekey());

    GroupOp first = new GroupOp.Rekey(bob.user, bob.device(1));
    GroupOp second = new GroupOp.Rekey(bob.user, bob.device(2));
    log.assertRefused(GroupRefusal.EPOCH_PENDING, alice, log.change(first));
    log.take(alice, log.change(first, second));
  }

  @Test
  void aResetGivesKeysToAll() {
    log.add(alice, bob);
    log.take(bob, rekey());
    log.take(alice, log.reset());
    assertEquals(List.of(), log.membership.pending());
  }

  @Test
  void aDeviceThatIsGoneNeedsNoKeys() {
    log.take(
        alice, log.change(new GroupOp.Invite(bob.user, bob.deviceList(1, 2))));
    log.take(bob, 2, rekey());
    log.take(alice, log.change(new GroupOp.Devices(bob.user, bob.deviceList(2, 1))));
    assertEquals(List.of(), log.membership.pending());
  }

  @Test
  void keysAreForDevicesOfTheRosterAfterTheCommit() {
    log.add(alice, bob);
    for (GroupOp op :
        List.of(
            new GroupOp.Rekey(bob.user, bob.device(2)),
            new GroupOp.Rekey(carol.user, carol.device(1)))) {
      log.assertRefused(GroupRefusal.GROUP_REFUSED, alice, log.change(op));
    }
    log.assertRefused(
        GroupRefusal.GROUP_REFUSED,
        alice,
        log.change(
            new GroupOp.Rekey(bob.user, bob.device(1)), new GroupOp.Remove(bob.user)));
    log.take(
        alice,
        log.change(
            new GroupOp.Devices(bob.user, bob.deviceList(2, 2)),
            new GroupOp.Rekey(bob.user, bob.device(2))));
  }
}
