package chat.sotto.user;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.Bytes;
import java.time.Clock;

/** Batches taken into the archive, and all of them dropped. */
final class ArchiveDecisions {
  private final Clock clock;
  private final UserLimits limits;

  ArchiveDecisions(Clock clock, UserLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  User.ArchiveFacts facts(UserState state) {
    Archive archive = state.archive();
    return new User.ArchiveFacts(
        archive.first(), archive.last(), archive.bytes(), limits.archiveBytesMax());
  }

  Decision<UserEvent, User.ArchiveReply> append(UserState state, User.AppendBatch command) {
    if (state.device(command.device()).isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    if (!state.archive().isNext(command.nr())) {
      return Decision.onlyReply(new User.BatchStale());
    }
    long size = command.blob().size();
    if (!state.archive().hasRoomFor(size, limits)) {
      return Decision.onlyReply(new User.ArchiveFull());
    }
    Bytes digest = Bytes.of(Hash.sha256(command.blob().toArray()));
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(
        time ->
            new UserEvent.ArchiveAppended(time, command.device(), command.nr(), digest, size));
    return draft.reply(facts(draft.state()));
  }

  Decision<UserEvent, User.ArchiveReply> drop(UserState state, User.DropArchive command) {
    if (state.device(command.device()).isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (!state.archive().isEmpty()) {
      draft.add(time -> new UserEvent.ArchiveDropped(time, command.device()));
    }
    return draft.reply(facts(draft.state()));
  }
}
