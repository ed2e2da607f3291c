package chat.sotto.client;

import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** A content as JSON names and carries it. */
record ContentJson(String type, ObjectNode content) {

  static ContentJson of(Content content) {
    if (content instanceof Content.Text text) {
      return of(text, Content.Text.class);
    } else if (content instanceof Content.File file) {
      return of(file, Content.File.class);
    } else if (content instanceof Content.Reaction reaction) {
      return of(reaction, Content.Reaction.class);
    } else if (content instanceof Content.Edit edit) {
      return of(edit, Content.Edit.class);
    } else if (content instanceof Content.Delete delete) {
      return of(delete, Content.Delete.class);
    } else if (content instanceof Content.Timer timer) {
      return of(timer, Content.Timer.class);
    } else if (content instanceof Content.Confirm confirm) {
      return of(confirm, Content.Confirm.class);
    } else if (content instanceof Content.Receipt receipt) {
      return of(receipt, Content.Receipt.class);
    } else if (content instanceof Content.Seen seen) {
      return of(seen, Content.Seen.class);
    } else if (content instanceof Content.Repair repair) {
      return of(repair, Content.Repair.class);
    } else if (content instanceof Content.None none) {
      return of(none, Content.None.class);
    } else if (content instanceof Content.Read read) {
      return of(read, Content.Read.class);
    } else if (content instanceof Content.OwnKey key) {
      return of(key, Content.OwnKey.class);
    }
    throw new IllegalArgumentException("a type of another version cannot be written");
  }

  /** @throws JsonRefused if the content is not what its type says */
  Content toContent() throws JsonRefused {
    return switch (type) {
      case Content.Text.TYPE -> TypingKeyJson.without(this).decode(Content.Text.class);
      case Content.File.TYPE -> decode(Content.File.class);
      case Content.Reaction.TYPE -> decode(Content.Reaction.class);
      case Content.Edit.TYPE -> decode(Content.Edit.class);
      case Content.Delete.TYPE -> decode(Content.Delete.class);
      case Content.Timer.TYPE -> decode(Content.Timer.class);
      case Content.Confirm.TYPE -> decode(Content.Confirm.class);
      case Content.Receipt.TYPE -> decode(Content.Receipt.class);
      case Content.Seen.TYPE -> decode(Content.Seen.class);
      case Content.Repair.TYPE -> decode(Content.Repair.class);
      case Content.None.TYPE -> decode(Content.None.class);
      case Content.Read.TYPE -> decode(Content.Read.class);
      case Content.OwnKey.TYPE -> decode(Content.OwnKey.class);
      default -> new Content.Unsupported(type);
    };
  }

  /** What a row has to hold beside the words; nothing of a text that has no more than these. */
  static Optional<ContentJson> besideWords(Content content) {
    boolean isWordsAlone =
        content instanceof Content.Text text && text.equals(new Content.Text(text.text()));
    return isWordsAlone ? Optional.empty() : Optional.of(of(content));
  }

  static String words(Content content) {
    return content instanceof Content.Line line ? line.words() : "";
  }

  /** What a row holds: {@link #words} and {@link #besideWords}. Empty if nothing is left of it. */
  static Optional<Content> read(String words, Optional<ContentJson> beside) {
    if (beside.isEmpty() && words.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(beside.map(ContentJson::stored).orElseGet(() -> new Content.Text(words)));
  }

  private Content stored() {
    try {
      return toContent();
    } catch (JsonRefused e) {
      throw new StoreException("what was stored cannot be read: " + e.getMessage());
    }
  }

  /** Whether somebody says or changes something with it. */
  boolean says() {
    return Content.SAID.contains(type);
  }

  private static <T extends Content> ContentJson of(T content, Class<T> type) {
    try {
      byte[] json = StrictJson.encode(content, type);
      return new ContentJson(content.type(), StrictJson.decode(json, ObjectNode.class));
    } catch (JsonRefused e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  private <T> T decode(Class<T> type) throws JsonRefused {
    return StrictJson.decode(StrictJson.encode(content, ObjectNode.class), type);
  }

  @Override
  public String toString() {
    return "ContentJson[type=" + type + "]";
  }
}
