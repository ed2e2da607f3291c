package chat.sotto.model;

/**
 * A device's word that its user has a new account key (docs/protocol.md §4.1).
 *
 * @param device of the last list under the key before
 * @param signature Ed25519, 64 bytes, by that device
 */
public record KeyChange(DeviceId device, Bytes signature) {
  public KeyChange {
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
  }
}
