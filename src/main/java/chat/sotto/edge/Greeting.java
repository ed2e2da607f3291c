package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Limits;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * What was said to one client before it said anything, and the keys to understand its answer.
 *
 * @param hello as sent
 * @param helloHash SHA-256 of it: binds the answer to this connection, this server and its offer
 */
record Greeting(
    byte[] hello, byte[] helloHash, SealKeys.SealKey sealKey, Ed25519.SigningKey signKey) {

  /** Greets clients of one server. */
  record Greeter(
      SealKeys sealKeys,
      Ed25519.SigningKey signKey,
      String serverHost,
      String bundle,
      Limits limits,
      Clock clock,
      SecureRandom random) {

    /** A greeting with a fresh challenge. */
    Greeting greet() {
      SealKeys.SealKey sealKey = sealKeys.current();
      var challenge = new byte[Hello.CHALLENGE_BYTES];
      random.nextBytes(challenge);
      byte[] hello =
          FrameCodec.encode(
              new Hello(
                  Hello.TYPE,
                  Hello.VERSION,
                  serverHost,
                  clock.millis(),
                  bundle,
                  Arrays.stream(Suite.values()).map(Suite::id).toList(),
                  Bytes.of(signKey.publicKey()),
                  Bytes.of(challenge),
                  List.of(sealKey.statement()),
                  limits));
      return new Greeting(hello, Handshake.helloHash(hello), sealKey, signKey);
    }
  }
}
