package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ArchiveReply;
import chat.sotto.protocol.ArchiveRequest;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.ArchiveCommand;
import chat.sotto.user.BodyIds;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A device's requests about its user's archive (docs/protocol.md §14.1). */
final class Archives {
  private final Node node;
  private final SignIn.Granted self;

  Archives(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
  }

  CompletionStage<Reply> answer(ArchiveRequest frame) {
    RateLimits rates = node.rates();
    boolean isChange =
        frame instanceof ArchiveRequest.Append || frame instanceof ArchiveRequest.Drop;
    Duration wait =
        (isChange ? rates.archiveChangesBy() : rates.archiveReadsBy()).take(self.user());
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    if (frame instanceof ArchiveRequest.Append append) {
      return append(append);
    } else if (frame instanceof ArchiveRequest.Page page) {
      return page(page, true);
    } else if (frame instanceof ArchiveRequest.Drop drop) {
      return drop(drop);
    }
    return ask(ArchiveCommand.Find::new).thenApply(answer -> state(frame, answer));
  }

  private CompletionStage<Reply> append(ArchiveRequest.Append frame) {
    if (!node.store().hasRoom()) {
      return Stages.now(Errors.of(frame.nonce(), ErrorCode.SERVER_FULL));
    }
    return ask(replyTo ->
            new ArchiveCommand.Append(self.device(), frame.nr(), frame.blob(), replyTo))
        .thenApply(answer -> state(frame, answer));
  }

  /** Answered only once the batches are gone; who was interrupted asks again, and all go. */
  private CompletionStage<Reply> drop(ArchiveRequest.Drop frame) {
    return ask(replyTo -> new ArchiveCommand.Drop(self.device(), replyTo))
        .thenCompose(
            answer ->
                answer instanceof ArchiveCommand.Facts facts
                    ? deleteBefore(facts.first()).thenApply(gone -> state(frame, answer))
                    : Stages.now(state(frame, answer)));
  }

  private CompletionStage<Void> deleteBefore(long nr) {
    return node.store()
        .bodies()
        .deleteBetween(BodyIds.batches(self.user()), BodyIds.batch(self.user(), nr))
        .thenRun(node.store()::eraseLog);
  }

  private CompletionStage<Reply> page(ArchiveRequest.Page frame, boolean again) {
    return ask(ArchiveCommand.Find::new)
        .thenCompose(
            answer ->
                answer instanceof ArchiveCommand.Facts facts
                    ? page(frame, facts, again)
                    : Stages.now(refusal(frame, answer)));
  }

  private CompletionStage<Reply> page(
      ArchiveRequest.Page frame, ArchiveCommand.Facts facts, boolean again) {
    long before = Math.min(frame.before(), facts.last() + 1);
    if (before <= facts.first()) {
      return Stages.now(batches(frame, facts, List.of()));
    }
    return node.store()
        .bodies()
        .newest(
            BodyIds.batch(self.user(), facts.first()),
            BodyIds.batch(self.user(), before),
            Limits.ARCHIVE_PAGE_MAX,
            Limits.ARCHIVE_PAGE_BYTES_MAX)
        .thenCompose(
            found -> {
              List<ArchiveReply.Batch> batches = fallingFrom(before - 1, found);
              // The archive was dropped between the answer and the reading of its batches.
              return batches.isEmpty() && again
                  ? page(frame, false)
                  : Stages.now(batches(frame, facts, batches));
            });
  }

  /** Those without a gap: the client sees what is missing. */
  private List<ArchiveReply.Batch> fallingFrom(long nr, SortedMap<String, byte[]> found) {
    List<ArchiveReply.Batch> batches = new ArrayList<>();
    for (Map.Entry<String, byte[]> body : found.entrySet()) {
      long next = nr - batches.size();
      if (!body.getKey().equals(BodyIds.batch(self.user(), next))) {
        break;
      }
      batches.add(new ArchiveReply.Batch(next, Bytes.of(body.getValue())));
    }
    return batches;
  }

  private CompletionStage<ArchiveCommand.Reply> ask(
      Function<ActorRef<ArchiveCommand.Reply>, User.Command> command) {
    return node.user(self.user()).ask(command::apply, node.edgeLimits().askTimeout());
  }

  private static Reply batches(
      ArchiveRequest.Page frame, ArchiveCommand.Facts facts, List<ArchiveReply.Batch> batches) {
    return new ArchiveReply.Batches(
        frame.nonce() + 1, batches, facts.first(), facts.last());
  }

  private static Reply state(ArchiveRequest frame, ArchiveCommand.Reply answer) {
    return answer instanceof ArchiveCommand.Facts facts
        ? new ArchiveReply.State(
            frame.nonce() + 1, facts.first(), facts.last(), facts.bytes(), facts.quota())
        : refusal(frame, answer);
  }

  private static Reply refusal(ArchiveRequest frame, ArchiveCommand.Reply answer) {
    if (answer instanceof ArchiveCommand.Stale) {
      return Errors.of(frame.nonce(), ErrorCode.STALE);
    } else if (answer instanceof ArchiveCommand.Full) {
      return Errors.of(frame.nonce(), ErrorCode.ARCHIVE_FULL);
    } else if (answer instanceof ArchiveCommand.Busy) {
      return Errors.busy(frame.nonce());
    }
    // A user or device that is gone has no token either.
    return Errors.of(frame.nonce(), ErrorCode.TOKEN_REFUSED);
  }
}
