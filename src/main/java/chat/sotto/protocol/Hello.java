package chat.sotto.protocol;

import chat.sotto.model.Bytes;
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
  public static final int CHALLENGE_BYTES = 32;

  /**
   * A short-lived HPKE public key of one node.
   *
   * @param serial rises with every new key of the node
   * @param notAfter milliseconds since 1970
   * @param signature by the server's sign key
   */
  public record SealKey(
      String node, long serial, int suite, Bytes key, long notAfter, Bytes signature) {}
}
