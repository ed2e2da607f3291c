package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;

/**
 * The head of a group of the user that this device does not belong to yet (docs/protocol.md §9.8).
 *
 * @param pending whether the user's device list waits for a commit already
 */
public record GroupWaiting(
    long nonce, GroupId owner, long generation, long sequenceNr, Bytes hash, boolean pending)
    implements ServerFrame.Push {
  public GroupWaiting {
    ServerFrame.checkNonce(nonce);
    ServerFrame.checkLog(LogPoint.GROUP, owner.value(), generation);
    Bounds.atLeast("sequenceNr", sequenceNr, 1);
    Bounds.size("hash", hash, Bounds.HASH_BYTES);
  }
}
