package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of files when the server ends at the worst moment. */
class StoredFilesTest {
  private static final int MIB = 1024 * 1024;
  private static final long NEVER = Long.MAX_VALUE / 2;
  private static final Bytes ID = Bytes.of(new byte[32]);
  private static final FileQuota QUOTA = new FileQuota(NEVER, NEVER);

  @TempDir Path path;
  private TestDatabase db;
  private FileFolder folder;
  private StoredFiles files;

  @BeforeEach
  void open() {
    db = new TestDatabase(path);
    folder = new FileFolder(path.resolve("files"));
    files = new StoredFiles(db.database, folder);
  }

  @AfterEach
  void close() {
    files.close();
    db.close();
  }

  private FileRow reserve(int size) {
    var row = new FileRow(ID, "alice", size, 0, NEVER);
    assertEquals(Optional.empty(), await(files.reserve(row, QUOTA)));
    return row;
  }

  private FileRow row() {
    return await(files.find(ID)).orElseThrow();
  }

  private static byte[] content(int size) {
    var content = new byte[size];
    new Random(8).nextBytes(content);
    return content;
  }

  @Test
  void aRowSaysNoMoreThanWhatWasSynced() throws Exception {
    byte[] content = content(6 * MIB);
    IncomingFile broken = await(files.append(reserve(content.length)));
    for (int at = 0; at < 5 * MIB; at += MIB) {
      assertTrue(await(broken.append(ByteBuffer.wrap(content, at, MIB))));
    }
    assertEquals(5 * MIB, broken.received());
    assertEquals(4 * MIB, row().received());

    IncomingFile rest = await(files.append(row()));
    assertEquals(4 * MIB, rest.received());
    rest.append(ByteBuffer.wrap(Arrays.copyOfRange(content, 4 * MIB, content.length)));
    assertTrue(await(rest.end(NEVER)));
    assertTrue(row().isWhole());
    Path whole = await(files.whole(ID)).orElseThrow().path();
    assertArrayEquals(content, Files.readAllBytes(whole));
  }

  @Test
  void whatASyncFailedForIsGivenUp() throws Exception {
    byte[] content = content(9 * MIB);
    FileRow row = reserve(content.length);
    try (FileChannel disk = folder.append(ID, 0)) {
      var failing = new FailingChannel(disk);
      var incoming = new IncomingFile(files, row, 0, Optional.of(failing));
      assertTrue(await(incoming.append(ByteBuffer.wrap(content, 0, 4 * MIB))));
      failing.failsOnce = true;
      assertFailed(incoming.append(ByteBuffer.wrap(content, 4 * MIB, 5 * MIB)));
      assertTrue(await(incoming.end(NEVER)));
      assertEquals(4 * MIB, incoming.received());
    }
    assertEquals(4 * MIB, row().received());
    assertEquals(4 * MIB, folder.partSize(ID));
    assertEquals(Optional.empty(), await(files.whole(ID)));
  }

  private static void assertFailed(CompletionStage<?> stage) {
    assertInstanceOf(IOException.class, rootOf(TestDatabase.awaitFailure(stage)));
  }

