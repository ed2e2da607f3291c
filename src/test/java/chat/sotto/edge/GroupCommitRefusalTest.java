package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.Groups;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Commits, invitations and confirmations that are not taken. */
class GroupCommitRefusalTest extends GroupRefusals {
  private static ClientFrame.GroupAppend withPieces(
      ClientFrame.GroupAppend frame, List<GroupPiece> pieces) {
    return new ClientFrame.GroupAppend(
        frame.nonce(),
        frame.token(),
        frame.group(),
        frame.messageId(),
        frame.content(),
        frame.info(),
        Optional.of(pieces),
        frame.ciphertext());
  }

  @Test
  void aCommitOnWhatIsOverAndTheSecondOfTwoAtOnce() throws Exception {
    GroupContent one = group.commit(new GroupOp.ChangeRole(bob.name, GroupRole.ADMIN));
    GroupContent other = group.commit();
    group.append(a, alice, one);
    assertRefused(ErrorCode.EPOCH_STALE, b, bob, other);
    group.append(b, bob, group.commit());
  }

  @Test
  void aCommitByWhoHasNoRightToIt() throws Exception {
    assertRefused(ErrorCode.NOT_ADMIN, b, bob, group.commit(TestGroup.invite(carol)));
    assertRefused(ErrorCode.NOT_ADMIN, b, bob, group.commit(TestGroup.remove(alice)));
    assertRefused(
        ErrorCode.NOT_ADMIN,
        b,
        bob,
        group.commit(new GroupOp.ChangeRole(bob.name, GroupRole.ADMIN)));
    assertRefused(ErrorCode.NOT_MEMBER, c, carol, group.commit());
  }

  @Test
  void aStrangerIsToldNothingOfOthersDeviceLists() throws Exception {
    var posed = new TestUser(bob.name.value());
    GroupContent commit = group.commit(new GroupOp.Devices(bob.name, posed.deviceList));
    assertRefused(ErrorCode.NOT_MEMBER, c, carol, commit);
  }

  @Test
  void aProposalOfADeviceListThatTheServerDoesNotHave() throws Exception {
    var proposal = group.propose(new GroupProposal.Devices(bob.nextDeviceList()));
    var refused =
        assertRefused(
            ErrorCode.DEVICES_CHANGED, b, nonce -> group.frame(b, nonce, bob, proposal));
    assertEquals(Optional.of(bob.deviceList), refused.deviceList());
  }

  /** The one after the next announces a key that the group could not follow to. */
  @Test
  void aCommitWithThePresentListOrTheOneThatWasProposed() throws Exception {
    Ed25519.SigningKey second = Ed25519.generate(TestUser.RANDOM);
    DeviceList proposed = announced(bob.deviceList, second);
    change(proposed, 2);
    group.append(b, bob, group.propose(new GroupProposal.Devices(proposed)));
    DeviceList present = announced(proposed, Ed25519.generate(TestUser.RANDOM));
    change(present, 3);

    GroupContent tooFar = group.commit(devices(present));
    a.assertRefused(
        ErrorCode.GROUP_REFUSED, nonce -> group.frame(a, nonce, alice, tooFar));
    DeviceList other =
        TestDevice.next(second, proposed, proposed.devices())
            .with(proposed.keyChange().orElseThrow());
    GroupContent between = group.commit(devices(other));
    a.assertRefused(
        ErrorCode.DEVICES_CHANGED, nonce -> group.frame(a, nonce, alice, between));
    group.append(a, alice, group.commit(devices(proposed)));
    group.append(b, bob, group.propose(new GroupProposal.Devices(present)));
    group.append(a, alice, group.commit(devices(present)));
    GroupContent old = group.propose(new GroupProposal.Devices(proposed));
    assertRefused(ErrorCode.DEVICES_CHANGED, b, bob, old);
  }

