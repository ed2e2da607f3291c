package chat.sotto.user;

import chat.sotto.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where an accepted message stands.
 *
 * @param n the sender device's own count
 * @param hash the inbox's chain hash after it
 * @param digest the bodyDigest of docs/protocol.md §6
 * @param firstBodyId of the attempt that was stored: tells an attempt whether it was this one
 */
public record Receipt(
    long n, long sequenceNr, long time, Bytes hash, Bytes digest, String firstBodyId) {
  private static final int NUMBERS_BYTES = 3 * Long.BYTES;
  private static final int FIELD_BYTES_MAX = 0xffff;

  int packedSize() {
    return NUMBERS_BYTES
        + Short.BYTES
        + hash.size()
        + Short.BYTES
        + digest.size()
        + Short.BYTES
        + bytes(firstBodyId).length;
  }

  /** The numbers, then the others, each after its length. */
  void pack(ByteBuffer out) {
    out.putLong(n).putLong(sequenceNr).putLong(time);
    pack(out, hash.toArray());
    pack(out, digest.toArray());
    pack(out, bytes(firstBodyId));
  }

  private static void pack(ByteBuffer out, byte[] field) {
    if (field.length > FIELD_BYTES_MAX) {
      throw new IllegalArgumentException("a receipt's field has %d bytes".formatted(field.length));
    }
    out.putShort((short) field.length).put(field);
  }

  /** @throws java.nio.BufferUnderflowException if there is no whole one */
  static Receipt unpack(ByteBuffer in) {
    return new Receipt(
        in.getLong(),
        in.getLong(),
        in.getLong(),
        Bytes.of(field(in)),
        Bytes.of(field(in)),
        new String(field(in), StandardCharsets.UTF_8));
  }

  private static byte[] field(ByteBuffer in) {
    var field = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(field);
    return field;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
