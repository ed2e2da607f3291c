package chat.sotto.crypto;

import static chat.sotto.crypto.VectorCases.hex;

import chat.sotto.model.Bytes;
import chat.sotto.protocol.FrameException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Shared vectors of logs after a restore. The browser reads the same file. */
class RestoredVectorsTest {
  @TestFactory
  Stream<DynamicTest> restored() throws IOException {
    return VectorCases.verdicts("restored", this::holds);
  }

  private boolean holds(JsonNode node) {
    return node.get("kind").asText().equals("membership")
        ? GroupVectorsTest.membershipHolds(node)
        : entryHolds(node);
  }

  private static boolean entryHolds(JsonNode node) {
    try {
      return RestoredVectors.entry(node.get("entry"))
          .verify(Bytes.of(hex(node, "serverKey")), node.get("serverHost").asText());
    } catch (FrameException e) {
      return false;
    }
  }
}
