package chat.sotto.protocol;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Enc;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What binds a connection's two directions to its hello, its server and its device (docs/protocol.md
 * §2). Shared by both ends. The challenge in the hello makes {@code helloHash} new for each connection,
 * so nothing recorded fits another one.
 */
public final class Handshake {
  public static final int PSK_BYTES = 32;
  public static final byte[] PSK_ID = Labels.PSK_ID.getBytes(StandardCharsets.UTF_8);
  private static final int FINGERPRINT_BYTES = 16;

  private Handshake() {}

  /** @param hello the bytes as they were sent */
  public static byte[] helloHash(byte[] hello) {
    return Hash.sha256(hello);
  }

  /** HPKE info of the client's direction. */
  public static byte[] clientInfo(Suite suite, byte[] helloHash, byte[] serverSignKey) {
    return Enc.encode(Labels.CLIENT_TO_SERVER, suite.id(), helloHash, serverSignKey);
  }

  /** T: covers all that was said before the server's first envelope. */
  public static byte[] transcript(byte[] helloHash, byte[] firstEnvelope) {
    return Hash.of(Labels.TRANSCRIPT, helloHash, firstEnvelope);
  }

  /** HPKE info of the server's direction. */
  public static byte[] serverInfo(Suite suite, byte[] transcript) {
    return Enc.encode(Labels.SERVER_TO_CLIENT, suite.id(), transcript);
  }

  /**
   * What the device signs in the first envelope.
   *
   * @param frame the frame's exact bytes
   */
  public record First(
      Suite suite,
      byte[] helloHash,
      byte[] serverSignKey,
      byte[] sealKey,
      byte[] hpkeEnc,
      byte[] connectionKey,
      byte[] frame) {
    public byte[] sign(Ed25519.SigningKey deviceKey) {
      return Ed25519.sign(deviceKey, Labels.FIRST, items());
    }

    public boolean verify(byte[] deviceKey, byte[] signature) {
      return Ed25519.verify(deviceKey, signature, Labels.FIRST, items());
    }

    private Object[] items() {
      return new Object[] {
        suite.id(), helloHash, serverSignKey, sealKey, hpkeEnc, connectionKey, frame
      };
    }
  }

  public static byte[] signServerFirst(
      Ed25519.SigningKey serverKey, byte[] transcript, byte[] hpkeEnc, byte[] frame) {
    return Ed25519.sign(serverKey, Labels.SERVER_FIRST, transcript, hpkeEnc, frame);
  }

  public static boolean verifyServerFirst(
      byte[] serverSignKey, byte[] signature, byte[] transcript, byte[] hpkeEnc, byte[] frame) {
    return Ed25519.verify(
        serverSignKey, signature, Labels.SERVER_FIRST, transcript, hpkeEnc, frame);
  }

  public static Hello.SealKey signSealKey(
      Ed25519.SigningKey serverKey,
      String serverHost,
      String node,
      long serial,
      Suite suite,
      byte[] key,
      long notAfter) {
    byte[] signature =
        Ed25519.sign(
            serverKey, Labels.HELLO, serverHost, node, serial, suite.id(), key, notAfter);
    return new Hello.SealKey(
        node, serial, suite.id(), Bytes.of(key), notAfter, Bytes.of(signature));
  }

  public static boolean verifySealKey(
      byte[] serverSignKey, String serverHost, Hello.SealKey sealKey) {
    return Ed25519.verify(
        serverSignKey,
        sealKey.signature().toArray(),
        Labels.HELLO,
        serverHost,
        sealKey.node(),
        sealKey.serial(),
        sealKey.suite(),
        sealKey.key().toArray(),
        sealKey.notAfter());
  }

  /** The server's identity as people compare it: 128 bits in groups of four hex digits. */
  public static String fingerprint(byte[] serverSignKey) {
    byte[] hash = Arrays.copyOf(Hash.of(Labels.SERVER, serverSignKey), FINGERPRINT_BYTES);
    return HexFormat.of().formatHex(hash).replaceAll("(.{4})(?!$)", "$1 ");
  }
}
