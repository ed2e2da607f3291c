package chat.sotto.edge;

import chat.sotto.journal.StoredFiles;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FileRequest;
import chat.sotto.protocol.FileTicket;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A device's requests about files that it uploads (docs/protocol.md §7.6). */
final class FileRequests {
  private final Node node;
  private final SignIn.Granted self;

  FileRequests(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
  }

  CompletionStage<Reply> answer(FileRequest frame) {
    Duration wait = node.uploads().asks().take(self.user());
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    return frame instanceof FileRequest.Ask ask ? ask(ask) : drop(frame);
  }

  private CompletionStage<Reply> ask(FileRequest.Ask frame) {
    long max = node.uploads().limits().sizeMax();
    if (frame.size() > max) {
      return Stages.now(Errors.fileTooLarge(frame.nonce(), max));
    }
    if (!node.store().hasRoomFor(frame.size())) {
      return Stages.now(Errors.of(frame.nonce(), ErrorCode.SERVER_FULL));
    }
    return node.uploads()
        .reserve(self.user(), frame.file(), frame.size())
        .thenCompose(
            refusal ->
                refusal
                    .map(why -> Stages.<Reply>now(Errors.of(frame.nonce(), code(why))))
                    .orElseGet(() -> ticket(frame)));
  }

  private static ErrorCode code(StoredFiles.Refusal why) {
    return why == StoredFiles.Refusal.FULL ? ErrorCode.FILES_FULL : ErrorCode.FILE_REFUSED;
  }

  private CompletionStage<Reply> ticket(FileRequest.Ask frame) {
    return node.uploads()
        .ticket(self.user(), frame.file())
        .thenApply(
            ticket ->
                ticket
                    .<Reply>map(
                        given ->
                            new FileTicket(
                                frame.nonce() + 1,
                                Secret.of(given.ticket()),
                                given.offset(),
                                given.expiresAt(),
                                given.keptUntil()))
                    // Dropped at the same moment.
                    .orElseGet(() -> Errors.busy(frame.nonce())));
  }

  private CompletionStage<Reply> drop(FileRequest frame) {
    return node.uploads()
        .drop(self.user(), frame.file())
        .thenApply(done -> new ServerFrame.Done(frame.nonce() + 1));
  }
}
