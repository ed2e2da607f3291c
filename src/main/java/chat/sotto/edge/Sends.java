package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.Copy;
import chat.sotto.user.Receipt;
import chat.sotto.user.Sent;
import chat.sotto.user.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Takes a message to its recipient. Each attempt stores its ciphertexts under ids of its own, before
 * the entity is told; what an attempt stored is deleted only when an answer says that it is not the
 * one that counts.
 */
final class Sends {
  /** More than all else in an entry as it is pushed, with the digests of eight devices. */
  private static final int ENTRY_BYTES = 4096;

  private final Node node;
  private final SignIn.Granted self;
  private final Predicate<UserName> heardFrom;
  /** People of whom the user's entity said that they have answered: nothing takes that back. */
  private final Set<UserName> answered = ConcurrentHashMap.newKeySet();

  /** @param heardFrom what this connection knows of it, which may be late, and is never wrong */
  Sends(Node node, SignIn.Granted self, Predicate<UserName> heardFrom) {
    this.node = node;
    this.self = self;
    this.heardFrom = heardFrom;
  }

  /** So that the entry that carries it is no larger than an envelope may be. */
  static int ciphertextBytesMax(int envelopeBytesMax) {
    return (envelopeBytesMax - ENTRY_BYTES) / 4 * 3;
  }

  CompletionStage<Reply> send(ClientFrame.Send frame) {
    int bytesMax = ciphertextBytesMax(node.limits().envelopeBytesMax());
    if (frame.copies().stream().anyMatch(copy -> copy.ciphertext().size() > bytesMax)) {
      return refused(frame, ErrorCode.BAD_FRAME);
    }
    if (!node.store().hasRoom()) {
      return refused(frame, ErrorCode.SERVER_FULL);
    }
    Bodies bodies = node.store().bodies();
    long now = node.clock().millis();
    long expiresAt = now + node.userLimits().ageMax().toMillis();
    List<Copy> copies = new ArrayList<>();
    List<CompletionStage<Void>> puts = new ArrayList<>();
    for (ClientFrame.Copy copy : frame.copies()) {
      byte[] ciphertext = copy.ciphertext().toArray();
      String id = bodies.newId(now);
      Bytes digest = Bytes.of(Hash.sha256(ciphertext));
      copies.add(new Copy(copy.device(), id, ciphertext.length, digest));
      puts.add(bodies.put(id, ciphertext, expiresAt));
    }
    boolean isAnswered = heardFrom.test(frame.to()) || answered.contains(frame.to());
    List<String> attempt = copies.stream().map(Copy::bodyId).toList();
    CompletionStage<User.AcceptReply> asked =
        Stages.afterPut(
            puts,
            () ->
                accept(frame, copies, isAnswered, expiresAt)
                    .thenCompose(answer -> unlessAnswered(answer, frame, copies, expiresAt)));
    return Stages.orElseUndo(asked, () -> bodies.delete(attempt))
        .thenApply(
            answer -> {
              // Only an answer says that an attempt is not the stored one; a time-out never does.
              if (!stored(answer, attempt)) {
                bodies.delete(attempt);
              }
              return reply(frame, answer);
            });
  }

  /**
   * Whether somebody answered is known to the sender's own entity, which accepted the answer: it is
   * asked only when that decides.
   */
  private CompletionStage<User.AcceptReply> unlessAnswered(
      User.AcceptReply answer, ClientFrame.Send frame, List<Copy> copies, long expiresAt) {
    if (!(answer instanceof User.Unanswered)) {
      return Stages.now(answer);
    }
    CompletionStage<User.HeardReply> heard =
        node.user(self.user())
            .ask(
                replyTo -> new User.FindHeard(frame.to(), replyTo), node.edgeLimits().askTimeout());
    return heard.thenCompose(
        found -> {
          if (!found.equals(new User.Heard(true))) {
            return Stages.now(answer);
          }
          answered.add(frame.to());
          return accept(frame, copies, true, expiresAt);
        });
  }

  private CompletionStage<User.AcceptReply> accept(
      ClientFrame.Send frame, List<Copy> copies, boolean isAnswered, long expiresAt) {
    return node.deliveries()
        .ask(
            frame.to(),
            new Sent(
                self.user(),
                self.device(),
                frame.n(),
                frame.deviceListVersion(),
                frame.messageId(),
                copies,
                isAnswered,
                expiresAt));
  }

  private static boolean stored(User.AcceptReply answer, List<String> attempt) {
    if (answer instanceof User.AcceptedReply) {
      return true;
    }
    return answer instanceof User.Already already
        && attempt.contains(already.receipt().firstBodyId());
  }

  private static Reply reply(ClientFrame.Send frame, User.AcceptReply answer) {
    if (answer instanceof User.AcceptedReply accepted) {
      return accepted(frame, accepted.receipt());
    } else if (answer instanceof User.Already already) {
      return accepted(frame, already.receipt());
    } else if (answer instanceof User.OutOfOrder order) {
      return Errors.outOfOrder(frame.nonce(), order.expected());
    } else if (answer instanceof User.DevicesChanged changed) {
      return Errors.devicesChanged(frame.nonce(), changed.deviceList());
    } else if (answer instanceof User.InboxFull) {
      return Errors.of(frame.nonce(), ErrorCode.INBOX_FULL);
    } else if (answer instanceof User.Unanswered unanswered) {
      return Errors.unanswered(frame.nonce(), unanswered.max());
    } else if (answer instanceof User.NobodyElse) {
      return Errors.of(frame.nonce(), ErrorCode.BAD_FRAME);
    }
    return Errors.of(frame.nonce(), ErrorCode.UNKNOWN_USER);
  }

  private static Reply accepted(ClientFrame.Send frame, Receipt receipt) {
    return new ServerFrame.Accepted(
        frame.nonce() + 1,
        receipt.n(),
        receipt.sequenceNr(),
        receipt.time(),
        receipt.hash(),
        receipt.digest());
  }

  private static CompletionStage<Reply> refused(ClientFrame frame, ErrorCode code) {
    return Stages.now(Errors.of(frame.nonce(), code));
  }
}
