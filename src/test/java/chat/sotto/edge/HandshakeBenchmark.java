package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What envelopes and keys of one return cost each side, without sockets, actors or disk: the least
 * that coming back can take (docs/protocol.md §2.2, §2.3).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HandshakeBenchmark {
  private static final String HOST = "localhost";
  private static final Suite SUITE = Suite.X25519;
  private static final long DAY_MILLIS = SealKeys.LIFE.toMillis();

  private final TestUser alice = new TestUser("alice");
  private final Secret token = Secret.of(TestUser.random(32));
  private Greeting greeting;
  private Question question;
  private byte[] answer;

  /** What a client remembers of its first envelope. */
  private record Question(
      X25519.KeyPair connectionKey, Hpke.SenderContext context, byte[] envelope) {}

  @Setup
  public void setUp() throws RefusedEnvelope {
    Ed25519.SigningKey signKey = Ed25519.generate(TestUser.RANDOM);
    X25519.KeyPair sealPair = X25519.generateKeyPair(TestUser.RANDOM);
    long now = System.currentTimeMillis();
    Hello.SealKey statement =
        Handshake.signSealKey(
            signKey, HOST, "node-1", 1, SUITE, sealPair.publicKey(), now + DAY_MILLIS);
    byte[] hello =
        FrameCodec.encode(
            new Hello(
                Hello.TYPE,
                Hello.VERSION,
                HOST,
                now,
                "bundle",
                List.of(SUITE.id()),
                Bytes.of(signKey.publicKey()),
                Bytes.of(TestUser.random(Hello.CHALLENGE_BYTES)),
                List.of(statement),
                Limits.DEFAULT));
    var sealKey = new SealKeys.SealKey(SUITE, sealPair, statement);
    greeting = new Greeting(hello, Handshake.helloHash(hello), sealKey, signKey);
    question = ask();
    answer = server();
  }

  /** From the first envelope to the answer. */
  @Benchmark
  public byte[] server() throws RefusedEnvelope {
    Channel.Opened opened = Channel.open(greeting, question.envelope, TestUser.RANDOM);
    return opened.channel().seal(Errors.of(1, ErrorCode.BUSY));
  }

  /** From the hello to the frame that the answer holds. */
  @Benchmark
  public ServerFrame client() throws FrameException {
    ask();
    return hear(question);
  }

  private Question ask() {
    byte[] serverKey = greeting.signKey().publicKey();
    Hello.SealKey sealKey = greeting.sealKey().statement();
    if (!Handshake.verifySealKey(serverKey, HOST, sealKey)) {
      throw new IllegalStateException("the seal key is not signed");
    }
    byte[] sealTo = sealKey.key().toArray();
    X25519.KeyPair connectionKey = X25519.generateKeyPair(TestUser.RANDOM);
    byte[] info = Handshake.clientInfo(SUITE, greeting.helloHash(), serverKey);
    Hpke.Sender sender = Hpke.setupBaseS(SUITE, sealTo, info, TestUser.RANDOM);
    byte[] frame =
        FrameCodec.encode(alice.resume(Bytes.of(connectionKey.publicKey()), token));
    byte[] signature =
        new Handshake.First(
                SUITE,
                greeting.helloHash(),
                serverKey,
                sealTo,
                sender.enc(),
                connectionKey.publicKey(),
                frame)
            .sign(alice.deviceKey);
    byte[] sealed = sender.context().seal(concat(signature, frame));
    byte[] envelope = concat(new byte[] {(byte) SUITE.id()}, concat(sender.enc(), sealed));
    return new Question(connectionKey, sender.context(), envelope);
  }

  private ServerFrame hear(Question asked) throws FrameException {
    byte[] enc = Arrays.copyOf(answer, SUITE.encBytes());
    byte[] transcript = Handshake.transcript(greeting.helloHash(), asked.envelope);
    Hpke.ReceiverContext context =
        Hpke.setupPskR(
            SUITE,
            enc,
            asked.connectionKey,
            Handshake.serverInfo(SUITE, transcript),
            asked.context.export(Labels.PSK, Handshake.PSK_BYTES),
            Handshake.PSK_ID);
    byte[] opened = context.open(Arrays.copyOfRange(answer, enc.length, answer.length));
    byte[] signature = Arrays.copyOf(opened, Ed25519.SIGNATURE_BYTES);
    byte[] frame = Arrays.copyOfRange(opened, Ed25519.SIGNATURE_BYTES, opened.length);
    byte[] serverKey = greeting.signKey().publicKey();
    if (!Handshake.verifyServerFirst(serverKey, signature, transcript, enc, frame)) {
      throw new IllegalStateException("the answer is not signed");
    }
    return FrameCodec.decodeServer(frame);
  }

  private static byte[] concat(byte[] one, byte[] two) {
    return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
  }
}
