package chat.sotto.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one device sends to another (docs/protocol.md §7):
 * {@code suite(1) || enc(opening, header, nonce, ct)}.
 */
public record Ciphertext(
    Suite suite,
    Optional<SessionOpening.Opening> opening,
    DoubleRatchet.Header header,
    byte[] nonce,
    byte[] ct) {
  public byte[] toBytes() {
    byte[] parts =
        Enc.encode(
            opening.map(SessionOpening.Opening::toBytes).orElse(null),
            header.toBytes(),
            nonce,
            ct);
    byte[] bytes = new byte[1 + parts.length];
    bytes[0] = (byte) suite.id();
    System.arraycopy(parts, 0, bytes, 1, parts.length);
    return bytes;
  }

  /** @throws RefusedException for an unknown suite and any other form */
  public static Ciphertext fromBytes(byte[] bytes) {
    if (bytes.length == 0) {
      throw new RefusedException("empty ciphertext");
    }
    Suite suite = Suite.of(bytes[0]);
    List<byte[]> items = Enc.decode(Arrays.copyOfRange(bytes, 1, bytes.length), 4);
    byte[] opening = items.get(0);
    return new Ciphertext(
        suite,
        opening.length == 0
            ? Optional.empty()
            : Optional.of(SessionOpening.Opening.fromBytes(opening)),
        DoubleRatchet.Header.fromBytes(items.get(1)),
        items.get(2),
        items.get(3));
  }
}
