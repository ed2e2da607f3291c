package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.RefusedException;
import chat.sotto.crypto.Suite;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The two sealed directions of one connection (docs/protocol.md §2.2, §2.3). Each has one HPKE
 * context whose sequence number makes the nonce, so envelopes open in order, once, or not at all.
 * Used by the connection's actor only.
 */
final class Channel {
  private final Hpke.ReceiverContext incoming;
  private final Hpke.Sender outgoing;
  private final Ed25519.SigningKey signKey;
  private final byte[] transcript;
  private boolean saidFirst;

  private Channel(
      Hpke.ReceiverContext incoming,
      Hpke.Sender outgoing,
      Ed25519.SigningKey signKey,
      byte[] transcript) {
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.signKey = signKey;
    this.transcript = transcript;
  }

  /** What the first envelope held. Its device key signed it; whose key that is, is open. */
  record Opened(ClientFrame.First frame, Channel channel) {}

  /**
   * Opens the first envelope, in the order of §2.4.
   *
   * @throws RefusedEnvelope {@code BAD_SIGNATURE}, or {@code BAD_ENVELOPE} for anything else
   */
  static Opened open(Greeting greeting, byte[] envelope, SecureRandom random)
      throws RefusedEnvelope {
    try {
      return openFirst(greeting, envelope, random);
    } catch (RefusedException | FrameException e) {
      throw new RefusedEnvelope(CloseCode.BAD_ENVELOPE);
    }
  }

  private static Opened openFirst(Greeting greeting, byte[] envelope, SecureRandom random)
      throws RefusedEnvelope, FrameException {
    Suite suite = greeting.sealKey().suite();
    int encEnd = 1 + suite.encBytes();
    if (envelope.length < encEnd || envelope[0] != suite.id()) {
      throw new RefusedEnvelope(CloseCode.BAD_ENVELOPE);
    }
    byte[] enc = Arrays.copyOfRange(envelope, 1, encEnd);
    byte[] serverKey = greeting.signKey().publicKey();
    Hpke.ReceiverContext incoming =
        Hpke.setupBaseR(
            suite,
            enc,
            greeting.sealKey().keyPair(),
            Handshake.clientInfo(suite, greeting.helloHash(), serverKey));
    byte[] opened = incoming.open(Arrays.copyOfRange(envelope, encEnd, envelope.length));
    if (opened.length < Ed25519.SIGNATURE_BYTES) {
      throw new RefusedEnvelope(CloseCode.BAD_ENVELOPE);
    }
    byte[] signature = Arrays.copyOf(opened, Ed25519.SIGNATURE_BYTES);
    byte[] bytes = Arrays.copyOfRange(opened, Ed25519.SIGNATURE_BYTES, opened.length);
    if (!(FrameCodec.decodeClient(bytes) instanceof ClientFrame.First frame)) {
      throw new RefusedEnvelope(CloseCode.BAD_ENVELOPE);
    }
    verify(greeting, suite, enc, frame, signature, bytes);
    byte[] transcript = Handshake.transcript(greeting.helloHash(), envelope);
    return new Opened(frame, answer(greeting, suite, incoming, transcript, frame, random));
  }

  private static void verify(
      Greeting greeting,
      Suite suite,
      byte[] enc,
      ClientFrame.First frame,
      byte[] signature,
      byte[] bytes)
      throws RefusedEnvelope {
    var statement =
        new Handshake.First(
            suite,
            greeting.helloHash(),
            greeting.signKey().publicKey(),
            greeting.sealKey().keyPair().publicKey(),
            enc,
            frame.connectionKey().toArray(),
            bytes);
    if (!statement.verify(frame.deviceKey().toArray(), signature)) {
      throw new RefusedEnvelope(CloseCode.BAD_SIGNATURE);
    }
  }

  private static Channel answer(
      Greeting greeting,
      Suite suite,
      Hpke.ReceiverContext incoming,
      byte[] transcript,
      ClientFrame.First frame,
      SecureRandom random) {
    Hpke.Sender outgoing =
        Hpke.setupPskS(
            suite,
            frame.connectionKey().toArray(),
            Handshake.serverInfo(suite, transcript),
            incoming.export(Labels.PSK, Handshake.PSK_BYTES),
            Handshake.PSK_ID,
            random);
    return new Channel(incoming, outgoing, greeting.signKey(), transcript);
  }

  /**
   * A later envelope.
   *
   * @throws RefusedEnvelope unless it is the next
   */
  byte[] open(byte[] envelope) throws RefusedEnvelope {
    try {
      return incoming.open(envelope);
    } catch (RefusedException e) {
      throw new RefusedEnvelope(CloseCode.BAD_ENVELOPE);
    }
  }

  /** The next envelope to the client; the first one carries the server's signature. */
  byte[] seal(ServerFrame frame) {
    byte[] bytes = FrameCodec.encode(frame);
    if (saidFirst) {
      return outgoing.context().seal(bytes);
    }
    saidFirst = true;
    byte[] signature = Handshake.signServerFirst(signKey, transcript, outgoing.enc(), bytes);
    return concat(outgoing.enc(), outgoing.context().seal(concat(signature, bytes)));
  }

  private static byte[] concat(byte[] one, byte[] two) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(two);
    return both.toByteArray();
  }
}
