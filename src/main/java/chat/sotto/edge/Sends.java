package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.Copy;
import chat.sotto.user.Receipt;
import chat.sotto.user.User;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

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

  Sends(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
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
    return Stages.afterPut(puts, () -> accept(frame, copies, expiresAt))
        .thenApply(
            answer -> {
              List<String> attempt = copies.stream().map(Copy::bodyId).toList();
              // Only an answer says that an attempt is not the stored one; a time-out never does.
              if (!stored(answer, attempt)) {
                bodies.delete(attempt);
              }
              return reply(frame, answer);
            });
  }

  private CompletionStage<User.AcceptReply> accept(
      ClientFrame.Send frame, List<Copy> copies, long expiresAt) {
    return node.user(frame.to())
        .ask(
            replyTo ->
                new User.Accept(
                    self.user(),
                    self.device(),
                    frame.n(),
                    frame.deviceListVersion(),
                    frame.messageId(),
                    copies,
                    expiresAt,
                    replyTo),
            node.edgeLimits().askTimeout());
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
