package chat.sotto.user;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;

/** What one may ask of a user's archive, and what is answered. */
public sealed interface ArchiveCommand extends User.Command {
  /** Which batches the archive has. */
  record Find(ActorRef<Reply> replyTo) implements ArchiveCommand {}

  /**
   * Takes one more batch into the archive. Its body comes with it: only here is it known that no
   * other takes its place.
   *
   * @param nr one above the last one's
   */
  record Append(DeviceId device, long nr, Bytes blob, ActorRef<Reply> replyTo)
      implements ArchiveCommand {}

  /** Empties the archive. The bodies are for the sender to delete. */
  record Drop(DeviceId device, ActorRef<Reply> replyTo) implements ArchiveCommand {}

  // Replies

  sealed interface Reply extends CborSerializable
      permits Facts, Stale, Full, Busy, User.UnknownUser, User.UnknownDevice {}

  /** @param last one below {@code first} if there is no batch */
  record Facts(long first, long last, long bytes, long quota) implements Reply {}

  /** The number is not the next one: somebody was quicker. */
  record Stale() implements Reply {}

  /** The quota is used up. */
  record Full() implements Reply {}

  /** The store has too much to write just now. */
  record Busy() implements Reply {}
}