  private static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : rootOf(failure.getCause());
  }

  @Test
  void aFileThatHasItsNameButNoRowThatSaysSoIsFound() throws Exception {
    IncomingFile broken = await(files.append(reserve(100)));
    await(broken.append(ByteBuffer.wrap(content(100))));
    folder.finish(ID);
    assertEquals(Optional.empty(), await(files.whole(ID)));

    IncomingFile found = await(files.append(row()));
    assertEquals(0, found.missing());
    assertTrue(await(found.end(NEVER)));
    assertTrue(await(files.whole(ID)).isPresent());
  }

  @Test
  void whatIsDroppedWhileItComesLeavesNothing() throws Exception {
    IncomingFile incoming = await(files.append(reserve(6 * MIB)));
    await(incoming.append(ByteBuffer.wrap(new byte[MIB])));
    await(files.drop(ID, "bob"));
    assertTrue(await(files.find(ID)).isPresent());
    await(files.drop(ID, "alice"));
    assertFalse(await(incoming.append(ByteBuffer.wrap(new byte[4 * MIB]))));
    assertFalse(await(incoming.append(ByteBuffer.wrap(new byte[MIB]))));
    assertFalse(await(incoming.end(NEVER)));
    for (Path sub : folder.folders()) {
      assertEquals(List.of(), folder.ids(sub));
    }
  }

  @Test
  void whatIsOnAVolumeThatIsNotMountedIsNotForgotten() throws Exception {
    IncomingFile incoming = await(files.append(reserve(2000)));
    await(incoming.append(ByteBuffer.wrap(content(2000))));
    assertTrue(await(incoming.end(NEVER)));
    Path mounted = path.resolve("files");
    Path away = path.resolve("away");
    Files.move(mounted, away);
    Files.createDirectory(mounted);
    var more = new FileRow(Bytes.of(content(32)), "bob", 2000, 0, NEVER);
    for (int starts = 0; starts < 2; starts++) {
      await(files.sweep(0));
      assertTrue(row().isWhole());
      assertEquals(Optional.of(StoredFiles.Refusal.FULL), await(files.reserve(more, QUOTA)));
      files.close();
      files = new StoredFiles(db.database, folder);
    }
    Files.delete(mounted);
    Files.move(away, mounted);
    await(files.sweep(0));
    assertTrue(await(files.whole(ID)).isPresent());
    assertEquals(Optional.empty(), await(files.reserve(more, QUOTA)));
  }

  @Test
  void aFolderIsTakenForOursWhereNothingCanBeMissing() throws Exception {
    reserve(2000);
    await(files.drop(ID, "alice"));
    Files.delete(folder.markerFile());
    reserve(2000);
    String id = folder.marker().orElseThrow();
    Files.writeString(folder.markerFile(), "another server's");
    var more = new FileRow(Bytes.of(content(32)), "bob", 2000, 0, NEVER);
    assertEquals(Optional.of(StoredFiles.Refusal.FULL), await(files.reserve(more, QUOTA)));
    Files.writeString(folder.markerFile(), id);
    assertEquals(Optional.empty(), await(files.reserve(more, QUOTA)));
  }

  @Test
  void whatWasAskedForCountsWhole() {
    var quota = new FileQuota(10 * MIB, 15 * MIB);
    assertEquals(
        Optional.empty(),
        await(files.reserve(new FileRow(ID, "alice", 9 * MIB, 0, NEVER), quota)));
    Bytes other = Bytes.of(content(32));
    assertEquals(
        Optional.of(StoredFiles.Refusal.FULL),
        await(files.reserve(new FileRow(other, "alice", MIB, 0, NEVER), quota)));
    assertEquals(
        Optional.of(StoredFiles.Refusal.FULL),
        await(files.reserve(new FileRow(other, "bob", 6 * MIB, 0, NEVER), quota)));
    assertEquals(
        Optional.empty(),
        await(files.reserve(new FileRow(other, "bob", 5 * MIB, 0, NEVER), quota)));
    assertEquals(
        Optional.of(StoredFiles.Refusal.TAKEN),
        await(files.reserve(new FileRow(other, "alice", 5 * MIB, 0, NEVER), quota)));
  }

  @Test
  void whatIsDeletedCountsNoMoreAndARestartCountsAnew() {
    var quota = new FileQuota(NEVER, 10 * MIB);
    Bytes other = Bytes.of(content(32));
    reserve(6 * MIB);
    await(files.drop(ID, "alice"));
    await(files.drop(ID, "alice"));
    assertEquals(
        Optional.empty(),
        await(files.reserve(new FileRow(ID, "alice", 8 * MIB, 0, NEVER), quota)));
    var wanted = new FileRow(other, "bob", 2 * MIB, 0, NEVER);
    assertEquals(Optional.of(StoredFiles.Refusal.FULL), await(files.reserve(wanted, quota)));
    files.close();
    files = new StoredFiles(db.database, folder);
    assertEquals(Optional.of(StoredFiles.Refusal.FULL), await(files.reserve(wanted, quota)));
    await(files.dropAll("alice"));
    assertEquals(Optional.empty(), await(files.reserve(wanted, quota)));
  }
}
