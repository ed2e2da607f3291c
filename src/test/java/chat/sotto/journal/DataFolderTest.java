package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
  @TempDir Path parent;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = parent.resolve("deep").resolve("data");
  }

  @Test
  void makesAFolderForItsOwnerOnly() throws IOException {
    try (var folder = DataFolder.open(path)) {
      assertEquals(path, folder.path());
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      assertEquals("1\n", Files.readString(path.resolve("format")));
    }
  }

  @Test
  void refusesAFolderThatAnotherServerHolds() {
    var holder = DataFolder.open(path);

    var refusal = assertThrows(DataFolderException.class, () -> DataFolder.open(path));

    assertTrue(refusal.getMessage().startsWith("Another server uses the data folder"));
    holder.close();
    DataFolder.open(path).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "999999999"})
  void refusesANewerFormatAndLetsGoOfTheFolder(String format) throws IOException {
    DataFolder.open(path).close();
    Files.writeString(path.resolve("format"), format);

    var refusal = assertThrows(DataFolderException.class, () -> DataFolder.open(path));

    assertEquals(
        "The data in %s has format %s, and this Sotto knows only 1: start a newer Sotto."
            .formatted(path, format),
        refusal.getMessage());
    Files.writeString(path.resolve("format"), "1");
    DataFolder.open(path).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "one", "9999999999"})
  void refusesAFormatThatIsNoNumber(String format) throws IOException {
    DataFolder.open(path).close();
    Files.writeString(path.resolve("format"), format);

    assertThrows(DataFolderException.class, () -> DataFolder.open(path));
  }

  @Test
  void saysWhyAFolderCannotBeMade() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));

    var refusal =
        assertThrows(DataFolderException.class, () -> DataFolder.open(file.resolve("data")));

    assertTrue(refusal.getMessage().contains("cannot be used"), refusal.getMessage());
  }

  @Test
  void replacesASecretAndKeepsItFromOthers() throws IOException {
    try (var folder = DataFolder.open(path)) {
      assertEquals(Optional.empty(), folder.readSecret("sign-key"));
      folder.writeSecret("sign-key", bytes("old"));
      Files.writeString(path.resolve("sign-key.new"), "left by a crash");
      folder.writeSecret("sign-key", bytes("new"));

      assertArrayEquals(bytes("new"), folder.readSecret("sign-key").orElseThrow());
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("sign-key"))));
      assertFalse(Files.exists(path.resolve("sign-key.new")));
      assertTrue(folder.deleteSecret("sign-key"));
      assertFalse(folder.deleteSecret("sign-key"));
      assertEquals(Optional.empty(), folder.readSecret("sign-key"));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
