package chat.sotto.audit;

import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.StoredBody;
import chat.sotto.model.Bytes;
import java.util.Optional;

/** Whether a body that somebody still needs is there, and is the one that was put there. */
final class Bodies {
  private final Inquiry inquiry;
  private final boolean isLeftOut;

  /**
   * A body that must be there.
   *
   * @param number of the event that says so, 0 if several do
   * @param what it is, in words
   * @param digest SHA-256 of it, if an event has that
   * @param expiresAt when it is dropped; empty if it is kept
   */
  record Needed(
      String entity,
      long number,
      String what,
      String id,
      Optional<Bytes> digest,
      Optional<Long> expiresAt) {}

  Bodies(Inquiry inquiry) {
    this.inquiry = inquiry;
    this.isLeftOut = inquiry.journal().meta(DataFolder.LEFT_OUT).filter("bodies"::equals).isPresent();
  }

  /** Whether the data was copied without bodies, so that nothing can be said of them. */
  boolean areLeftOut() {
    return isLeftOut;
  }

  /** Reports a body that is not as it must be. @return its content, if it is */
  Optional<Bytes> require(Needed needed) {
    inquiry.tally().count(Counted.BODIES_NEEDED);
    Optional<StoredBody> body = inquiry.journal().body(needed.id());
    if (body.isEmpty()) {
      String until =
          needed.expiresAt().map(time -> ", which expires at " + time).orElse("");
      report(Finding.Code.BODY_MISSING, needed, needed.what() + until, "no body " + needed.id());
      return Optional.empty();
    }
    Bytes derived = Bytes.of(Hash.sha256(body.get().bytes().toArray()));
    if (needed.digest().filter(digest -> !digest.equals(derived)).isPresent()) {
      altered(needed, "with digest " + hex(needed.digest().get()), "digest " + hex(derived));
      return Optional.empty();
    }
    if (!body.get().expiresAt().equals(needed.expiresAt())) {
      altered(needed, "kept " + until(needed.expiresAt()), until(body.get().expiresAt()));
      return Optional.empty();
    }
    return Optional.of(body.get().bytes());
  }

  private static String until(Optional<Long> expiresAt) {
    return expiresAt.map(time -> "until " + time).orElse("until it is replaced");
  }

  void altered(Needed needed, String expected, String found) {
    report(Finding.Code.BODY_ALTERED, needed, needed.what() + " " + expected, found);
  }

  private void report(Finding.Code code, Needed needed, String expected, String found) {
    inquiry
        .findings()
        .add(new Finding(code, needed.entity(), needed.number(), expected, found));
  }
}
