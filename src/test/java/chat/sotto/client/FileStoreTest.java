package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
  private record Note(String text) {}

  private record OtherNote(int number) {}

  private static final Table<Note> NOTES = new Table<>("note", Note.class);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("store");
  }

  private static void put(ClientStore store, String key, String text) {
    store.transaction(
        rows -> {
          rows.put(NOTES, key, new Note(text));
          return null;
        });
  }

  private static Optional<Note> get(ClientStore store, String key) {
    return store.transaction(rows -> rows.get(NOTES, key));
  }

  @Test
  void keepsWhatWasWrittenWhenItIsOpenedAgain() {
    try (var store = new FileStore(file())) {
      put(store, "a", "one");
      put(store, "a", "two");
      put(store, "b", "three");
      store.transaction(
          rows -> {
            rows.delete(NOTES, "b");
            rows.delete(NOTES, "never there");
            return null;
          });
    }
    try (var store = new FileStore(file())) {
      assertEquals(Optional.of(new Note("two")), get(store, "a"));
      assertEquals(Optional.empty(), get(store, "b"));
    }
  }

  @Test
  void failedTransactionLeavesNothing() {
    try (var store = new FileStore(file())) {
      put(store, "a", "one");
      assertThrows(
          IllegalStateException.class,
          () ->
              store.transaction(
                  rows -> {
                    rows.put(NOTES, "a", new Note("two"));
                    rows.put(NOTES, "b", new Note("three"));
                    throw new IllegalStateException("in the middle");
                  }));
      assertEquals(Optional.of(new Note("one")), get(store, "a"));
      assertEquals(Optional.empty(), get(store, "b"));
    }
  }

  @Test
  void listsByPrefixInOrderAfterAKey() {
    try (var store = new FileStore(file())) {
      for (String key : List.of("bob/2", "bob/1", "bob/3", "bobby/1", "alice/1", "bob")) {
        put(store, key, key);
      }
      assertEquals(List.of("bob/1", "bob/2", "bob/3"), keys(store, "bob/", "", 9));
      assertEquals(List.of("bob/2"), keys(store, "bob/", "bob/1", 1));
      assertEquals(List.of(), keys(store, "bob/", "bob/3", 9));
      assertEquals(6, keys(store, "", "", 9).size());
    }
  }

  private static List<String> keys(ClientStore store, String prefix, String after, int max) {
    return store.transaction(
        rows -> rows.list(NOTES, prefix, after, max).stream().map(Rows.Row::key).toList());
  }

  @Test
  void isPrivateEvenIfTheFileWasNot() throws Exception {
    Files.createFile(file());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));
    try (var store = new FileStore(file())) {
      put(store, "a", "one");
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
      assertEquals("rw-------", mode);
    }
  }

  @Test
  void isUsedByOneAtATime() {
    try (var store = new FileStore(file())) {
      put(store, "a", "one");
      assertThrows(StoreException.class, () -> new FileStore(file()));
      put(store, "a", "two");
    }
  }

  @Test
  void newerFormatIsRefused() throws Exception {
    new FileStore(file()).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 2");
    }
    var refused = assertThrows(StoreException.class, () -> new FileStore(file()));
    assertEquals(true, refused.getMessage().contains("newer version"));
  }

  @Test
  void rowOfAnotherFormIsRefused() {
    try (var store = new FileStore(file())) {
      store.transaction(
          rows -> {
            rows.put(new Table<>("note", OtherNote.class), "a", new OtherNote(7));
            return null;
          });
      assertThrows(StoreException.class, () -> get(store, "a"));
    }
  }

  @Test
  void fileThatIsNoStoreIsRefused() throws Exception {
    Files.writeString(file(), "this is not a database, whatever it may look like to you");
    assertThrows(StoreException.class, () -> new FileStore(file()));
  }
}
