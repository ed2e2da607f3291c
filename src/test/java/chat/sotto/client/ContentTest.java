package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import chat.sotto.crypto.Padding;
import chat.sotto.protocol.JsonRefused;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the browser's client reads and writes, this one reads and writes. */
class ContentTest {
  private static final Path FILE = Path.of("src/test/resources/vectors/content.json");

  /** Refused by whoever knows where a content came from. */
  private static final Set<String> OF_THE_PLACE =
      Set.of(
          "another conversation",
          "another group",
          "an own copy about no conversation",
          "an own copy about a group",
          "an own copy about others",
          "a receipt in a group",
          "what only own devices say",
          "a receipt among own devices");

  @TestFactory
  Stream<DynamicTest> whatIsSaidIsReadAndWrittenAgain() throws IOException {
    return cases("valid")
        .map(
            node ->
                dynamicTest(
                    node.get("in").textValue() + " " + node.get("type").textValue(),
                    () -> assertRead(node)));
  }

  private static void assertRead(JsonNode node) throws Exception {
    String written = text(node);
    if (node.get("type").textValue().equals("unsupported")) {
      assertEquals("unsupported", readAndWritten(node));
    } else {
      assertEquals(written, readAndWritten(node));
    }
  }

  @TestFactory
  Stream<DynamicTest> malformedContentIsRefused() throws IOException {
    return cases("refused")
        .filter(node -> !OF_THE_PLACE.contains(node.get("why").textValue()))
        .map(
            node ->
                dynamicTest(
                    node.get("why").textValue(),
                    () -> assertThrows(CannotOpen.class, () -> readAndWritten(node))));
  }

  private static String readAndWritten(JsonNode node) throws CannotOpen {
    byte[] padded = Padding.pad(text(node).getBytes(StandardCharsets.UTF_8));
    if (node.get("in").textValue().equals("group")) {
      var plaintext = GroupPlaintext.fromPaddedBytes(padded);
      if (plaintext.isEmpty() || isUnsupported(plaintext.get().content())) {
        return "unsupported";
      }
      GroupPlaintext read = plaintext.get();
      return unpadded(
          new GroupPlaintext(read.conversation(), read.sentAt(), again(read.content()))
              .toPaddedBytes());
    }
    var plaintext = Plaintext.fromPaddedBytes(padded);
    if (plaintext.isEmpty() || isUnsupported(plaintext.get().content())) {
      return "unsupported";
    }
    Plaintext read = plaintext.get();
    return unpadded(
        new Plaintext(
                read.conversation(),
                read.senderListVersion(),
                read.recipientListVersion(),
                read.sentAt(),
                again(read.content()))
            .toPaddedBytes());
  }

  private static boolean isUnsupported(ContentJson content) throws CannotOpen {
    return content(content) instanceof Content.Unsupported;
  }

  private static ContentJson again(ContentJson content) throws CannotOpen {
    ContentJson said = ContentJson.of(content(content));
    try {
      return TypingKeyJson.of(content)
          .map(key -> TypingKeyJson.with(said, key))
          .orElse(said);
    } catch (JsonRefused e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  private static Content content(ContentJson json) throws CannotOpen {
    try {
      return json.toContent();
    } catch (JsonRefused e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  private static String unpadded(byte[] padded) {
    return new String(Padding.unpad(padded), StandardCharsets.UTF_8);
  }

  private static String text(JsonNode node) {
    String text = node.get("plaintext").textValue();
    JsonNode repeat = node.path("repeat");
    return repeat.isMissingNode()
        ? text
        : text.replace(
            "§", repeat.get("of").textValue().repeat(repeat.get("times").intValue()));
  }

  private static Stream<JsonNode> cases(String verdict) throws IOException {
    JsonNode file = new ObjectMapper().readTree(Files.readString(FILE));
    return StreamSupport.stream(file.get(verdict).spliterator(), false);
  }
}
