package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one device says to another, end to end (docs/protocol.md §7.4). */
public sealed interface Content {
  /** The name of the type in the plaintext. */
  String type();

  /**
   * Shown once. 1 to 65,536 bytes of UTF-8, of control characters only tab, line feed and return.
   */
  record Text(String text) implements Content {
    public static final String TYPE = "text";

    public Text {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new IllegalArgumentException("text has an unpaired surrogate");
      }
      if (text.chars().anyMatch(Text::isRefusedControl)) {
        throw new IllegalArgumentException("text has control characters");
      }
      int size = text.getBytes(StandardCharsets.UTF_8).length;
      Bounds.within("text's bytes", size, 1, Limits.DEFAULT.textBytesMax());
    }

    @Override
    public String type() {
      return TYPE;
    }

    private static boolean isRefusedControl(int character) {
      return character < ' ' && "\t\n\r".indexOf(character) < 0;
    }

    @Override
    public String toString() {
      return "Text[***]";
    }
  }

  /** The answer to an opening: the opener first, then who confirms. */
  record Confirm(List<UserName> users) implements Content {
    public static final String TYPE = "confirm";

    public Confirm {
      users = Bounds.count("users", users, 2, 2);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** The sender's device has stored these messages. Never answered. */
  record Receipt(List<Bytes> delivered) implements Content {
    public static final String TYPE = "receipt";
    public static final int DELIVERED_MAX = 256;

    public Receipt {
      delivered = Bounds.count("delivered", delivered, 1, DELIVERED_MAX);
      delivered.forEach(id -> Bounds.size("delivered", id, Bounds.MESSAGE_ID_BYTES));
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * Says which messages could not be opened: send them again, under the same ids. Only in the
   * message that opens a session in the place of others.
   */
  record Repair(List<Bytes> lost) implements Content {
    public static final String TYPE = "repair";
    public static final int LOST_MAX = 256;

    public Repair {
      lost = Bounds.count("lost", lost, 0, LOST_MAX);
      lost.forEach(id -> Bounds.size("lost", id, Bounds.MESSAGE_ID_BYTES));
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** A copy for a device that the message does not concern. Shown nowhere. */
  record None() implements Content {
    public static final String TYPE = "none";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** The sender has read everything that the recipient wrote up to that message. Never answered. */
  record Seen(Bytes upTo) implements Content {
    public static final String TYPE = "seen";

    public Seen {
      Bounds.size("upTo", upTo, Bounds.MESSAGE_ID_BYTES);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** From an own device: everything up to that message was read. */
  record Read(Bytes upTo) implements Content {
    public static final String TYPE = "read";

    public Read {
      Bounds.size("upTo", upTo, Bounds.MESSAGE_ID_BYTES);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** From an own device: a new key that the own devices share. */
  record OwnKey(long id, Secret key, long listVersion) implements Content {
    public static final String TYPE = "own-key";

    public OwnKey {
      Bounds.within("id", id, 1, Vault.OWN_KEYS_MAX);
      Bounds.size("key", Bytes.of(key.toArray()), Bounds.KEY_BYTES);
      Bounds.atLeast("listVersion", listVersion, 1);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** A type that this version does not know: shown as needing a newer one. */
  record Unsupported(String type) implements Content {}
}
