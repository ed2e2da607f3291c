package chat.sotto.crypto;

import java.security.SecureRandom;

/**
 * Where somebody says that they are writing (docs/protocol.md §7.10): what is sealed for one place
 * opens in no other.
 *
 * @param conversation as devices name it
 * @param user who says so, from the device
 */
public record TypingPlace(String serverHost, String conversation, String user, String device) {
  /** All say the same in size: whether it began or ended is not seen. */
  private static final int PADDED_BYTES = 64;

  public byte[] seal(byte[] key, byte[] content, SecureRandom random) {
    return Aead.seal(key, aad(), Padding.pad(content, PADDED_BYTES), random);
  }

  /** @throws RefusedException unless {@link #seal} made it for this place with this key */
  public byte[] open(byte[] key, byte[] sealed) {
    return Padding.unpad(Aead.open(key, aad(), sealed), PADDED_BYTES);
  }

  private byte[] aad() {
    return Enc.encode(Labels.TYPING, serverHost, conversation, user, device);
  }
}
