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

  ArchiveCommand.Facts facts(UserState state) {
    Archive archive = state.archive();
    return new ArchiveCommand.Facts(
        archive.first(), archive.last(), archive.bytes(), limits.archiveBytesMax());
  }

  Decision<UserEvent, ArchiveCommand.Reply> append(UserState state, ArchiveCommand.Append command) {
    if (state.device(command.device()).isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    if (!state.archive().isNext(command.nr())) {
      return Decision.onlyReply(new ArchiveCommand.Stale());
    }
    long size = command.blob().size();
    if (!state.archive().hasRoomFor(size, limits)) {
      return Decision.onlyReply(new ArchiveCommand.Full());
    }
    Bytes digest = Bytes.of(Hash.sha256(command.blob().toArray()));
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(
        time ->
            new UserEvent.ArchiveAppended(time, command.device(), command.nr(), digest, size));
    return draft.reply(facts(draft.state()));
  }

  Decision<UserEvent, ArchiveCommand.Reply> drop(UserState state, ArchiveCommand.Drop command) {
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
