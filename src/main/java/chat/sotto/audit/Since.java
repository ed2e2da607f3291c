package chat.sotto.audit;

import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.journal.DataFolder;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Whether a journal still holds everything that a checkpoint names (docs/audit.md §5). Both lists
 * rise by name, so they are walked side by side and neither is kept. Hashes are those that stand in
 * the file: that they are right is for the audit to say.
 */
public final class Since {
  private final Source source;
  private final Checkpoint checkpoint;
  private final JournalFile journal;
  private final Optional<Bytes> key;
  private final JournalHeads heads;
  private final Findings findings = new Findings();
  private Optional<HashChain> head = Optional.empty();

  /** The file of a checkpoint, which is read twice: nothing is compared before it is verified. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  private Since(
      Source source, Checkpoint checkpoint, JournalFile journal, Optional<Bytes> key) {
    this.source = source;
    this.checkpoint = checkpoint;
    this.journal = journal;
    this.key = key;
    heads = new JournalHeads(journal);
  }

  /**
   * Reads a checkpoint to its end, before the long work of an audit.
   *
   * @param key the server's public sign key, if it is known from elsewhere
   * @throws CheckpointRefusedException if it is no checkpoint, or the key that it names has not
   *     signed it
   */
  public static Since read(JournalFile journal, Optional<Bytes> key, Source source)
      throws IOException {
    Checkpoint checkpoint;
    try (InputStream in = source.open()) {
      checkpoint = Checkpoint.read(in, head -> {});
    }
    if (!checkpoint.isSigned()) {
      throw new CheckpointRefusedException(
          "The checkpoint cannot be used: its signature is not that of the key in it.");
    }
    return new Since(source, checkpoint, journal, key);
  }

  /**
   * Adds to the result of an audit of that journal what does not hold any more; once.
   *
   * @throws CheckpointRefusedException if the file has changed
   */
  public Result addTo(Result audited) throws IOException {
    if (isOfThisServer()) {
      compareAll();
    }
    return audited.and(findings);
  }

  private boolean isOfThisServer() {
    Optional<String> expected =
        key.map(Bytes::toString).or(() -> journal.meta(DataFolder.SERVER_KEY));
    Optional<String> host = journal.meta(DataFolder.SERVER_HOST);
    if (expected.isEmpty()) {
      foreign("the server's public key, which signed it: give it with --server-key", "none");
      return false;
    } else if (!expected.get().equals(checkpoint.serverKey().toString())) {
      foreign(
          "a checkpoint of the server with key " + expected.get(),
          "one of %s with key %s".formatted(checkpoint.serverHost(), checkpoint.serverKey()));
      return false;
    } else if (host.isPresent() && !host.get().equals(checkpoint.serverHost())) {
      foreign("a checkpoint of " + host.get(), "one of " + checkpoint.serverHost());
      return false;
    }
    return true;
  }

  private void foreign(String expected, String found) {
    findings.add(new Finding(Finding.Code.SERVER_KEY_UNKNOWN, "", 0, expected, found));
  }

  private void compareAll() throws IOException {
    try (InputStream in = source.open()) {
      head = following();
      if (!Checkpoint.read(in, this::compare).equals(checkpoint)) {
        throw new CheckpointRefusedException("The checkpoint was changed while it was read.");
      }
    } catch (FileDamagedException e) {
      findings.add(
          new Finding(
              Finding.Code.FILE_DAMAGED, "", 0, "heads that can be read", e.getMessage()));
    }
  }

  private void compare(HashChain stated) {
    while (head.isPresent() && head.get().entity().compareTo(stated.entity()) < 0) {
      head = following();
    }
    Optional<HashChain> own = head.filter(one -> one.entity().equals(stated.entity()));
    if (own.isEmpty() || own.get().sequenceNr() < stated.sequenceNr()) {
      shortened(stated, own);
      return;
    }
    Bytes hash =
        own.get().sequenceNr() == stated.sequenceNr() ? own.get().head() : stored(stated);
    if (!hash.equals(stated.head())) {
      findings.add(
          new Finding(
              Finding.Code.HISTORY_CHANGED,
              stated.entity(),
              stated.sequenceNr(),
              "hash " + hex(stated.head()),
              hash.size() == 0 ? "no such event" : "hash " + hex(hash)));
    }
  }

  private Bytes stored(HashChain stated) {
    return journal
        .event(stated.entity(), stated.sequenceNr())
        .map(EventRow::hash)
        .orElse(Bytes.EMPTY);
  }

  private void shortened(HashChain stated, Optional<HashChain> own) {
    findings.add(
        new Finding(
            Finding.Code.HISTORY_SHORTENED,
            stated.entity(),
            stated.sequenceNr(),
            "event %d, which was there".formatted(stated.sequenceNr()),
            own.map(one -> "the last event is number " + one.sequenceNr()).orElse("no events")));
  }

  private Optional<HashChain> following() {
    return heads.hasNext() ? Optional.of(heads.next()) : Optional.empty();
  }
}
