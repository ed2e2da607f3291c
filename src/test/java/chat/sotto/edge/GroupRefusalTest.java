package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.RosterRow;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.Groups;
import chat.sotto.user.User;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a group's log does not take: each is answered by name, keeps no body, and leaves the log as
 * it was, so that what comes next is taken.
 */
class GroupRefusalTest {
  @TempDir static Path data;
  private static final MovableClock CLOCK = new MovableClock();
  private static TestServer server;

  private final TestGroup group = new TestGroup();
  private TestUser alice;
  private TestUser bob;
  private TestUser carol;
  private RawClient a;
  private RawClient b;
  private RawClient c;

  @BeforeAll
  static void start() {
    server = TestServer.start(data, Map.of(), CLOCK);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** Alice's group with bob in it; carol is not. */
  @BeforeEach
  void make(TestInfo test) throws Exception {
    String own = Integer.toHexString(test.getDisplayName().hashCode());
    alice = new TestUser("alice-" + own);
    bob = new TestUser("bob-" + own);
    carol = new TestUser("carol-" + own);
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
    c = RawClient.registered(server.server(), carol);
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    group.append(b, bob, group.confirm(alice));
  }

  @AfterEach
  void leave() {
    a.close();
    b.close();
    c.close();
  }

  private void assertRefused(
      ErrorCode code, RawClient client, TestUser by, GroupContent content) throws Exception {
    assertRefused(code, client, nonce -> group.frame(client, nonce, by, content));
  }

  private ServerFrame.Failed assertRefused(
      ErrorCode code, RawClient client, Function<Long, ClientFrame> frame) throws Exception {
    long bodies = server.bodies();
    long before = group.head().sequenceNr();
    var refused = client.ask(ServerFrame.Failed.class, frame);
    assertEquals(code, refused.code());
    assertEquals(bodies, server.bodies());
    var next = group.append(a, alice, group.post(alice));
    assertEquals(next.sequenceNr() - 1, before);
    return refused;
  }

  // Posts

  @Test
  void aPostByWhoIsNoMember() throws Exception {
    assertRefused(ErrorCode.NOT_MEMBER, c, carol, group.post(carol));
    group.append(a, alice, group.commit(TestGroup.invite(carol)));
    assertRefused(ErrorCode.NOT_MEMBER, c, carol, group.post(carol));
  }

  @Test
  void aPostByWhoWasRemoved() throws Exception {
    GroupContent late = group.post(bob);
    group.append(a, alice, group.commit(TestGroup.remove(bob)));
    assertRefused(ErrorCode.NOT_MEMBER, b, bob, late);
    assertRefused(ErrorCode.NOT_MEMBER, b, bob, group.post(bob));
  }

  @Test
  void aPostByWhoHasLeft() throws Exception {
    group.append(b, bob, group.propose(new GroupProposal.Leave()));
    var post = group.post(bob);
    b.assertRefused(ErrorCode.NOT_MEMBER, nonce -> group.frame(b, nonce, bob, post));
  }

  @Test
  void aPostOfAnEpochThatIsOver() throws Exception {
    GroupContent late = group.post(bob);
    group.append(a, alice, group.commit());
    assertRefused(ErrorCode.EPOCH_STALE, b, bob, late);
    group.append(b, bob, group.post(bob));
  }

  @Test
  void aPostWhileProposalsArePending() throws Exception {
    group.append(b, bob, group.propose(new GroupProposal.Rekey()));
    var post = group.post(alice);
    a.assertRefused(ErrorCode.EPOCH_PENDING, nonce -> group.frame(a, nonce, alice, post));
    group.append(a, alice, group.commit(new GroupOp.Rekey(bob.name, bob.device)));
    assertRefused(ErrorCode.EPOCH_STALE, a, alice, post);
  }

  @Test
  void aPostWithACounterThatIsNotTheNext() throws Exception {
    var first = (GroupContent.Post) group.post(bob);
    for (long wrong : new long[] {2, 9}) {
      var post =
          new GroupContent.Post(
              first.epoch(), wrong, first.head(), first.digest(), first.signature());
      var refused =
          assertRefused(
              ErrorCode.OUT_OF_ORDER, b, nonce -> group.frame(b, nonce, bob, post));
      assertEquals(Optional.of(1L), refused.expected());
    }
    group.append(b, bob, first);
    assertRefused(ErrorCode.OUT_OF_ORDER, b, bob, first);
  }

  @Test
  void aPostOnAHeadThatIsNotTheLogs() throws Exception {
    var good = (GroupContent.Post) group.post(bob);
    long nr = good.head().sequenceNr();
    for (Point head :
        List.of(
            new Point(nr, TestGroup.random(32)),
            new Point(nr + 5, good.head().hash()),
            new Point(1, good.head().hash()))) {
      assertRefused(
          ErrorCode.GROUP_REFUSED,
          b,
          bob,
          new GroupContent.Post(
              good.epoch(), good.counter(), head, good.digest(), good.signature()));
    }
  }

  // Whose word it is

  @Test
  void whatIsNotSignedByTheDeviceOfTheConnection() throws Exception {
    for (GroupContent content :
        List.of(
            group.post(bob), group.commit(), group.propose(new GroupProposal.Leave()))) {
      // Bob poses as alice, with her signature and with his.
      assertRefused(
          ErrorCode.SIGNATURE_REFUSED, b, nonce -> group.frame(b, nonce, alice, content));
      assertRefused(
          ErrorCode.SIGNATURE_REFUSED,
          b,
          nonce -> withSignature(group.frame(b, nonce, bob, content), TestGroup.random(64)));
    }
  }

  @Test
  void aSignatureOverSomethingElse() throws Exception {
    var other = new TestGroup();
    ClientFrame.GroupAppend frame = group.frame(b, b.nextNonce(), bob, group.post(bob));
    for (var field : List.of("group", "messageId", "ciphertext")) {
      ErrorCode code =
          field.equals("ciphertext") ? ErrorCode.BAD_FRAME : ErrorCode.SIGNATURE_REFUSED;
      assertRefused(
          code,
          b,
          nonce ->
              new ClientFrame.GroupAppend(
                  nonce,
                  frame.token(),
                  field.equals("group") ? other.id : frame.group(),
                  field.equals("messageId") ? TestGroup.random(16) : frame.messageId(),
                  frame.content(),
                  Optional.empty(),
                  Optional.empty(),
                  field.equals("ciphertext")
                      ? Optional.of(TestGroup.random(200))
                      : frame.ciphertext()));
    }
  }

  private static ClientFrame.GroupAppend withSignature(
      ClientFrame.GroupAppend frame, Bytes signature) {
    return new ClientFrame.GroupAppend(
        frame.nonce(),
        frame.token(),
        frame.group(),
        frame.messageId(),
        TestGroup.withSignature(frame.content(), signature),
        frame.info(),
        frame.pieces(),
        frame.ciphertext());
  }

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

  // Commits

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

  // Limits of the edge

  @Test
  void aCiphertextThatNoPushCouldCarry() throws Exception {
    int max = Sends.ciphertextBytesMax(256 * 1024);
    assertRefused(
        ErrorCode.BAD_FRAME,
        b,
        nonce -> group.frame(b, nonce, bob, group.post(bob), Bytes.of(new byte[max + 1])));
    group.append(b, bob, group.post(bob), Bytes.of(new byte[max]));
    var push = group.hearHead(b);
    assertEquals(max, push.ciphertext().orElseThrow().size());
    assertTrue(b.lastMessageBytes() <= 256 * 1024);
  }

  @Test
  void whatWasTakenIsAnsweredAgainAndNotTakenTwice() throws Exception {
    for (GroupContent content :
        List.of(group.post(bob), group.commit(), group.propose(new GroupProposal.Rekey()))) {
      GroupContent fresh = onPresentHead(content);
      ClientFrame.GroupAppend frame = group.frame(b, b.nextNonce(), bob, fresh);
      b.say(frame);
      var first = (ServerFrame.GroupAccepted) b.reply();
      group.onAccepted(bob, fresh, first);
      long bodies = server.bodies();
      var again =
          b.ask(
              ServerFrame.GroupAccepted.class,
              nonce -> GroupDeliveryTest.withNonce(frame, nonce));
      assertEquals(first.sequenceNr(), again.sequenceNr());
      assertEquals(first.hash(), again.hash());
      assertEquals(first.digest(), again.digest());
      a.assertAlive();
      b.ask(
          ServerFrame.Failed.class,
          nonce -> group.frame(b, nonce, bob, group.confirm(alice)));
      assertEquals(bodies, server.bodies());
    }
  }

  private GroupContent onPresentHead(GroupContent content) {
    if (content instanceof GroupContent.Commit) {
      return group.commit();
    }
    return content instanceof GroupContent.Proposal one ? group.propose(one.op()) : content;
  }
}
