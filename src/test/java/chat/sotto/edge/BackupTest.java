package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestCommand;
import chat.sotto.TestServer;
import chat.sotto.admin.Backup;
import chat.sotto.admin.Restore;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import chat.sotto.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies, and folders made of them. */
class BackupTest {
  @TempDir private Path folder;
  private Path data;
  private Path copy;
  private Path restored;

  @BeforeEach
  void someoneRegistered() throws Exception {
    data = folder.resolve("data");
    copy = folder.resolve("copy.db");
    restored = folder.resolve("restored");
    try (TestServer server = TestServer.start(data);
        var a = RawClient.registered(server.server(), new TestUser("alice"))) {
      a.assertAlive();
    }
  }

  private void backup() {
    Backup.write(data, copy, true, Clock.systemUTC());
  }

  private static String ask(Path database, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var row = connection.createStatement().executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static void change(Path database, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      assertTrue(connection.createStatement().executeUpdate(sql) > 0);
    }
  }

  private static String meta(Path database, String key) throws SQLException {
    return ask(database, "SELECT value FROM meta WHERE key = '" + key + "'");
  }

  private void assertNotRestored(String why) throws Exception {
    var refused =
        assertThrows(
            DataFolderException.class,
            () -> Restore.run(copy, restored, Clock.systemUTC()));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
    assertFalse(Files.exists(restored));
    assertFalse(Files.exists(folder.resolve("restored.part")));
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aCopyIsOneFileForItsOwnerAlone() throws Exception {
    long before = System.currentTimeMillis();
    backup();

    assertEquals("rw-------", mode(copy));
    assertEquals("localhost", meta(copy, "server-host"));
    assertTrue(Long.parseLong(meta(copy, "copy-time")) >= before);
    byte[] key = Files.readAllBytes(data.resolve("server-sign-key"));
    assertEquals(Bytes.of(key).toString(), meta(copy, "server-sign-key"));
    for (String table : new String[] {"entity", "event", "body"}) {
      String count = "SELECT count(*) FROM " + table;
      assertEquals(ask(data.resolve("sotto.db"), count), ask(copy, count), table);
    }
    assertEquals("ok", ask(copy, "PRAGMA integrity_check"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void aCopyForAnAuditorHoldsNoSecretsAndRestoresNothing() throws Exception {
    Backup.write(data, copy, false, Clock.systemUTC());

    assertEquals("bodies", meta(copy, "left-out"));
    assertEquals(null, meta(copy, "server-sign-key"));
    assertEquals("0", ask(copy, "SELECT count(*) FROM body"));
    assertEquals("0", ask(copy, "SELECT count(*) FROM snapshot"));
    assertEquals(
        ask(data.resolve("sotto.db"), "SELECT count(*) FROM event"),
        ask(copy, "SELECT count(*) FROM event"));
    assertNotRestored("--without-secrets");
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Files.writeString(copy, "another");
    assertThrows(DataFolderException.class, this::backup);
    assertEquals("another", Files.readString(copy));
    Files.delete(copy);
    Files.writeString(folder.resolve("copy.db.part"), "another");
    assertThrows(DataFolderException.class, this::backup);
    assertEquals("another", Files.readString(folder.resolve("copy.db.part")));
    Files.delete(folder.resolve("copy.db.part"));
    backup();
    Files.createDirectory(restored);
    Path other = Files.writeString(restored.resolve("other"), "another");
    assertThrows(
        DataFolderException.class, () -> Restore.run(copy, restored, Clock.systemUTC()));
    assertEquals("another", Files.readString(other));
    Files.delete(other);
    Restore.run(copy, restored, Clock.systemUTC());
  }

  @Test
  void aFolderWithoutAServersDataIsNotCopied() {
    data = folder.resolve("nothing");
    assertThrows(DataFolderException.class, this::backup);
    assertFalse(Files.exists(copy));
    assertFalse(Files.exists(data));
  }

  @Test
  void aRestoredFolderHoldsNoSecretWhereTheFirstHeldNone() throws Exception {
    backup();
    Restore.run(copy, restored, Clock.systemUTC());

    Path database = restored.resolve("sotto.db");
    assertEquals("rwx------", mode(restored));
    assertEquals("rw-------", mode(database));
    assertEquals("rw-------", mode(restored.resolve("server-sign-key")));
    assertEquals(null, meta(database, "server-sign-key"));
    assertEquals(null, meta(database, "copy-time"));
    byte[] key = Files.readAllBytes(data.resolve("server-sign-key"));
    assertEquals(
        Bytes.of(key), Bytes.of(Files.readAllBytes(restored.resolve("server-sign-key"))));
    String seed = Bytes.of(key).toString();
    String file = new String(Files.readAllBytes(database), StandardCharsets.ISO_8859_1);
    assertFalse(file.contains(seed));
    assertEquals("0", ask(database, "SELECT count(*) FROM body WHERE id LIKE 'prekey/%/2/%'"));
  }

  @Test
  void aDamagedOrForeignCopyIsNotRestored() throws Exception {
    assertNotRestored("no file");
    Files.copy(data.resolve("sotto.db"), copy);
    assertNotRestored("no copy that");
    Files.delete(copy);
    Files.writeString(copy, "this is no database, and long enough to be looked at as if it were");
    assertNotRestored("no database");
    Files.delete(copy);
    backup();
    change(
        copy,
        "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'alice', 'alicf') AS BLOB)"
            + " WHERE nr = 1");
    assertNotRestored("damaged, in User|alice");
  }

  @Test
  void aCopyWithAnotherServersKeyIsNotRestored() throws Exception {
    backup();
    String other = Bytes.of(new byte[32]).toString();
    change(copy, "UPDATE meta SET value = '" + other + "' WHERE key = 'server-sign-key'");
    assertNotRestored("another server");
  }

  @Test
  void aRestoredFolderHoldsBeforeAServerUsesIt() {
    backup();
    Restore.run(copy, restored, Clock.systemUTC());

    TestCommand audit = TestCommand.run("audit", restored.toString());
    assertEquals(0, audit.status(), audit.said());
  }

  @Test
  void aFolderWhoseRestoreDidNotEndIsNotUsed() {
    backup();
    Restore.run(copy, restored, Clock.systemUTC());
    try (DataFolder half = DataFolder.open(restored)) {
      half.beginFilling();
    }

    var refused = assertThrows(DataFolderException.class, () -> TestServer.start(restored));
    assertTrue(refused.getMessage().contains("did not end"), refused.getMessage());
  }

  @Test
  void commandsSayWhatTheyDidAndWhatPeopleWillSee() {
    TestCommand backup =
        TestCommand.run("admin", "backup", copy.toString(), "--data", data.toString());
    assertEquals(0, backup.status(), backup.said());
    assertTrue(backup.said().contains("1 accounts and groups"), backup.said());
    TestCommand again =
        TestCommand.run("admin", "backup", copy.toString(), "--data", data.toString());
    assertEquals(73, again.status());
    assertTrue(again.said().contains("exists"), again.said());
    TestCommand restore =
        TestCommand.run("admin", "restore", copy.toString(), "--data", restored.toString());
    assertEquals(0, restore.status(), restore.said());
    assertTrue(restore.said().contains("Restored accounts (1) and groups (0)"), restore.said());
    assertTrue(restore.said().contains("What came later is lost here"), restore.said());
  }
}
