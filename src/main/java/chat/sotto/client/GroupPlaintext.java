package chat.sotto.client;

import chat.sotto.crypto.Padding;
import chat.sotto.crypto.RefusedException;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A post before it is sealed and after it was opened (docs/protocol.md §9.5).
 *
 * @param conversation the group's id
 * @param sentAt by the sender's clock, milliseconds since 1970
 */
record GroupPlaintext(String conversation, long sentAt, ContentJson content) {
  private static final int VERSION = 1;

  private record Json(
      int version, String type, String conversation, long sentAt, ObjectNode content) {}

  byte[] toPaddedBytes() {
    var json = new Json(VERSION, content.type(), conversation, sentAt, content.content());
    return Padding.pad(StrictJson.encode(json, Json.class));
  }

  /**
   * Reads what {@link #toPaddedBytes} made.
   *
   * @return empty for another version, of which nothing more is known
   * @throws CannotOpen if the padding or the JSON is not of this version's form
   */
  static Optional<GroupPlaintext> fromPaddedBytes(byte[] padded) throws CannotOpen {
    try {
      byte[] bytes = Padding.unpad(padded);
      JsonNode version = StrictJson.decode(bytes, ObjectNode.class).path("version");
      if (version.isIntegralNumber() && version.longValue() != VERSION) {
        return Optional.empty();
      }
      Json json = StrictJson.decode(bytes, Json.class);
      return Optional.of(
          new GroupPlaintext(
              json.conversation, json.sentAt, new ContentJson(json.type, json.content)));
    } catch (JsonRefused | RefusedException e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  @Override
  public String toString() {
    return "GroupPlaintext[***]";
  }
}
