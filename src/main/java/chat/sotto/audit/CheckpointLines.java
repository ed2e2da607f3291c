package chat.sotto.audit;

import chat.sotto.journal.HashChain;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a {@link Checkpoint}, one at a time. Each has exactly one form: what is read and
 * written once more is the same bytes, and the digest covers them as they stand there.
 */
final class CheckpointLines {
  private static final String MAGIC = "sotto-checkpoint ";
  private static final String VERSION = "1";
  private static final int LINE_BYTES_MAX = 512;

  private static final String NUMBER = "(0|[1-9][0-9]{0,15})";
  private static final String BASE64URL = "([A-Za-z0-9_-]{1,128})";
  private static final Pattern SERVER = Pattern.compile("server ([!-~]{1,253})");
  private static final Pattern KEY = Pattern.compile("key " + BASE64URL);
  private static final Pattern TIME = Pattern.compile("time " + NUMBER);
  private static final Pattern COUNT = Pattern.compile("entities " + NUMBER);
  private static final Pattern HEAD =
      Pattern.compile("([A-Za-z]{1,16}\\|[a-z0-9._-]{1,64}) " + NUMBER + " ([0-9a-f]{64})");
  private static final Pattern SIGNATURE = Pattern.compile("signature " + BASE64URL);

  private CheckpointLines() {}

  /** What stands before the heads. */
  record Beginning(String serverHost, Bytes serverKey, long time, long count) {}

  private static String textOf(HashChain head) {
    String hash = HexFormat.of().formatHex(head.head().toArray());
    return "%s %d %s".formatted(head.entity(), head.sequenceNr(), hash);
  }

  private static byte[] bytesOf(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Writes them, in the order of its methods. */
  static final class Out {
    private final OutputStream out;
    private final MessageDigest digest = sha256();
    private String last = "";

    Out(OutputStream out) {
      this.out = out;
    }

    void begin(String serverHost, Bytes serverKey, long time, long count) throws IOException {
      out.write(bytesOf(MAGIC + VERSION));
      out.write(bytesOf("server " + serverHost));
      out.write(bytesOf("key " + serverKey));
      out.write(bytesOf("time " + time));
      out.write(bytesOf("entities " + count));
    }

    void head(HashChain head) throws IOException {
      String line = textOf(head);
      if (!HEAD.matcher(line).matches() || head.isEmpty()) {
        throw new IllegalArgumentException("no head of an entity that has events");
      } else if (head.entity().compareTo(last) <= 0) {
        throw new IllegalArgumentException("the heads do not rise");
      }
      last = head.entity();
      byte[] bytes = bytesOf(line);
      digest.update(bytes);
      out.write(bytes);
    }

    /** Of the heads; once. */
    Bytes digest() {
      return Bytes.of(digest.digest());
    }

    void end(Bytes signature) throws IOException {
      out.write(bytesOf("signature " + signature));
      out.flush();
    }
  }

  /** Reads them, in the order of its methods, which throw {@link CheckpointRefusedException}. */
  static final class In {
    private final InputStream in;
    private final MessageDigest digest = sha256();
    private long number;
    private String last = "";

    In(InputStream in) {
      this.in = in;
    }

    Beginning begin() throws IOException {
      String magic = line();
      if (!magic.startsWith(MAGIC)) {
        throw new CheckpointRefusedException("The file is no checkpoint of Sotto.");
      } else if (!magic.equals(MAGIC + VERSION)) {
        throw CheckpointRefusedException.atLine(
            number, "of another version, and this Sotto knows only " + VERSION);
      }
      String serverHost = match(SERVER, line(), "not the server's host").group(1);
      Bytes serverKey = bytes(KEY, Bounds.KEY_BYTES, "not the server's key");
      long time = Long.parseLong(match(TIME, line(), "not a time").group(1));
      if (time > Bounds.TIME_MAX) {
        throw CheckpointRefusedException.atLine(number, "not a time");
      }
      long count = Long.parseLong(match(COUNT, line(), "not the number of entities").group(1));
      if (count > Bounds.NUMBER_MAX) {
        throw CheckpointRefusedException.atLine(number, "not the number of entities");
      }
      return new Beginning(serverHost, serverKey, time, count);
    }

    HashChain head() throws IOException {
      String line = line();
      Matcher parts = match(HEAD, line, "not an entity with its number and hash");
      long sequenceNr = Long.parseLong(parts.group(2));
      if (sequenceNr == 0 || sequenceNr > Bounds.NUMBER_MAX) {
        throw CheckpointRefusedException.atLine(number, "of an entity without events");
      }
      // An entity that could stand there twice, or anywhere, could be overlooked.
      if (parts.group(1).compareTo(last) <= 0) {
        throw CheckpointRefusedException.atLine(number, "not after the one before it, by name");
      }
      last = parts.group(1);
      digest.update(bytesOf(line));
      Bytes hash = Bytes.of(HexFormat.of().parseHex(parts.group(3)));
      return new HashChain(last, sequenceNr, hash);
    }

    /** Of the heads; once. */
    Bytes digest() {
      return Bytes.of(digest.digest());
    }

    /** @return the signature, after which there is nothing */
    Bytes end() throws IOException {
      Bytes signature = bytes(SIGNATURE, Bounds.SIGNATURE_BYTES, "not the signature");
      if (in.read() >= 0) {
        throw CheckpointRefusedException.atLine(number + 1, "too much: the signature is the end");
      }
      return signature;
    }

    private Bytes bytes(Pattern form, int size, String otherwise) throws IOException {
      String text = match(form, line(), otherwise).group(1);
      try {
        return Bounds.size("bytes", Bytes.fromBase64Url(text), size);
      } catch (IllegalArgumentException e) {
        throw CheckpointRefusedException.atLine(number, otherwise);
      }
    }

    private Matcher match(Pattern form, String line, String otherwise) {
      Matcher matcher = form.matcher(line);
      if (!matcher.matches()) {
        throw CheckpointRefusedException.atLine(number, otherwise);
      }
      return matcher;
    }

    /** Without its line feed. Whatever is no ASCII matches no form. */
    private String line() throws IOException {
      number++;
      var bytes = new ByteArrayOutputStream(LINE_BYTES_MAX);
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw CheckpointRefusedException.atLine(number, "cut short: the file ends there");
        } else if (bytes.size() == LINE_BYTES_MAX) {
          throw CheckpointRefusedException.atLine(number, "too long");
        }
        bytes.write(next);
      }
      return bytes.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
