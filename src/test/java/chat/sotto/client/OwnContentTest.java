package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import chat.sotto.crypto.RefusedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Shared vectors of what the vault and sync hold. The browser reads the same file. */
class OwnContentTest {
  private static final Path FILE = Path.of("src/test/resources/vectors/own-content.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> validContentIsReadAndWritten() throws IOException {
    return cases("valid")
        .map(
            node ->
                dynamicTest(
                    node.get("kind").asText(),
                    () -> assertEquals(node.get("becomes").toString(), readAndWritten(node))));
  }

  @TestFactory
  Stream<DynamicTest> otherContentIsRefused() throws IOException {
    return cases("refused")
        .map(
            node ->
                dynamicTest(
                    node.get("why").asText(),
                    () -> assertThrows(RefusedException.class, () -> readAndWritten(node))));
  }

  @Test
  void openVaultHasNoText() throws IOException {
    JsonNode first = cases("valid").findFirst().orElseThrow().get("content");
    String text = Vault.fromJson(first.toString().getBytes(StandardCharsets.UTF_8)).toString();
    assertFalse(text.contains(first.get("accountSeed").asText().substring(0, 8)));
  }

  private static Stream<JsonNode> cases(String verdict) throws IOException {
    JsonNode file = JSON.readTree(Files.readString(FILE));
    return StreamSupport.stream(file.get(verdict).spliterator(), false);
  }

  private static String readAndWritten(JsonNode node) {
    byte[] content = node.get("content").toString().getBytes(StandardCharsets.UTF_8);
    byte[] written =
        node.get("kind").asText().equals("vault")
            ? Vault.fromJson(content).toJson()
            : SyncContent.fromJson(content).toJson();
    return new String(written, StandardCharsets.UTF_8);
  }
}
