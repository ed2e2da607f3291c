package chat.sotto.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads an archive from its newest batch down to a place that is known, or to its beginning
 * (docs/protocol.md §14.1): nothing may be missing, swapped, replayed or of an older key than fits.
 * A reading is a value: what {@link #open} returns goes on with the next batch, today or after a
 * restart.
 *
 * @param nr of the batch that comes next
 * @param hash that it must have; empty for the newest, which nothing names yet
 * @param keyIdMax that its own key may have
 * @param floor where the reading ends
 */
public record ArchiveReading(
    long nr, Optional<byte[]> hash, long keyIdMax, ArchivePlace floor) {

  /**
   * @param last number of the newest batch
   * @param newestKeyId of the newest own key that this device has
   */
  public static ArchiveReading from(long last, long newestKeyId, ArchivePlace floor) {
    return new ArchiveReading(last, Optional.empty(), newestKeyId, floor);
  }

  /**
   * @param content empty for a batch that is passed over
   * @param next ends if the batch was the last one that was asked for
   */
  public record Opened(Optional<byte[]> content, ArchiveReading next) {
    @Override
    public String toString() {
      return "Opened[***, next=" + next + "]";
    }
  }

  public boolean ends() {
    return nr <= floor.nr();
  }

  /**
   * The JSON of the next batch. One that came late, under an own key that was replaced by then, is
   * passed over.
   *
   * @throws RefusedException if it is another batch than the one above it names, or does not lead
   *     to the floor, or does not open: the server lost or changed part of the archive
   */
  public Opened open(
      List<OwnKey> keys,
      List<ArchiveClosing> closed,
      String serverHost,
      String user,
      long givenNr,
      byte[] blob) {
    if (ends() || givenNr != nr) {
      throw new RefusedException("another batch of the archive than the next one");
    }
    if (hash.isPresent() && !Arrays.equals(hash.get(), ArchivePlace.hash(nr, blob))) {
      throw new RefusedException("a batch of the archive that the next one does not name");
    }
    if (closed.stream().anyMatch(closing -> closing.isAnotherThan(nr, blob))) {
      throw new RefusedException("a batch of the archive in the place of another one");
    }
    var batch = ArchivePlace.Batch.parse(blob);
    if (batch.keyId() > keyIdMax || batch.keyId() < floor.keyId()) {
      throw new RefusedException("own keys that fall along the archive");
    }
    var next = new ArchiveReading(nr - 1, Optional.of(batch.prevHash()), batch.keyId(), floor);
    if (next.ends() && !Arrays.equals(batch.prevHash(), floor.hash())) {
      throw new RefusedException("a batch of the archive that does not follow what is known");
    }
    boolean isLate = closed.stream().anyMatch(closing -> closing.passesOver(nr, batch.keyId()));
    return isLate
        ? new Opened(Optional.empty(), next)
        : new Opened(Optional.of(batch.open(keys, serverHost, user, nr)), next);
  }

  @Override
  public String toString() {
    return "ArchiveReading[next=" + nr + ", floor=" + floor + "]";
  }
}
