package chat.sotto.group;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import java.util.Optional;

/**
 * What is remembered of an entry for a while: to know a repeat, and the hash at its number.
 *
 * @param sent digest of what the device sent, which is that of the entry but for a commit's seed
 * @param digest the contentDigest of docs/protocol.md §9.1
 * @param postBody where a post's ciphertext lies
 */
public record Recent(
    long sequenceNr,
    long time,
    Bytes messageId,
    Bytes sent,
    Bytes digest,
    Bytes hash,
    Optional<String> postBody) {
  /** In the place of the seed, which its sender does not know. */
  private static final Bytes NO_SEED = Bytes.EMPTY;

  static Recent of(GroupId group, GroupEvent event) {
    return event instanceof GroupEvent.Signed signed ? of(group, signed) : ofServer(event);
  }

  private static Recent of(GroupId group, GroupEvent.Signed event) {
    var signer =
        new GroupStatements.Signer(group, event.user(), event.device(), event.messageId());
    return new Recent(
        event.sequenceNr(),
        event.time(),
        event.messageId(),
        sent(signer, event.content()),
        GroupStatements.contentDigest(group, event.entry()),
        event.hash(),
        event instanceof GroupEvent.Posted posted
            ? Optional.of(posted.bodyId())
            : Optional.empty());
  }

  /** No message id is empty: what a device sends never is a repeat of it. */
  private static Recent ofServer(GroupEvent event) {
    return new Recent(
        event.sequenceNr(),
        event.time(),
        Bytes.EMPTY,
        Bytes.EMPTY,
        Bytes.EMPTY,
        event.hash(),
        Optional.empty());
  }

  /** Digest of what a device sends. */
  static Bytes sent(GroupStatements.Signer signer, GroupContent content) {
    return GroupStatements.contentDigest(signer, content, NO_SEED);
  }

  Group.Accepted accepted(boolean isRepeat) {
    return new Group.Accepted(sequenceNr, time, hash, digest, isRepeat);
  }
}
