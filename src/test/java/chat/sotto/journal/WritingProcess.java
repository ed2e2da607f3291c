package chat.sotto.journal;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A server's store in a process of its own, to be killed, traced, or starved of disk. Writes a body
 * and an event at a time for each of several entities and prints one line for each that was
 * acknowledged: {@code acked <entity> <number>}.
 */
final class WritingProcess {
  private static final int BODY_BYTES = 2_000;

  private final TestDatabase db;
  private final int last;

  private WritingProcess(TestDatabase db, int last) {
    this.db = db;
    this.last = last;
  }

  /** Arguments: data folder, prefix of entity names, how many entities, last number of each. */
  public static void main(String[] args) {
    var db = new TestDatabase(Path.of(args[0]));
    print("ready");
    var process = new WritingProcess(db, Integer.parseInt(args[3]));
    int entities = Integer.parseInt(args[2]);
    var all = new CompletableFuture<?>[entities];
    for (int i = 0; i < entities; i++) {
      all[i] = process.write(HashChain.start(args[1] + i), new Random(i));
    }
    CompletableFuture.allOf(all)
        .whenComplete((done, error) -> print(error == null ? "done" : "failed"))
        .exceptionally(error -> null)
        .join();
    db.close();
  }

  private CompletableFuture<?> write(HashChain chain, Random random) {
    if (chain.sequenceNr() == last) {
      return CompletableFuture.completedFuture(null);
    }
    String id = bodyId(chain.entity(), chain.sequenceNr() + 1);
    var body = new byte[BODY_BYTES];
    random.nextBytes(body);
    print("asked " + id);
    db.bodies.put(id, body, Long.MAX_VALUE);
    return db.append(chain, "accepted")
        .thenRun(() -> print("acked " + id))
        .thenCompose(done -> write(TestDatabase.after(chain, "accepted"), random));
  }

  static String bodyId(String entity, long nr) {
    return entity + " " + nr;
  }

  /** One write call each, so that what was printed before a kill has left the process. */
  private static void print(String line) {
    byte[] bytes = (line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }
}
