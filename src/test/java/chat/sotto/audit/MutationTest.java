package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestCommand;
import chat.sotto.edge.ServerKey;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One change of a journal, thousands of times: the audit finds each where it was made, or cannot
 * read the file, or it is of a kind that docs/audit.md §8 names. More with {@code
 * -Dsotto.mutations=20000}; {@code -Dsotto.seed=} has the same ones again on another journal.
 */
class MutationTest {
  private static final int COUNT = Integer.getInteger("sotto.mutations", 600);
  private static final boolean IS_LONG = System.getProperty("sotto.mutations") != null;
  private static final long SEED = Long.getLong("sotto.seed", IS_LONG ? System.nanoTime() : 1);
  private static final int COMMAND_EACH = 50;

  /** Bodies that no event has a digest of. Those that nobody needs any more are harmless too. */
  private static final Pattern QUIET_BODY =
      Pattern.compile(
          "a bit of body.bytes of group-piece|bodies swapped: group-piece and group-piece");

  /** What the server alone says: no device signed it, and nothing that one signed refers to it. */
  private static final Pattern QUIET_EVENT =
      Pattern.compile(
          String.join(
              "|",
              "an unknown field",
              "the newest events of an entity cut off",
              "[a-z-]+ with another time",
              "(signed-in|token-used|signed-out) with another (device|tokenHash|tokenExpiresAt)",
              "prekey-given with another (prekeyId|toUser|toDevice)",
              "visibility-set with another visibility",
              "registered with another (credentials|vault)",
              "account-changed with another (device|credentials|vault|recovery|proof)",
              "account-changed without (credentials|recovery)",
              "(reset-asked|sync-put|archive-appended|archive-dropped) with another device",
              "sync-put with another (digest|size)",
              "acked with another deliveredAt",
              "(accepted|posted|committed) with another expiresAt",
              "(posted with another |accepted with another copies..\\.)(bodyId|size)",
              "[a-z-]+ without sequenceNr",
              "prekeys-put without prekeys..(\\.key)?",
              "prekeys-put with (twice prekeys..|another (replace|prekeys(..)?))",
              "group-joined with another group",
              "(signed-in|token-used|signed-out|prekeys-put|prekey-given|acked) with another type",
              "[a-z-]+ after [a-z-]+, all that follows made to fit",
              "(signed-in|token-used|signed-out|visibility-set|prekeys-put|prekey-given|acked"
                  + "|group-joined|group-left|reset-asked|reset-cancelled|sync-put"
                  + "|archive-appended|archive-dropped)"
                  + " (deleted|inserted), all that follows made to fit"));

  /** The same of an entry that nobody has acknowledged. */
  private static final Pattern QUIET_WAITING =
      Pattern.compile(
          "(accepted|posted) deleted, all that follows made to fit"
              + "|accepted with another (entryKind|fromUser|fromDevice|messageId)");

  @TempDir static Path folder;
  private static byte[] original;
  private static byte[] checkpoint;
  private static Path otherServer;
  private static String history;

  /** Of entries that somebody had not acknowledged at the end: ids of bodies, and places. */
  private static Map<String, String> waiting;

  private enum Outcome {
    FOUND,
    REFUSED,
    /** All that is checked is as it was. */
    SAME,
    /** Of a body that nobody can judge, or needs. */
    BODY,
    /** By the audit alone it is not found, but against a checkpoint it is. */
    CHECKPOINT
  }

  @BeforeAll
  static void makeJournals() throws Exception {
    Path data = folder.resolve("data");
    TalkedJournal.make(data, folder);
    original = Files.readAllBytes(data.resolve("sotto.db"));
    try (JournalFile journal = JournalFile.open(data)) {
      assertEquals(List.of(), Audit.run(journal, Options.standard()).findings());
      history = history(journal);
      var out = new ByteArrayOutputStream();
      var key = ServerKey.read(data).orElseThrow();
      Checkpoint.write(out, key, "localhost", System.currentTimeMillis(), journal);
      checkpoint = out.toByteArray();
    }
    waiting = waiting(data);
    assertEquals(4, waiting.size());
    Path other = folder.resolve("other");
    try (var made = new MadeJournal(other)) {
      Member alice = made.register("alice");
      Member erin = made.register("erin");
      made.accept(alice, erin);
      made.found(erin, 7);
    }
    otherServer = other.resolve("sotto.db");
  }

  /** Those of the entries that came when nobody was there any more whom they were for. */
  private static Map<String, String> waiting(Path data) throws SQLException {
    try (var forger = new Forger(data)) {
      List<List<Object>> rows =
          forger.rows(
              """
              WITH told AS (SELECT name, nr, CAST(bytes AS TEXT) AS event
                     FROM event JOIN entity ON id = entity),
                   late AS (SELECT name, nr, event FROM told WHERE event ->> '$.time' >
                     (SELECT event ->> '$.time' FROM told WHERE event ->> '$.type' = 'signed-out'))
              SELECT coalesce(event ->> '$.bodyId', event ->> '$.copies[0].bodyId'),
                  'event ' || nr || ' of ' || name
                FROM late WHERE event ->> '$.type' IN ('posted', 'accepted')""");
      return rows.stream()
          .collect(Collectors.toMap(row -> (String) row.get(0), row -> (String) row.get(1)));
    }
  }

