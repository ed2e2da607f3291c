package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/**
 * A key that the devices of one user share (docs/protocol.md §13), and the sync blob under it. Who
 * removes a device makes a new one: what is sealed under that is closed to the removed device.
 */
public final class OwnKey {
  public static final int SYNC_BYTES_MAX = 128 * 1024;

  private final long id;
  private final byte[] key;

  private OwnKey(long id, byte[] key) {
    this.id = id;
    this.key = key;
  }

  /**
   * @param id from 1
   * @param key 32 bytes
   */
  public static OwnKey of(long id, byte[] key) {
    if (id < 1 || key.length != Aead.KEY_BYTES) {
      throw new IllegalArgumentException("an own key");
    }
    return new OwnKey(id, key.clone());
  }

  public static OwnKey generate(long id, SecureRandom random) {
    byte[] key = new byte[Aead.KEY_BYTES];
    random.nextBytes(key);
    return of(id, key);
  }

  public long id() {
    return id;
  }

  public byte[] toBytes() {
    return key.clone();
  }

  /**
   * @param content JSON of the sync blob
   * @throws IllegalArgumentException if the blob would be longer than the server takes
   */
  public byte[] sealSync(
      String serverHost, String user, long counter, byte[] content, SecureRandom random) {
    byte[] aad = syncAad(serverHost, user, counter);
    byte[] sealed = Aead.seal(derive(Labels.SYNC), aad, Padding.pad(content), random);
    byte[] blob = Enc.encode(id, sealed);
    if (blob.length > SYNC_BYTES_MAX) {
      throw new IllegalArgumentException("sync is over 128 KiB");
    }
    return blob;
  }

  /**
   * The JSON of a sync blob, under whichever of the keys it names.
   *
   * @throws RefusedException unless one of these sealed it for this user and counter
   */
  public static byte[] openSync(
      List<OwnKey> keys, String serverHost, String user, long counter, byte[] blob) {
    List<byte[]> parts = Enc.decode(blob, 2);
    OwnKey key = find(keys, Enc.integer(parts.get(0)));
    byte[] aad = key.syncAad(serverHost, user, counter);
    return Padding.unpad(Aead.open(key.derive(Labels.SYNC), aad, parts.get(1)));
  }

  /** @throws RefusedException if none has this id: it does not open, and nobody says why */
  static OwnKey find(List<OwnKey> keys, long id) {
    return keys.stream()
        .filter(key -> key.id == id)
        .findFirst()
        .orElseThrow(RefusedException::doesNotOpen);
  }

  byte[] archiveKey() {
    return derive(Labels.ARCHIVE);
  }

  private byte[] syncAad(String serverHost, String user, long counter) {
    return Enc.encode(Labels.SYNC, serverHost, user, counter, id);
  }

  private byte[] derive(String label) {
    byte[] info = label.getBytes(StandardCharsets.UTF_8);
    return Hkdf.derive(new byte[0], key, info, Aead.KEY_BYTES);
  }

  @Override
  public String toString() {
    return "OwnKey[" + id + ", ***]";
  }
}
