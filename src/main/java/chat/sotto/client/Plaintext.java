package chat.sotto.client;

import chat.sotto.crypto.Padding;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A message before it is sealed and after it was opened (docs/protocol.md §7.4).
 *
 * @param senderListVersion version of the sender's own device list
 * @param recipientListVersion version of the recipient's list that the sender used
 * @param sentAt by the sender's clock, milliseconds since 1970
 */
record Plaintext(
    String conversation,
    long senderListVersion,
    long recipientListVersion,
    long sentAt,
    ContentJson content) {
  private static final int VERSION = 1;

  private record Json(
      int version,
      String type,
      String conversation,
      long senderListVersion,
      long recipientListVersion,
      long sentAt,
      ObjectNode content) {}

  /** The conversation of two people: their names in byte order. */
  static String conversation(UserName one, UserName other) {
    return one.compareTo(other) < 0 ? one + "+" + other : other + "+" + one;
  }

  /**
   * With whom the conversation is that an own device names; the own name if it is about nobody.
   *
   * @return empty for a conversation that the own user is not in, or that of a group
   */
  static Optional<UserName> otherOf(UserName own, String conversation) {
    int plus = conversation.indexOf('+');
    if (plus < 0) {
      return Optional.empty();
    }
    String one = conversation.substring(0, plus);
    String two = conversation.substring(plus + 1);
    String other = one.equals(own.value()) ? two : one;
    boolean isOurs =
        UserName.isValid(other)
            && conversation.equals(conversation(own, new UserName(other)));
    return isOurs ? Optional.of(new UserName(other)) : Optional.empty();
  }

  byte[] toPaddedBytes() {
    var json =
        new Json(
            VERSION,
            content.type(),
            conversation,
            senderListVersion,
            recipientListVersion,
            sentAt,
            content.content());
    return Padding.pad(StrictJson.encode(json, Json.class));
  }

  /**
   * Reads what {@link #toPaddedBytes} made.
   *
   * @return empty for another version, of which nothing more is known
   * @throws CannotOpen if the padding or the JSON is not of this version's form
   */
  static Optional<Plaintext> fromPaddedBytes(byte[] padded) throws CannotOpen {
    try {
      byte[] bytes = Padding.unpad(padded);
      JsonNode version = StrictJson.decode(bytes, ObjectNode.class).path("version");
      if (version.isIntegralNumber() && version.longValue() != VERSION) {
        return Optional.empty();
      }
      Json json = StrictJson.decode(bytes, Json.class);
      return Optional.of(
          new Plaintext(
              json.conversation,
              json.senderListVersion,
              json.recipientListVersion,
              json.sentAt,
              new ContentJson(json.type, json.content)));
    } catch (JsonRefused | RefusedException e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  @Override
  public String toString() {
    return "Plaintext[***]";
  }
}
