package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;

/** Reads the vector files: see the README beside them. */
final class VectorCases {
  private static final ObjectMapper JSON = new ObjectMapper();

  private VectorCases() {}

  /** The valid cases hold; the refused ones give false or are refused. */
  static Stream<DynamicTest> verdicts(String file, Predicate<JsonNode> holds)
      throws IOException {
    Stream<DynamicTest> valid =
        cases(file, "valid").map(node -> dynamicTest("valid", () -> assertTrue(holds.test(node))));
    return Stream.concat(valid, refusedWith(file, node -> assertFalse(heldOrRefused(holds, node))));
  }

  static boolean heldOrRefused(Predicate<JsonNode> holds, JsonNode node) {
    try {
      return holds.test(node);
    } catch (RefusedException e) {
      return false;
    }
  }

  interface Check {
    void on(JsonNode node);
  }

  static Stream<DynamicTest> refusedWith(String file, Check check) throws IOException {
    List<JsonNode> nodes = cases(file, "refused").toList();
    assertNotEquals(0, nodes.size(), file + " has refused cases");
    return nodes.stream()
        .map(node -> dynamicTest("refused: " + node.get("why").asText(), () -> check.on(node)));
  }

  static Stream<JsonNode> cases(String file, String verdict) throws IOException {
    Path path = VectorFiles.FOLDER.resolve(file + ".json");
    return stream(JSON.readTree(Files.readString(path, StandardCharsets.UTF_8)).get(verdict));
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static List<Object> items(JsonNode array) {
    List<Object> items = new ArrayList<>();
    for (JsonNode item : array) {
      if (item.isNull()) {
        items.add(null);
      } else if (item.has("text")) {
        items.add(item.get("text").asText());
      } else if (item.has("integer")) {
        items.add(item.get("integer").asLong());
      } else if (item.has("bytes")) {
        items.add(hex(item, "bytes"));
      } else {
        items.add(items(item.get("list")));
      }
    }
    return items;
  }

  static <T> T as(JsonNode node, Class<T> type) {
    return JSON.convertValue(node, type);
  }

  static byte[] hex(JsonNode node, String field) {
    return bytes(node.get(field));
  }

  static byte[] bytes(JsonNode node) {
    return HexFormat.of().parseHex(node.asText());
  }
}
