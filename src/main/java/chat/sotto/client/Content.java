package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What one device says to another, end to end (docs/protocol.md §7.4). */
public sealed interface Content {
  /** Of two changes of one thing, the one with the higher number counts. */
  long NR_MAX = 1L << 31;

  /** What people say and change: it is sent again to whoever could not open it. */
  Set<String> SAID =
      Set.of(Text.TYPE, File.TYPE, Reaction.TYPE, Edit.TYPE, Delete.TYPE, Timer.TYPE);

  /** The name of the type in the plaintext. */
  String type();

  /** What stands in a conversation as a line. */
  sealed interface Line extends Content {
    /** What it answers. */
    Optional<MessageRef> replyTo();

    /** The text, or what is said with a file; empty if nothing is. */
    String words();

    /** So many seconds after it was read it disappears (docs/protocol.md §7.9). */
    Optional<Long> disappearAfter();

    /** The same, which disappears after that time or stays. */
    Line disappearing(Optional<Long> seconds);
  }

  /**
   * Shown once. 1 to 65,536 bytes of UTF-8, of control characters only tab, line feed and return.
   */
  record Text(String text, Optional<MessageRef> replyTo, Optional<Long> disappearAfter)
      implements Line {
    public static final String TYPE = "text";

    public Text {
      checkText(text);
      disappearAfter.ifPresent(Content::checkSeconds);
    }

    public Text(String text) {
      this(text, Optional.empty());
    }

    public Text(String text, Optional<MessageRef> replyTo) {
      this(text, replyTo, Optional.empty());
    }

    @Override
    public Text disappearing(Optional<Long> seconds) {
      return new Text(text, replyTo, seconds);
    }

    @Override
    public String words() {
      return text;
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public String toString() {
      return "Text[***]";
    }
  }

  private static void checkText(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("text has an unpaired surrogate");
    }
    if (text.chars().anyMatch(Content::isRefusedControl)) {
      throw new IllegalArgumentException("text has control characters");
    }
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    Bounds.within("text's bytes", size, 1, Limits.DEFAULT.textBytesMax());
  }

  private static void checkSeconds(long seconds) {
    Bounds.within("seconds", seconds, Timer.SECONDS_MIN, Timer.SECONDS_MAX);
  }

  private static boolean isRefusedControl(int character) {
    return character < ' ' && "\t\n\r".indexOf(character) < 0;
  }

  /**
   * A file, which lies encrypted at the server (docs/protocol.md §7.6).
   *
   * @param file names the ciphertext there
   * @param digest of the ciphertext
   * @param size of the file itself
   * @param name a hint of the sender, as is the media type
   * @param text said with it
   * @param keptUntil until when the server said that it keeps it at least, if its sender knew
   */
  record File(
      Bytes file,
      Secret key,
      Bytes digest,
      long size,
      String name,
      String mediaType,
      Optional<String> text,
      Optional<MessageRef> replyTo,
      Optional<Preview> preview,
      Optional<Long> disappearAfter,
      Optional<Long> keptUntil)
      implements Line {
    public static final String TYPE = "file";
    private static final int NAME_CHARACTERS_MAX = 255;
    private static final int MEDIA_TYPE_LENGTH_MAX = 127;
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[\\p{Cc}/\\\\]|^\\.\\.?\\z");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[!-.0-~]+/[!-.0-~]+");

    public File {
      Bounds.size("file", file, Limits.FILE_ID_BYTES);
      Bounds.size("key", Bytes.of(key.toArray()), Bounds.KEY_BYTES);
      Bounds.size("digest", digest, Bounds.HASH_BYTES);
      Bounds.atLeast("size", size, 1);
      Bounds.within(
          "name's characters", name.codePointCount(0, name.length()), 1, NAME_CHARACTERS_MAX);
      Bounds.length("mediaType", mediaType, 1, MEDIA_TYPE_LENGTH_MAX);
      if (NOT_IN_NAMES.matcher(name).find() || !MEDIA_TYPE.matcher(mediaType).matches()) {
        throw new IllegalArgumentException("not a name or media type of a file");
      }
      text.ifPresent(Content::checkText);
      disappearAfter.ifPresent(Content::checkSeconds);
      keptUntil.ifPresent(time -> Bounds.time("keptUntil", time));
    }

    @Override
    public File disappearing(Optional<Long> seconds) {
      return new File(
          file, key, digest, size, name, mediaType, text, replyTo, preview, seconds, keptUntil);
    }

    @Override
    public String words() {
      return text.orElse("");
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public String toString() {
      return "File[***]";
    }
  }

  /** @param width of the image itself, as is the height */
  record Preview(int width, int height, Bytes jpeg) {
    private static final int SIDE_MAX = 65_535;
    private static final int BYTES_MAX = 16_384;

    public Preview {
      Bounds.within("width", width, 1, SIDE_MAX);
      Bounds.within("height", height, 1, SIDE_MAX);
      Bounds.size("jpeg", jpeg, 1, BYTES_MAX);
    }
  }

  /**
   * Changes how a message is shown (docs/protocol.md §7.7), or what becomes of those that follow, and
   * is none itself.
   */
  sealed interface Change extends Content {}

  /** @param emoji none any more if absent */
  record Reaction(MessageRef to, long nr, Optional<String> emoji) implements Change {
    public static final String TYPE = "reaction";
    private static final int BYTES_MAX = 32;
    private static final Pattern NOT_IN_EMOJI = Pattern.compile("[\\p{Cc}\\p{IsWhite_Space}]");

    public Reaction {
      Bounds.within("nr", nr, 1, NR_MAX);
      emoji.ifPresent(Reaction::check);
    }

    private static void check(String emoji) {
      int size = emoji.getBytes(StandardCharsets.UTF_8).length;
      Bounds.within("emoji's bytes", size, 1, BYTES_MAX);
      if (NOT_IN_EMOJI.matcher(emoji).find()
          || !StandardCharsets.UTF_8.newEncoder().canEncode(emoji)) {
        throw new IllegalArgumentException("not an emoji");
      }
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public String toString() {
      return "Reaction[***]";
    }
  }

  /** @param message a text of the sender */
  record Edit(Bytes message, long nr, String text) implements Change {
    public static final String TYPE = "edit";

    public Edit {
      Bounds.size("message", message, Bounds.MESSAGE_ID_BYTES);
      Bounds.within("nr", nr, 1, NR_MAX);
      checkText(text);
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public String toString() {
      return "Edit[***]";
    }
  }

  /** @param message a text or file of the sender */
  record Delete(Bytes message) implements Change {
    public static final String TYPE = "delete";

    public Delete {
      Bounds.size("message", message, Bounds.MESSAGE_ID_BYTES);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** After how many seconds what is written from now on disappears (docs/protocol.md §7.9). */
  record Timer(long seconds, long nr) implements Change {
    public static final String TYPE = "timer";
    static final long NEVER = 0;
    static final long SECONDS_MIN = 5;
    static final long SECONDS_MAX = 31_536_000;

    public Timer {
      if (seconds != NEVER) {
        checkSeconds(seconds);
      }
      Bounds.within("nr", nr, 1, NR_MAX);
    }

    @Override
    public String type() {
      return TYPE;
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
