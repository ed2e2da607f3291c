package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestCommand;
import chat.sotto.TestServer;
import chat.sotto.admin.Backup;
import chat.sotto.admin.Restore;
import chat.sotto.journal.Store;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ArchiveReply;
import chat.sotto.protocol.ArchiveRequest;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.BodyIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive over a real socket; what a batch holds is nothing to the server. */
class ArchiveTest {
  private static final int KIB = 1024;
  private static final int QUOTA = 600 * KIB;

  /** The highest number that a frame can name. */
  private static final long LATEST = (1L << 53) - 1;

  @TempDir private static Path folder;
  private static TestServer server;
  private static int names;

  private final TestUser alice = new TestUser("archivist" + ++names);
  private RawClient client;

  @BeforeAll
  static void start() {
    server = start(folder.resolve("data"));
  }

  private static TestServer start(Path data) {
    return TestServer.start(
        data,
        Map.of(
            "sotto.archive.quota",
            QUOTA,
            "sotto.limits.archive-changes-per-user.burst",
            200,
            "sotto.limits.archive-changes-per-user.every",
            "1 h"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void register() throws Exception {
    client = RawClient.registered(server.server(), alice);
  }

  @AfterEach
  void leave() {
    client.close();
  }

  private ArchiveRequest.Append frame(long nonce, long nr, Bytes blob) {
    return new ArchiveRequest.Append(nonce, client.token(), nr, blob);
  }

  private ArchiveReply.State append(long nr, Bytes blob) throws Exception {
    return client.ask(ArchiveReply.State.class, nonce -> frame(nonce, nr, blob));
  }

  private ArchiveReply.State state() throws Exception {
    return client.ask(
        ArchiveReply.State.class, nonce -> new ArchiveRequest.State(nonce, client.token()));
  }

  private ArchiveReply.State drop() throws Exception {
    return client.ask(
        ArchiveReply.State.class, nonce -> new ArchiveRequest.Drop(nonce, client.token()));
  }

  private ArchiveReply.Batches page(long before) throws Exception {
    return client.ask(
        ArchiveReply.Batches.class,
        nonce -> new ArchiveRequest.Page(nonce, client.token(), before));
  }

  private static Bytes blob(int size) {
    return Bytes.of(TestUser.random(size));
  }

  private static List<Long> numbers(ArchiveReply.Batches page) {
    return page.batches().stream().map(ArchiveReply.Batch::nr).toList();
  }

  @Test
  void whatIsAppendedIsReadFromTheNewestDown() throws Exception {
    List<Bytes> blobs = List.of(blob(100 * KIB), blob(80 * KIB), blob(100 * KIB), blob(1));
    for (int i = 0; i < blobs.size(); i++) {
      append(i + 1, blobs.get(i));
    }
    assertEquals(List.of(1L, 4L), List.of(state().first(), state().last()));
    assertEquals(280 * KIB + 1, state().bytes());
    assertEquals(QUOTA, state().quota());

    ArchiveReply.Batches newest = page(LATEST);
    assertEquals(List.of(4L, 3L), numbers(newest));
    assertEquals(blobs.get(3), newest.batches().get(0).blob());
    assertEquals(List.of(2L, 1L), numbers(page(3)), "180 KiB are one page");
    assertEquals(List.of(1L), numbers(page(2)));
    assertEquals(List.of(), numbers(page(1)));
    assertEquals(List.of(1L, 4L), List.of(page(1).first(), page(1).last()));
  }

  @Test
  void pageIsNeverLongerThanItsLimitAndHoldsAtLeastOne() throws Exception {
    append(1, blob(21 * KIB));
    append(2, blob(Limits.BATCH_BYTES_MAX));
    assertEquals(List.of(2L), numbers(page(3)), "one byte more than 180 KiB would be two");
    for (int nr = 3; nr < 3 + Limits.ARCHIVE_PAGE_MAX; nr++) {
      append(nr, blob(1));
    }
    assertEquals(Limits.ARCHIVE_PAGE_MAX, page(LATEST).batches().size());
  }

  @Test
  void batchOfTheLargestSizeIsTakenAndALargerOneIsNoFrame() throws Exception {
    append(1, blob(Limits.BATCH_BYTES_MAX));
    String tooLong = blob(Limits.BATCH_BYTES_MAX + 1).toString();
    long nonce = client.nextNonce();
    String json =
        """
        {"type":"archive-append","nonce":%d,"token":"%s","nr":2,"blob":"%s"}"""
            .formatted(nonce, Bytes.of(client.token().toArray()), tooLong);
    client.send(client.seal(json.getBytes(StandardCharsets.UTF_8)));
    var refused = assertInstanceOf(ServerFrame.Failed.class, client.reply());
    assertEquals(ErrorCode.BAD_FRAME, refused.code());
    assertEquals(1, state().last());
  }

  @Test
  void whoIsSlowerIsToldSoAndTheFirstBatchStays() throws Exception {
    Bytes first = blob(10);
    append(1, first);
    client.assertRefused(ErrorCode.STALE, nonce -> frame(nonce, 1, blob(10)));
    client.assertRefused(ErrorCode.STALE, nonce -> frame(nonce, 3, blob(10)));
    assertEquals(first, page(2).batches().get(0).blob());
    assertEquals(1, state().last());
  }

  @Test
  void quotaIsUsedToItsLastByte() throws Exception {
    for (int nr = 1; nr <= 4; nr++) {
      append(nr, blob(150 * KIB));
    }
    client.assertRefused(ErrorCode.ARCHIVE_FULL, nonce -> frame(nonce, 5, blob(1)));
    assertEquals(QUOTA, state().bytes());
    drop();
    assertEquals(5, append(5, blob(1)).last());
  }

  @Test
  void droppedBatchesAreGoneFromTheFiles() throws Exception {
    Path data = folder.resolve("dropping");
    var marks = List.of("MARK-OF-THE-FIRST-BATCH-0123456789", "MARK-OF-THE-OTHER-BATCH-9876543210");
    try (TestServer own = start(data)) {
      client.close();
      client = RawClient.registered(own.server(), alice);
      for (int i = 0; i < marks.size(); i++) {
        append(i + 1, Bytes.of(marks.get(i).repeat(200).getBytes(StandardCharsets.UTF_8)));
      }
      assertTrue(marks.stream().allMatch(mark -> isInFiles(data, mark)));
      ArchiveReply.State empty = drop();
      assertEquals(List.of(3L, 2L, 0L), List.of(empty.first(), empty.last(), empty.bytes()));
      assertEquals(List.of(), numbers(page(3)));
    }
    assertFalse(marks.stream().anyMatch(mark -> isInFiles(data, mark)));
  }

  @Test
  void whatADropThatWasInterruptedLeftGoesWithTheNextOne() throws Exception {
    append(1, blob(10));
    drop();
    var bodies = Store.get(server.system()).bodies();
    String left = BodyIds.batch(alice.name, 1);
    bodies.keep(left, new byte[] {1}).toCompletableFuture().join();
    append(2, blob(10));
    drop();
    assertTrue(bodies.get(left).toCompletableFuture().join().isEmpty());
  }

  @Test
  void erasedPersonHasNoArchive() throws Exception {
    append(1, blob(10));
    append(2, blob(10));
    var bodies = Store.get(server.system()).bodies();
    TestCommand erased =
        TestCommand.run(
            "admin",
            "erase",
            alice.name.value(),
            "--reason",
            "asked for it",
            "--yes",
            "--data",
            folder.resolve("data").toString());
    assertEquals(0, erased.status(), erased.said());
    for (long nr = 1; nr <= 2; nr++) {
      String id = BodyIds.batch(alice.name, nr);
      assertTrue(bodies.get(id).toCompletableFuture().join().isEmpty());
    }
  }

  @Test
  void tooManyChangesAreSlowedDown() throws Exception {
    for (int i = 0; i < 200; i++) {
      client.assertRefused(ErrorCode.STALE, nonce -> frame(nonce, 9, blob(1)));
    }
    client.assertRefused(ErrorCode.RATE_LIMITED, nonce -> frame(nonce, 1, blob(1)));
    assertEquals(0, state().last(), "reading goes on");
  }

  @Test
  void copyHoldsTheArchiveAndGivesItBack() throws Exception {
    Path data = folder.resolve("copied");
    Path copy = folder.resolve("copy.db");
    Path restored = folder.resolve("restored");
    Bytes blob = blob(1000);
    try (TestServer own = start(data)) {
      client.close();
      client = RawClient.registered(own.server(), alice);
      append(1, blob);
      Backup.write(data, copy, true, Clock.systemUTC());
      append(2, blob(10));
    }
    Restore.run(copy, restored, Clock.systemUTC());
    try (TestServer own = start(restored)) {
      client.close();
      client = RawClient.connect(own.server());
      client.login(alice);
      assertEquals(List.of(1L), numbers(page(LATEST)));
      assertEquals(blob, page(2).batches().get(0).blob());
      assertEquals(2, append(2, blob(10)).last());
    }
  }

  private static boolean isInFiles(Path data, String mark) {
    try (Stream<Path> files = Files.list(data)) {
      return files.filter(Files::isRegularFile).anyMatch(file -> holds(file, mark));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean holds(Path file, String mark) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
