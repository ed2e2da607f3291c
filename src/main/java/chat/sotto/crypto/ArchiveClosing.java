package chat.sotto.crypto;

import java.util.Arrays;

/**
 * Where the archive ended when an own key was made (docs/protocol.md §13). Behind that place
 * nothing under an older key counts: a device that was removed may have made it.
 *
 * @param keyId of that own key
 * @param nr of the newest batch then
 * @param hash of that batch
 */
public record ArchiveClosing(long keyId, long nr, byte[] hash) {
  boolean isAnotherThan(long otherNr, byte[] blob) {
    return nr == otherNr && !Arrays.equals(hash, ArchivePlace.hash(nr, blob));
  }

  boolean passesOver(long otherNr, long otherKeyId) {
    return otherNr > nr && otherKeyId < keyId;
  }

  @Override
  public String toString() {
    return "ArchiveClosing[" + keyId + " at " + nr + "]";
  }
}
