package chat.sotto.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * A batch of the archive and where it stands (docs/protocol.md §14.1): what the next one is sealed
 * after, and what reading from above must come down to.
 */
public final class ArchivePlace {
  public static final int BLOB_BYTES_MAX = 160 * 1024;

  private final long nr;
  private final byte[] hash;
  private final long keyId;

  private ArchivePlace(long nr, byte[] hash, long keyId) {
    this.nr = nr;
    this.hash = hash;
    this.keyId = keyId;
  }

  /** Before the first batch: of the whole log, or of what is there since it was erased. */
  public static ArchivePlace before(long first) {
    if (first < 1) {
      throw new IllegalArgumentException("batches are numbered from 1");
    }
    return new ArchivePlace(first - 1, new byte[Hash.BYTES], 0);
  }

  /** A place as a device stored it. */
  public static ArchivePlace of(long nr, byte[] hash, long keyId) {
    if (nr < 0 || hash.length != Hash.BYTES || keyId < 0) {
      throw new IllegalArgumentException("a place in the archive");
    }
    return new ArchivePlace(nr, hash.clone(), keyId);
  }

  public long nr() {
    return nr;
  }

  /** hash_nr, 32 bytes. */
  public byte[] hash() {
    return hash.clone();
  }

  /** Of the own key under which the batch is sealed; 0 before the first. */
  public long keyId() {
    return keyId;
  }

  /**
   * The next batch.
   *
   * @param content JSON
   * @throws IllegalArgumentException if the key is older than that of the batch before, or the blob
   *     longer than the server takes
   */
  public byte[] seal(
      OwnKey key, String serverHost, String user, byte[] content, SecureRandom random) {
    if (key.id() < keyId) {
      throw new IllegalArgumentException("an older own key than the archive's newest");
    }
    byte[] aad = aad(serverHost, user, nr + 1, key.id(), hash);
    byte[] sealed = Aead.seal(key.archiveKey(), aad, Padding.pad(content), random);
    byte[] blob = Enc.encode(key.id(), hash, sealed);
    if (blob.length > BLOB_BYTES_MAX) {
      throw new IllegalArgumentException("a batch is over 160 KiB");
    }
    return blob;
  }

  /** The place of a batch that was sealed after this one. */
  public ArchivePlace next(byte[] blob) {
    return new ArchivePlace(nr + 1, hash(nr + 1, blob), Batch.parse(blob).keyId);
  }

  static byte[] hash(long nr, byte[] blob) {
    return Hash.of(Labels.ARCHIVE, nr, Hash.sha256(blob));
  }

  /** The parts of a blob, none of them checked but for its form. */
  record Batch(long keyId, byte[] prevHash, byte[] sealed) {
    static Batch parse(byte[] blob) {
      List<byte[]> parts = Enc.decode(blob, 3);
      if (parts.get(1).length != Hash.BYTES) {
        throw new RefusedException("malformed encoding");
      }
      return new Batch(Enc.integer(parts.get(0)), parts.get(1), parts.get(2));
    }

    byte[] open(List<OwnKey> keys, String serverHost, String user, long nr) {
      byte[] aad = aad(serverHost, user, nr, keyId, prevHash);
      byte[] key = OwnKey.find(keys, keyId).archiveKey();
      return Padding.unpad(Aead.open(key, aad, sealed));
    }
  }

  private static byte[] aad(
      String serverHost, String user, long nr, long keyId, byte[] prevHash) {
    return Enc.encode(Labels.ARCHIVE, serverHost, user, nr, keyId, prevHash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArchivePlace that
        && nr == that.nr
        && keyId == that.keyId
        && Arrays.equals(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(nr);
  }

  @Override
  public String toString() {
    return "ArchivePlace[" + nr + "]";
  }
}