  /** Everything that a hash covers. */
  private static String history(JournalFile journal) {
    var text = new StringBuilder();
    for (JournalFile.Entity entity : journal.entities()) {
      text.append(entity).append('\n');
      for (EventRow row : journal.events(entity, Long.MIN_VALUE, 10_000)) {
        text.append(row.nr()).append(row.serializer()).append(row.manifest());
        text.append(row.previousHash()).append(row.hash());
        text.append(Bytes.of(row.bytes())).append('\n');
      }
    }
    return text.toString();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void everyChangeIsFoundOrHarmless() {
    Map<String, Map<Outcome, Integer>> table = new TreeMap<>();
    List<String> defects = new ArrayList<>();
    IntStream.range(0, COUNT)
        .parallel()
        .forEach(
            index -> {
              try {
                tryOne(index, table, defects);
              } catch (Throwable e) {
                add(defects, "mutation %d: %s".formatted(index, e));
              }
            });
    if (IS_LONG) {
      print(table);
    }
    assertEquals("", String.join("\n", defects), "with -Dsotto.seed=" + SEED);
  }

  private static void tryOne(
      int index, Map<String, Map<Outcome, Integer>> table, List<String> defects)
      throws Exception {
    var random = new SplittableRandom(SEED + index);
    Path own = Files.createDirectory(folder.resolve("mutation-" + index));
    Path file = Files.write(own.resolve("sotto.db"), original);
    Optional<Mutation> made = new Mutations(file, otherServer, random).any();
    if (made.isPresent()) {
      Mutation mutation = made.get();
      Outcome outcome = outcome(file, mutation, defects);
      if (index % COMMAND_EACH == 0) {
        checkCommand(file, outcome);
      }
      synchronized (table) {
        table.computeIfAbsent(mutation.kind(), kind -> new TreeMap<>())
            .merge(outcome, 1, Integer::sum);
      }
    }
    try (var files = Files.list(own)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(own);
  }

  private static Outcome outcome(Path file, Mutation mutation, List<String> defects)
      throws IOException {
    try (JournalFile journal = JournalFile.open(file)) {
      Result result = audit(journal, false);
      if (result.holds()) {
        result = audit(journal, true);
      }
      if (!result.holds()) {
        boolean isRight =
            result.findings().stream().anyMatch(mutation.place())
                || result.findings().stream().anyMatch(MutationTest::isOfFile);
        boolean isJudged =
            result.findings().stream()
                .noneMatch(found -> found.expected().equals("data that can be judged"));
        if (!isRight || !isJudged) {
          add(defects, mutation + ": found elsewhere: " + result.findings());
        }
        return Outcome.FOUND;
      }
      return quiet(journal, mutation, result, defects);
    } catch (DataFolderException refused) {
      return Outcome.REFUSED;
    }
  }

  /** Signatures cost most of the time, and are looked at where nothing else tells. */
  private static Result audit(JournalFile journal, boolean signatures) {
    return Audit.run(journal, Options.standard().withThreads(1).withSignatures(signatures));
  }

  private static boolean isOfFile(Finding found) {
    return found.code() == Finding.Code.FILE_DAMAGED;
  }

  private static Outcome quiet(
      JournalFile journal, Mutation mutation, Result result, List<String> defects)
      throws IOException {
    Since since = Since.read(journal, Optional.empty(), () -> new ByteArrayInputStream(checkpoint));
    List<Finding> later = since.addTo(result).findings();
    boolean isSinceFound = later.stream().anyMatch(mutation.place());
    if (!history(journal).equals(history)) {
      boolean isQuiet =
          QUIET_EVENT.matcher(mutation.kind()).matches()
              || waiting.containsValue(mutation.where())
                  && QUIET_WAITING.matcher(mutation.kind()).matches();
      if (!isSinceFound || !isQuiet) {
        add(defects, mutation + ": not found" + (isSinceFound ? "" : ", by no checkpoint either"));
      }
      return Outcome.CHECKPOINT;
    }
    if (isSinceFound) {
      return Outcome.CHECKPOINT;
    }
    if (mutation.kind().contains("bod")) {
      boolean isNeeded = waiting.keySet().stream().anyMatch(mutation.where()::contains);
      boolean isQuiet =
          QUIET_BODY.matcher(mutation.kind()).matches()
              || mutation.kind().endsWith("a ciphertext") && !isNeeded;
      if (!isQuiet) {
        add(defects, mutation + ": not found");
      }
      return Outcome.BODY;
    }
    return Outcome.SAME;
  }

  private static void add(List<String> defects, String defect) {
    synchronized (defects) {
      defects.add(defect);
    }
  }

  private static void checkCommand(Path file, Outcome outcome) {
    TestCommand run = TestCommand.run("audit", file.toString());
    int expected = outcome == Outcome.FOUND ? 1 : 0;
    if (outcome == Outcome.REFUSED) {
      assertTrue(run.status() == 65 || run.status() == 66, run.toString());
    } else {
      assertEquals(expected, run.status(), run.said());
    }
    assertFalse(run.said().contains("\tat "), run.said());
    assertFalse(run.said().contains("Exception"), run.said());
  }

  private static void print(Map<String, Map<Outcome, Integer>> table) {
    System.out.println("seed " + SEED);
    table.forEach((kind, outcomes) -> System.out.println(kind + ": " + outcomes));
  }
}
