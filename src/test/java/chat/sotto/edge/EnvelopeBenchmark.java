package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a frame costs between the socket and the entity, and on its way out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EnvelopeBenchmark {
  private static final byte[] INFO = {1};

  @Param({"300", "16384"})
  int bytes;

  private Hpke.SenderContext sender;
  private Hpke.ReceiverContext receiver;
  private byte[] send;
  private ServerFrame push;

  @Setup
  public void setUp() {
    var server = X25519.generateKeyPair(TestUser.RANDOM);
    Hpke.Sender setUp =
        Hpke.setupBaseS(Suite.X25519, server.publicKey(), INFO, TestUser.RANDOM);
    sender = setUp.context();
    receiver = Hpke.setupBaseR(Suite.X25519, setUp.enc(), server, INFO);
    var alice = new TestUser("alice");
    var bob = new TestUser("bob");
    Bytes ciphertext = Bytes.of(TestUser.random(bytes));
    Bytes messageId = Bytes.of(TestUser.random(16));
    send =
        FrameCodec.encode(
            new ClientFrame.Send(
                2,
                Secret.of(TestUser.random(32)),
                bob.name,
                1,
                1,
                messageId,
                List.of(new ClientFrame.Copy(bob.device, ciphertext))));
    Bytes digest = Bytes.of(Hash.sha256(ciphertext.toArray()));
    push =
        new ServerFrame.EntryPush(
            1,
            LogPoint.INBOX,
            "bob",
            1,
            1,
            1_700_000_000_000L,
            Entry.MESSAGE,
            alice.name,
            alice.device,
            messageId,
            List.of(new BodyDigest(bob.device, digest)),
            digest,
            Optional.of(ciphertext));
  }

  /** Envelopes open in order only, so each is sealed here too. */
  @Benchmark
  public byte[] sealAndOpen() {
    return receiver.open(sender.seal(send));
  }

  @Benchmark
  public ClientFrame decodeFrame() throws FrameException {
    return FrameCodec.decodeClient(send);
  }

  @Benchmark
  public byte[] encodeAndSealPush() {
    return sender.seal(FrameCodec.encode(push));
  }
}
