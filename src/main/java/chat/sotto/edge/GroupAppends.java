package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.group.Group;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupStatements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Takes an entry to a group's log: proposals, confirmations and posts here, commits with {@link
 * GroupCommits}. What an attempt stored beside it is deleted only when an answer says that it is
 * not the one that counts.
 */
final class GroupAppends {
  /** More than all else in a commit as it is pushed: name, piece, seed. */
  private static final int PUSH_BYTES = 8192;

  private static final int KIB = 1024;

  private final Node node;
  private final SignIn.Granted self;

  GroupAppends(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
  }

  CompletionStage<Reply> append(ClientFrame.GroupAppend frame) {
    Duration wait = takeTurns(frame);
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    Optional<ErrorCode> refusal = refusal(frame);
    if (refusal.isPresent()) {
      return Stages.now(Errors.of(frame.nonce(), refusal.get()));
    } else if (frame.content() instanceof GroupContent.Commit commit) {
      return new GroupCommits(node, self, frame, commit).append();
    } else if (frame.content() instanceof GroupContent.Post) {
      return post(frame);
    }
    return Stages.unlessAnswered(
        new GroupDeviceLists(node, frame.content(), List.of()).refusal(frame.nonce()),
        () ->
            tell(node, self, frame, new Group.NoBodies())
                .thenApply(answer -> reply(frame, answer)));
  }

  // What can be said without asking the group

  /** Of changes or posts, and of bytes. @return how long to wait; zero if it is the user's turn */
  private Duration takeTurns(ClientFrame.GroupAppend frame) {
    boolean isPost = frame.content() instanceof GroupContent.Post;
    RateLimits rates = node.rates();
    Duration wait =
        (isPost ? rates.postsBy() : rates.groupChangesBy()).take(self.user());
    int kib = kib(frame);
    return wait.isZero() && kib > 0 ? rates.groupKibBy().take(self.user(), kib) : wait;
  }

  private static int kib(ClientFrame.GroupAppend frame) {
    int bytes =
        frame.ciphertext().map(Bytes::size).orElse(0)
            + frame.info().map(Bytes::size).orElse(0)
            + frame.pieces().stream()
                .flatMap(List::stream)
                .mapToInt(piece -> piece.piece().size())
                .sum();
    return (bytes + KIB - 1) / KIB;
  }

  private Optional<ErrorCode> refusal(ClientFrame.GroupAppend frame) {
    var signer =
        new GroupStatements.Signer(
            frame.group(), self.user(), self.device(), frame.messageId());
    if (!fitsInPush(frame)) {
      return Optional.of(ErrorCode.BAD_FRAME);
    } else if (!GroupStatements.verify(self.deviceKey(), signer, frame.content())) {
      return Optional.of(ErrorCode.SIGNATURE_REFUSED);
    } else if (!fitDigests(frame)) {
      return Optional.of(ErrorCode.BAD_FRAME);
    } else if (!node.store().hasRoom()) {
      return Optional.of(ErrorCode.SERVER_FULL);
    }
    return Optional.empty();
  }

  /** So that what is pushed is no larger than an envelope may be. */
  private boolean fitsInPush(ClientFrame.GroupAppend frame) {
    int bytesMax = node.limits().envelopeBytesMax();
    if (frame.content() instanceof GroupContent.Commit) {
      var withoutPieces =
          new ClientFrame.GroupAppend(
              frame.nonce(),
              frame.token(),
              frame.group(),
              frame.messageId(),
              frame.content(),
              frame.info(),
              Optional.of(List.of()),
              Optional.empty());
      return FrameCodec.encode(withoutPieces).length <= bytesMax - PUSH_BYTES;
    }
    return frame
        .ciphertext()
        .filter(bytes -> bytes.size() > Sends.ciphertextBytesMax(bytesMax))
        .isEmpty();
  }

  private static boolean fitDigests(ClientFrame.GroupAppend frame) {
    if (frame.content() instanceof GroupContent.Commit commit) {
      return isDigest(commit.infoDigest(), frame.info().orElseThrow());
    }
    return !(frame.content() instanceof GroupContent.Post post)
        || isDigest(post.digest(), frame.ciphertext().orElseThrow());
  }

  private static boolean isDigest(Bytes digest, Bytes bytes) {
    return digest.equals(Bytes.of(Hash.sha256(bytes.toArray())));
  }

  // Asking it

  private CompletionStage<Reply> post(ClientFrame.GroupAppend frame) {
    Bodies bodies = node.store().bodies();
    long now = node.clock().millis();
    byte[] ciphertext = frame.ciphertext().orElseThrow().toArray();
    long expiresAt = now + node.userLimits().ageMax().toMillis();
    var body = new Group.PostBody(bodies.newId(now), ciphertext.length, expiresAt);
    var put = bodies.put(body.bodyId(), ciphertext, expiresAt);
    Runnable drop = () -> bodies.delete(List.of(body.bodyId()));
    return Stages.orElseUndo(
            Stages.afterPut(List.of(put), () -> tell(node, self, frame, body)), drop)
        .thenApply(
            answer -> {
              if (!isStored(answer)) {
                drop.run();
              }
              return reply(frame, answer);
            });
  }

  static CompletionStage<Group.AppendReply> tell(
      Node node, SignIn.Granted self, ClientFrame.GroupAppend frame, Group.Bodies bodies) {
    return node.groupAppends()
        .ask(
            frame.group(),
            new Group.Append(
                self.user(), self.device(), frame.messageId(), frame.content(), bodies));
  }

  /** Whether this attempt's bodies are those of the entry; a time-out is no answer. */
  static boolean isStored(Group.AppendReply answer) {
    return answer instanceof Group.Accepted accepted && !accepted.isRepeat();
  }

  static Reply reply(ClientFrame.GroupAppend frame, Group.AppendReply answer) {
    long nonce = frame.nonce();
    if (answer instanceof Group.Accepted accepted) {
      return new ServerFrame.GroupAccepted(
          nonce + 1,
          frame.group(),
          accepted.sequenceNr(),
          accepted.time(),
          accepted.hash(),
          accepted.digest());
    } else if (answer instanceof Group.Refused refused) {
      return Errors.of(nonce, refused.why());
    } else if (answer instanceof Group.OutOfOrder order) {
      return Errors.outOfOrder(nonce, order.expected());
    } else if (answer instanceof Group.RateLimited limited) {
      return Errors.rateLimited(nonce, Duration.ofMillis(limited.retryAfter()));
    } else if (answer instanceof Group.Taken) {
      return Errors.of(nonce, ErrorCode.GROUP_TAKEN);
    } else if (answer instanceof Group.PiecesRefused) {
      return Errors.of(nonce, ErrorCode.PIECES_REFUSED);
    }
    return Errors.busy(nonce);
  }
}