  @Test
  void theLastListOfSomebodyWhoseAccountIsGone() throws Exception {
    DeviceList last = announced(bob.deviceList, Ed25519.generate(TestUser.RANDOM));
    change(last, 2);
    b.ask(
        ServerFrame.Done.class,
        nonce ->
            new AccountRequest.Delete(
                nonce, b.token(), Optional.of(bob.authSecret), Optional.empty()));

    group.append(a, alice, group.commit(devices(last)));
    group.append(a, alice, group.commit(TestGroup.remove(bob)));
    assertRefused(
        ErrorCode.UNKNOWN_USER, a, alice, group.commit(new GroupOp.Invite(bob.name, last)));
  }

  private static GroupOp devices(DeviceList list) {
    return new GroupOp.Devices(list.user(), list);
  }

  /** The next list, with the same devices under another key that bob's device announces. */
  private DeviceList announced(DeviceList before, Ed25519.SigningKey key) {
    DeviceList next = TestDevice.next(key, before, before.devices());
    return next.with(
        Statements.signKeyChange(bob.deviceKey, bob.device, before, next.accountKey()));
  }

  private void change(DeviceList list, long vaultVersion) throws Exception {
    b.ask(
        ServerFrame.Done.class,
        nonce ->
            new AccountRequest.Change(
                nonce,
                b.token(),
                Optional.of(bob.authSecret),
                Optional.empty(),
                Optional.of(list),
                Optional.of(TestGroup.random(130)),
                Optional.of(vaultVersion),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void aCommitWithoutExactlyThePiecesThatAreNeeded() throws Exception {
    var commit = group.commit(TestGroup.invite(carol));
    List<GroupPiece> good = group.pieces(alice, commit);
    var stranger = TestGroup.piece(carol.name, new DeviceId("ab".repeat(16)));
    var own = TestGroup.piece(alice.name, alice.device);
    var wrongUser = TestGroup.piece(carol.name, bob.device);
    for (List<GroupPiece> bad :
        List.of(
            List.<GroupPiece>of(),
            good.subList(0, 1),
            concat(good, stranger),
            concat(good, own),
            concat(good.subList(1, 2), wrongUser),
            concat(good.subList(0, 1), stranger))) {
      assertRefused(
          ErrorCode.PIECES_REFUSED,
          a,
          nonce -> withPieces(group.frame(a, nonce, alice, commit), bad));
    }
  }

  private static List<GroupPiece> concat(List<GroupPiece> some, GroupPiece one) {
    List<GroupPiece> all = new ArrayList<>(some);
    all.add(one);
    return all;
  }

  @Test
  void aCommitWhoseRosterOrNameIsNotWhatItSays() throws Exception {
    var good = group.commit();
    var wrong =
        new GroupContent.Commit(
            good.epoch(),
            good.kind(),
            good.ops(),
            TestGroup.random(32),
            good.head(),
            good.check(),
            good.joinCheck(),
            good.infoDigest(),
            good.signature());
    assertRefused(ErrorCode.GROUP_REFUSED, a, alice, wrong);
    assertRefused(
        ErrorCode.BAD_FRAME,
        a,
        nonce -> {
          ClientFrame.GroupAppend frame = group.frame(a, nonce, alice, good);
          return new ClientFrame.GroupAppend(
              nonce,
              frame.token(),
              frame.group(),
              frame.messageId(),
              frame.content(),
              Optional.of(TestGroup.random(200)),
              frame.pieces(),
              Optional.empty());
        });
  }

  @Test
  void aGroupThatExists() throws Exception {
    var commit =
        new GroupContent.Commit(
            0,
            GroupContent.Kind.CREATE,
            List.of(TestGroup.found(carol)),
            GroupStatements.rosterHash(
                group.id,
                List.of(new RosterRow(GroupRole.ADMIN, carol.deviceList))),
            GroupStatements.start(group.id),
            TestGroup.random(32),
            TestGroup.random(32),
            TestGroup.random(32),
            GroupStatements.unsigned());
    assertRefused(
        ErrorCode.GROUP_TAKEN,
        c,
        nonce -> withPieces(group.frame(c, nonce, carol, commit), List.of()));
  }

  @Test
  void theLastAdminsLeave() throws Exception {
    assertRefused(ErrorCode.LAST_ADMIN, a, alice, group.propose(new GroupProposal.Leave()));
    group.append(
        a, alice, group.commit(new GroupOp.ChangeRole(bob.name, GroupRole.ADMIN)));
    group.append(a, alice, group.propose(new GroupProposal.Leave()));
  }

  // Invitations

  @Test
  void anInvitationOfNobodyOfAMemberAndOfSomebodyInvited() throws Exception {
    var nobody = new TestUser("nobody-" + carol.name.value());
    assertRefused(ErrorCode.UNKNOWN_USER, a, alice, group.commit(TestGroup.invite(nobody)));
    assertRefused(ErrorCode.ALREADY_MEMBER, a, alice, group.commit(TestGroup.invite(bob)));
    group.append(a, alice, group.commit(TestGroup.invite(carol)));
    assertRefused(ErrorCode.ALREADY_MEMBER, a, alice, group.commit(TestGroup.invite(carol)));
  }

  @Test
  void anInvitationWithAnotherDeviceListThanThePresentOne() throws Exception {
    var posed = new TestUser(carol.name.value());
    var refused =
        assertRefused(
            ErrorCode.DEVICES_CHANGED,
            a,
            nonce ->
                group.frame(a, nonce, alice, group.commit(TestGroup.invite(posed))));
    assertEquals(Optional.of(carol.deviceList), refused.deviceList());
  }

  @Test
  void aDeviceListThatIsNotWellSignedOrOfAnotherServer() throws Exception {
    DeviceList good = carol.deviceList;
    var forged =
        new DeviceList(
            good.user(),
            good.serverHost(),
            good.version(),
            good.prevHash(),
            good.accountKey(),
            good.devices(),
            TestGroup.random(64));
    var elsewhere = new TestUser(carol.name.value(), "elsewhere.example");
    for (DeviceList bad : List.of(forged, elsewhere.deviceList)) {
      assertRefused(
          ErrorCode.DEVICE_LIST_REFUSED,
          a,
          alice,
          group.commit(new GroupOp.Invite(carol.name, bad)));
    }
  }

  @Test
  void moreInvitationsThanOneCommitMayHold() throws Exception {
    GroupOp[] invites =
        IntStream.rangeClosed(0, Membership.INVITES_MAX)
            .mapToObj(i -> TestGroup.invite(new TestUser("guest" + i)))
            .toArray(GroupOp[]::new);
    assertRefused(ErrorCode.GROUP_FULL, a, alice, group.commit(invites));
  }

  @Test
  void anInvitationOfSomebodyWhoIsInAsManyGroupsAsMayBe() throws Exception {
    for (int i = 0; i < Groups.GROUPS_MAX; i++) {
      var other = new GroupId(HexFormat.of().formatHex(TestUser.random(16)));
      assertTrue(join(carol, other) instanceof User.Done);
    }
    assertRefused(ErrorCode.GROUP_FULL, a, alice, group.commit(TestGroup.invite(carol)));
  }

  private static User.JoinReply join(TestUser user, GroupId group) throws Exception {
    return User.ref(server.system(), user.name)
        .<User.JoinReply>ask(
            replyTo -> new User.JoinGroup(group, replyTo), Duration.ofSeconds(10))
        .toCompletableFuture()
        .get();
  }

  @Test
  void aConfirmationThatIsNotOfAnInvitation() throws Exception {
    assertRefused(ErrorCode.NOT_MEMBER, c, carol, group.confirm(alice));
    assertRefused(ErrorCode.GROUP_REFUSED, b, bob, group.confirm(alice));
    group.append(a, alice, group.commit(TestGroup.invite(carol)));
    assertRefused(ErrorCode.GROUP_REFUSED, c, carol, group.confirm(bob));
    var late = group.confirm(alice);
    group.append(a, alice, group.commit());
    assertRefused(ErrorCode.EPOCH_STALE, c, carol, late);
    group.append(c, carol, group.confirm(alice));
  }

  @Test
  void aConfirmationAfterFourteenDays() throws Exception {
    group.append(a, alice, group.commit(TestGroup.invite(carol)));
    CLOCK.advance(Membership.INVITATION_MAX);
    assertRefused(ErrorCode.INVITATION_OVER, c, carol, group.confirm(alice));
    group.append(a, alice, group.commit(new GroupOp.Timeout(carol.name)));
  }
}
