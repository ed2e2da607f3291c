package chat.sotto.model;

/** The SHA-256 of one device's ciphertext of an entry. */
public record BodyDigest(DeviceId device, Bytes digest) {
  public BodyDigest {
    Bounds.size("digest", digest, Bounds.HASH_BYTES);
  }
}
