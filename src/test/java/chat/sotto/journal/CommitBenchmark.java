package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs until messages are on disk: a body and an event each, to the inboxes of many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CommitBenchmark {
  static final int MESSAGES = 64;

  @Param({"64", "10000"})
  int users;

  private static final int BYTES = 300;
  private static final long EXPIRES_AT = Long.MAX_VALUE >> 12;

  private final byte[] body = new byte[BYTES];
  private final Bytes event = Bytes.of(new byte[BYTES]);
  private HashChain[] inboxes;
  private TestDatabase database;
  private long written;

  @Setup
  public void setUp() {
    database = new TestDatabase(TestStore.newFolder());
    inboxes = new HashChain[users];
    for (int i = 0; i < users; i++) {
      inboxes[i] = HashChain.start("User|" + i);
    }
  }

  @TearDown
  public void tearDown() {
    database.close();
  }

  /** Until all of {@link #MESSAGES} that wait at once are on disk. */
  @Benchmark
  public void commitMany() {
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      int user = (int) (written % users);
      HashChain inbox = inboxes[user];
      String bodyId = database.bodies.newId(written++);
      writes.add(database.bodies.put(bodyId, body, EXPIRES_AT).toCompletableFuture());
      var entry = new JournalEntry(inbox.head(), event);
      EventRow row =
          EventRow.of(inbox.entity(), inbox.sequenceNr() + 1, written, "writer", entry);
      inboxes[user] = inbox.append(entry);
      writes.add(database.append(inbox.entity(), List.of(row)));
    }
    CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
  }
}
