package chat.sotto.client;

import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.RefusedException;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Hello.SealKey;
import chat.sotto.protocol.ServerFrame;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The envelopes of one connection, in both directions (docs/protocol.md §2.1 to §2.3). Everything
 * that the server said in its hello, and who it is, goes into the keys: nothing can be taken out of
 * a hello, and a second server cannot pass a sign-in on.
 */
public final class Channel {
  private static final Duration SEAL_KEY_LATE_MAX = Duration.ofDays(1);

  private final Hello hello;
  private final byte[] helloHash;
  private final SealKey sealKey;
  private final Suite suite;
  private final SigningKey deviceKey;
  private final X25519.KeyPair connectionKey;
  private final Hpke.Sender c2s;
  private byte[] transcript;
  private Hpke.ReceiverContext s2c;

  /**
   * What a hello is checked against.
   *
   * @param signKey the pinned one; empty at first contact
   * @param serials the highest serial of a seal key that was seen of a node, 0 if none was
   */
  public record Expected(
      String dialledHost, Optional<Bytes> signKey, ToLongFunction<String> serials, Clock clock) {
    static Expected of(String dialledHost, ServerPin pin, Clock clock) {
      return new Expected(dialledHost, pin.signKey(), pin::serial, clock);
    }
  }

  private Channel(
      Hello hello, byte[] bytes, SealKey sealKey, SigningKey deviceKey, SecureRandom random) {
    this.hello = hello;
    this.deviceKey = deviceKey;
    helloHash = Handshake.helloHash(bytes);
    this.sealKey = sealKey;
    suite = Suite.of(sealKey.suite());
    connectionKey = X25519.generateKeyPair(random);
    byte[] info = Handshake.clientInfo(suite, helloHash, hello.signKey().toArray());
    c2s = Hpke.setupBaseS(suite, sealKey.key().toArray(), info, random);
  }

  /** @throws Breach if the hello is refused */
  public static Channel greet(
      byte[] bytes, Expected expected, SigningKey deviceKey, SecureRandom random) {
    try {
      Hello hello = FrameCodec.decodeHello(bytes);
      check(hello, expected);
      return new Channel(hello, bytes, strongest(hello, expected), deviceKey, random);
    } catch (FrameException e) {
      throw new Breach(Alarm.VERSION_REFUSED);
    } catch (RefusedException e) {
      throw new Breach(Alarm.SERVER_NOT_AUTHENTIC);
    }
  }

  private static void check(Hello hello, Expected expected) {
    if (hello.version() != Hello.VERSION) {
      throw new Breach(Alarm.VERSION_REFUSED);
    }
    if (expected.signKey.filter(pinned -> !pinned.equals(hello.signKey())).isPresent()) {
      throw new Breach(Alarm.SERVER_KEY_CHANGED);
    }
    if (!hello.serverHost().equals(expected.dialledHost)) {
      throw new Breach(Alarm.SERVER_NOT_AUTHENTIC);
    }
    for (SealKey key : hello.sealKeys()) {
      if (!Handshake.verifySealKey(hello.signKey().toArray(), hello.serverHost(), key)) {
        throw new Breach(Alarm.SERVER_NOT_AUTHENTIC);
      }
    }
  }

  /** Of the seal keys that are neither older than one seen nor long over. */
  private static SealKey strongest(Hello hello, Expected expected) {
    long oldest = expected.clock.millis() - SEAL_KEY_LATE_MAX.toMillis();
    return hello.sealKeys().stream()
        .filter(key -> key.serial() >= expected.serials.applyAsLong(key.node()))
        .filter(key -> key.notAfter() >= oldest)
        .filter(key -> key.suite() == Suite.X25519.id() && hello.suites().contains(key.suite()))
        .max(Comparator.comparingInt(SealKey::suite).thenComparingLong(SealKey::serial))
        .orElseThrow(() -> new Breach(Alarm.SERVER_NOT_AUTHENTIC));
  }

  public Hello hello() {
    return hello;
  }

  /** The public key that the first frame names. */
  Bytes connectionKey() {
    return Bytes.of(connectionKey.publicKey());
  }

  /** The first envelope. */
  byte[] sealFirst(ClientFrame.First first) {
    byte[] frame = FrameCodec.encode(first);
    var statement =
        new Handshake.First(
            suite,
            helloHash,
            hello.signKey().toArray(),
            sealKey.key().toArray(),
            c2s.enc(),
            connectionKey.publicKey(),
            frame);
    byte[] sealed = c2s.context().seal(concat(statement.sign(deviceKey), frame));
    byte[] envelope = concat(new byte[] {(byte) suite.id()}, c2s.enc(), sealed);
    transcript = Handshake.transcript(helloHash, envelope);
    return envelope;
  }

  /** A later envelope. */
  byte[] seal(ClientFrame frame) {
    return c2s.context().seal(FrameCodec.encode(frame));
  }

  /**
   * Opens the next envelope of the server.
   *
   * @throws RefusedException if it is not the next one
   * @throws FrameException if its content is no frame
   * @throws Breach if it is the first one, and the server did not prove that it holds its keys
   */
  ServerFrame open(byte[] envelope) throws FrameException {
    if (s2c == null) {
      return FrameCodec.decodeServer(openFirst(envelope));
    }
    return FrameCodec.decodeServer(s2c.open(envelope));
  }

  private byte[] openFirst(byte[] envelope) {
    try {
      byte[] enc = Arrays.copyOf(envelope, suite.encBytes());
      byte[] info = Handshake.serverInfo(suite, transcript);
      byte[] psk = c2s.context().export(Labels.PSK, Handshake.PSK_BYTES);
      s2c = Hpke.setupPskR(suite, enc, connectionKey, info, psk, Handshake.PSK_ID);
      byte[] sealed =
          Arrays.copyOfRange(
              envelope, enc.length, Math.max(enc.length, envelope.length));
      return verified(enc, s2c.open(sealed));
    } catch (RefusedException e) {
      throw new Breach(Alarm.SERVER_NOT_AUTHENTIC);
    }
  }

  /** Verified before it is parsed. */
  private byte[] verified(byte[] enc, byte[] opened) {
    if (opened.length < Bounds.SIGNATURE_BYTES) {
      throw new Breach(Alarm.SERVER_NOT_AUTHENTIC);
    }
    byte[] signature = Arrays.copyOf(opened, Bounds.SIGNATURE_BYTES);
    byte[] frame = Arrays.copyOfRange(opened, Bounds.SIGNATURE_BYTES, opened.length);
    boolean signed =
        Handshake.verifyServerFirst(
            hello.signKey().toArray(), signature, transcript, enc, frame);
    if (!signed) {
      throw new Breach(Alarm.SERVER_NOT_AUTHENTIC);
    }
    return frame;
  }

  private static byte[] concat(byte[]... parts) {
    var buffer = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      buffer.put(part);
    }
    return buffer.array();
  }
}
