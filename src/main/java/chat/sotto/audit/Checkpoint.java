package chat.sotto.audit;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Labels;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * The server's signed word on how far every entity had come at one moment (docs/audit.md §5). Kept
 * by somebody else it proves later that history was only appended to. The heads themselves are only
 * streamed: there may be more of them than fit into memory.
 *
 * @param serverKey the server's public sign key
 * @param time of that moment, milliseconds since 1970
 * @param count of the entities
 * @param digest SHA-256 of their lines
 * @param signature of the server, 64 bytes
 */
public record Checkpoint(
    String serverHost, Bytes serverKey, long time, long count, Bytes digest, Bytes signature) {
  public Checkpoint {
    Bounds.length("serverHost", serverHost, 1, 253);
    Bounds.size("serverKey", serverKey, Bounds.KEY_BYTES);
    Bounds.time("time", time);
    Bounds.atLeast("count", count, 0);
    Bounds.size("digest", digest, Bounds.HASH_BYTES);
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
  }

  /**
   * Writes that of the moment in which a journal was opened. What the journal says is not checked:
   * that is for {@link Audit}.
   *
   * @param time of that moment, milliseconds since 1970
   * @throws IllegalArgumentException if the journal has entities that no server makes
   */
  public static void write(
      OutputStream out,
      Ed25519.SigningKey serverKey,
      String serverHost,
      long time,
      JournalFile journal)
      throws IOException {
    write(out, serverKey, serverHost, time, new JournalHeads(journal), journal.headCount());
  }

  /**
   * Writes the checkpoint of a moment, and nothing more once a rule is broken.
   *
   * @param heads of all entities that have events, rising by the bytes of their names
   * @param count how many there are
   * @throws IllegalArgumentException if they are not that many, do not rise, or have no such form
   */
  static void write(
      OutputStream out,
      Ed25519.SigningKey serverKey,
      String serverHost,
      long time,
      Iterator<HashChain> heads,
      long count)
      throws IOException {
    Bytes publicKey = Bytes.of(serverKey.publicKey());
    var lines = new CheckpointLines.Out(out);
    lines.begin(serverHost, publicKey, time, count);
    for (long written = 0; written < count; written++) {
      if (!heads.hasNext()) {
        throw new IllegalArgumentException("there are fewer heads than " + count);
      }
      lines.head(heads.next());
    }
    if (heads.hasNext()) {
      throw new IllegalArgumentException("there are more heads than " + count);
    }
    Object[] signed = signedItems(serverHost, time, count, lines.digest());
    lines.end(Bytes.of(Ed25519.sign(serverKey, Labels.CHECKPOINT, signed)));
  }

  /**
   * Reads a checkpoint to its end.
   *
   * @param heads is given each head, in order; not to be believed before this returns and the
   *     signature is verified
   * @throws CheckpointRefusedException for everything that {@link #write} would not have written
   */
  public static Checkpoint read(InputStream in, Consumer<HashChain> heads) throws IOException {
    var lines = new CheckpointLines.In(in);
    CheckpointLines.Beginning beginning = lines.begin();
    for (long read = 0; read < beginning.count(); read++) {
      heads.accept(lines.head());
    }
    Bytes digest = lines.digest();
    return new Checkpoint(
        beginning.serverHost(),
        beginning.serverKey(),
        beginning.time(),
        beginning.count(),
        digest,
        lines.end());
  }

  /** Whether the key that it names signed it. Says nothing of whose key that is. */
  public boolean isSigned() {
    return Ed25519.verify(
        serverKey.toArray(),
        signature.toArray(),
        Labels.CHECKPOINT,
        signedItems(serverHost, time, count, digest));
  }

  private static Object[] signedItems(String serverHost, long time, long count, Bytes digest) {
    return new Object[] {serverHost, time, count, digest.toArray()};
  }
}
