package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Hello.SealKey;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/** The server's end of one handshake, honest or not as the test wants it. */
final class TestServer {
  static final long NOW = 1_700_000_000_000L;
  private static final TestServer ANY = new TestServer();

  final SecureRandom random = new SecureRandom();
  final Ed25519.SigningKey signKey = Ed25519.generate(random);
  final X25519.KeyPair sealKey = X25519.generateKeyPair(random);
  private Hpke.SenderContext s2c;

  /** Of the server that every party has pinned. */
  static Ed25519.SigningKey anyKey() {
    return ANY.signKey;
  }

  static Hello hello() {
    return ANY.hello(ANY.sealKey("node", 1, NOW));
  }

  SealKey sealKey(String node, long serial, long notAfter) {
    return Handshake.signSealKey(
        signKey, Party.HOST, node, serial, Suite.X25519, sealKey.publicKey(), notAfter);
  }

  Hello hello(SealKey... keys) {
    return hello(Party.HOST, List.of(1), List.of(keys));
  }

  Hello hello(String host, List<Integer> suites, List<SealKey> keys) {
    byte[] challenge = new byte[Hello.CHALLENGE_BYTES];
    random.nextBytes(challenge);
    return new Hello(
        Hello.TYPE,
        Hello.VERSION,
        host,
        NOW,
        "bundle",
        suites,
        Bytes.of(signKey.publicKey()),
        Bytes.of(challenge),
        keys,
        Limits.DEFAULT);
  }

  /** Answers a first envelope, signed with a key that may be another than the one announced. */
  byte[] answer(
      byte[] hello,
      byte[] envelope,
      Bytes connectionKey,
      ServerFrame frame,
      Ed25519.SigningKey by) {
    byte[] helloHash = Handshake.helloHash(hello);
    int encEnd = 1 + Suite.X25519.encBytes();
    Hpke.ReceiverContext c2s =
        Hpke.setupBaseR(
            Suite.X25519,
            Arrays.copyOfRange(envelope, 1, encEnd),
            sealKey,
            Handshake.clientInfo(Suite.X25519, helloHash, signKey.publicKey()));
    c2s.open(Arrays.copyOfRange(envelope, encEnd, envelope.length));
    byte[] transcript = Handshake.transcript(helloHash, envelope);
    Hpke.Sender sender =
        Hpke.setupPskS(
            Suite.X25519,
            connectionKey.toArray(),
            Handshake.serverInfo(Suite.X25519, transcript),
            c2s.export(Labels.PSK, Handshake.PSK_BYTES),
            Handshake.PSK_ID,
            random);
    s2c = sender.context();
    byte[] bytes = FrameCodec.encode(frame);
    byte[] signature = Handshake.signServerFirst(by, transcript, sender.enc(), bytes);
    byte[] sealed = s2c.seal(concat(signature, bytes));
    return concat(sender.enc(), sealed);
  }

  byte[] seal(ServerFrame frame) {
    return s2c.seal(FrameCodec.encode(frame));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
