package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The key that a text brings, for saying that its sender is writing (docs/protocol.md §7.10). It is
 * no part of what is said, and kept in no line.
 */
record TypingKeyJson(Secret typingKey) {
  private static final String FIELD = "typingKey";

  TypingKeyJson {
    Bounds.size(FIELD, Bytes.of(typingKey.toArray()), Bounds.KEY_BYTES);
  }

  /** @throws JsonRefused if there is something else in its place */
  static Optional<Secret> of(ContentJson said) throws JsonRefused {
    if (!isBroughtBy(said)) {
      return Optional.empty();
    }
    ObjectNode alone = said.content().deepCopy().retain(FIELD);
    byte[] json = StrictJson.encode(alone, ObjectNode.class);
    return Optional.of(StrictJson.decode(json, TypingKeyJson.class).typingKey());
  }

  /** @throws JsonRefused as {@link #of} */
  static ContentJson without(ContentJson said) throws JsonRefused {
    if (of(said).isEmpty()) {
      return said;
    }
    ObjectNode rest = said.content().deepCopy();
    rest.remove(FIELD);
    return new ContentJson(said.type(), rest);
  }

  static ContentJson with(ContentJson text, Secret key) {
    try {
      byte[] json = StrictJson.encode(new TypingKeyJson(key), TypingKeyJson.class);
      ObjectNode all = text.content().deepCopy();
      all.setAll(StrictJson.decode(json, ObjectNode.class));
      return new ContentJson(text.type(), all);
    } catch (JsonRefused e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  private static boolean isBroughtBy(ContentJson said) {
    return said.type().equals(Content.Text.TYPE) && said.content().has(FIELD);
  }
}
