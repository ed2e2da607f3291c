package chat.sotto.journal;

import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.ServerFrame;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs until an entry may go to the socket: its body read, its frame made and sealed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PushBenchmark {
  private static final int BYTES = 300;
  private static final String NEW = "new";

  private final SecureRandom random = new SecureRandom();
  private final DeviceId device = new DeviceId("0".repeat(32));
  private final Bytes digest = Bytes.of(new byte[32]);
  private TestDatabase database;
  private Hpke.SenderContext sender;

  @Setup
  public void setUp() {
    database = new TestDatabase(TestStore.newFolder());
    TestDatabase.await(database.bodies.put(NEW, new byte[BYTES], Long.MAX_VALUE >> 12));
    byte[] key = X25519.generateKeyPair(random).publicKey();
    sender = Hpke.setupBaseS(Suite.X25519, key, new byte[1], random).context();
  }

  @TearDown
  public void tearDown() {
    database.close();
  }

  @Benchmark
  public byte[] push() {
    byte[] body = database.bodies.get(NEW).toCompletableFuture().join().orElseThrow();
    return sender.seal(
        FrameCodec.encode(
            new ServerFrame.EntryPush(
                1,
                LogPoint.INBOX,
                "bob",
                1,
                1,
                1_700_000_000_000L,
                Entry.MESSAGE,
                new UserName("alice"),
                device,
                digest.slice(0, 16),
                List.of(new BodyDigest(device, digest)),
                digest,
                Optional.of(Bytes.of(body)))));
  }
}
