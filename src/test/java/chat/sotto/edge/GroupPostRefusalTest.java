package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Point;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Posts that are not taken, and words that are not the signer's. */
class GroupPostRefusalTest extends GroupRefusals {
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

  // Limits of the edge

  @Test
  void aCiphertextThatNoPushCouldCarry() throws Exception {
    int max = Sends.ciphertextBytesMax(1024 * 1024);
    assertRefused(
        ErrorCode.BAD_FRAME,
        b,
        nonce -> group.frame(b, nonce, bob, group.post(bob), Bytes.of(new byte[max + 1])));
    group.append(b, bob, group.post(bob), Bytes.of(new byte[max]));
    var push = group.hearHead(b);
    assertEquals(max, push.ciphertext().orElseThrow().size());
    assertTrue(b.lastMessageBytes() <= 1024 * 1024);
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
