package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;
import java.util.List;

/** The server's first words, in the clear (docs/protocol.md §2.1). Its type field is "hello". */
public record Hello(
    String type,
    int version,
    String serverHost,
    long time,
    String bundle,
    List<Integer> suites,
    Bytes signKey,
    Bytes challenge,
    List<SealKey> sealKeys,
    Limits limits) {
  public static final String TYPE = "hello";
  public static final int VERSION = 1;

  /** Keys of one node: one of each suite, twice while a new one takes over. */
  private static final int SEAL_KEYS_MAX = 16;

  public static final int CHALLENGE_BYTES = 32;

  public Hello {
    if (!type.equals(TYPE) || version != VERSION) {
      throw new IllegalArgumentException("not a hello of version " + VERSION);
    }
    Bounds.length("serverHost", serverHost, 1, 253);
    Bounds.time("time", time);
    suites = Bounds.count("suites", suites, 1, 16);
    Bounds.size("signKey", signKey, Bounds.KEY_BYTES);
    Bounds.size("challenge", challenge, CHALLENGE_BYTES);
    sealKeys = Bounds.count("sealKeys", sealKeys, 1, SEAL_KEYS_MAX);
  }

  /**
   * A short-lived HPKE public key of one node.
   *
   * @param serial rises with every new key of the node
   * @param notAfter milliseconds since 1970
   * @param signature by the server's sign key
   */
  public record SealKey(
      String node, long serial, int suite, Bytes key, long notAfter, Bytes signature) {
    public SealKey {
      Bounds.length("node", node, 1, 253);
      Bounds.atLeast("serial", serial, 0);
      Bounds.within("suite", suite, 1, Bounds.SUITE_MAX);
      Bounds.size("key", key, Bounds.KEY_BYTES, Prekey.KEY_BYTES_MAX);
      Bounds.time("notAfter", notAfter);
      Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    }
  }
}
