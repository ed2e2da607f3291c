package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * One row of the table {@code snapshot}.
 *
 * @param writtenAt milliseconds since 1970
 * @param hash SHA-256 over number, serializer, manifest and bytes: a damaged one is not used
 */
record SnapshotRow(
    long nr, long writtenAt, int serializer, String manifest, Bytes hash, byte[] bytes) {

  static SnapshotRow of(long nr, long writtenAt, int serializer, String manifest, byte[] bytes) {
    Bytes hash = hash(nr, serializer, manifest, bytes);
    return new SnapshotRow(nr, writtenAt, serializer, manifest, hash, bytes);
  }

  boolean isIntact() {
    return hash.equals(hash(nr, serializer, manifest, bytes));
  }

  private static Bytes hash(long nr, int serializer, String manifest, byte[] bytes) {
    MessageDigest digest = HashChain.sha256();
    byte[] name = manifest.getBytes(StandardCharsets.UTF_8);
    digest.update(
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
            .putLong(nr)
            .putInt(serializer)
            .putInt(name.length)
            .array());
    digest.update(name);
    return Bytes.of(digest.digest(bytes));
  }
}
