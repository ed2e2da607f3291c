package chat.sotto.audit;

import chat.sotto.journal.DataFolder;
import chat.sotto.model.Bytes;
import chat.sotto.model.Restored;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the server itself signed. Its key is known from elsewhere, or else the file names it. */
final class ServerWord {
  private final Inquiry inquiry;
  private final Optional<Bytes> key;
  private final AtomicBoolean missed = new AtomicBoolean();

  ServerWord(Inquiry inquiry) {
    this.inquiry = inquiry;
    Optional<Bytes> given = inquiry.options().serverKey();
    Optional<String> named = inquiry.journal().meta(DataFolder.SERVER_KEY);
    this.key = given.or(() -> named.flatMap(ServerWord::read));
    if (given.isPresent() && named.isPresent() && !given.get().toString().equals(named.get())) {
      report(Finding.Code.RULE_BROKEN, "data of the server with key " + given.get(), named.get());
    }
  }

  private static Optional<Bytes> read(String text) {
    try {
      return Optional.of(Bytes.fromBase64Url(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** @param host of which the server is, as accounts name it */
  void judge(Signatures.Batch signatures, long number, Restored entry, String host) {
    if (key.isPresent()) {
      signatures.add(
          number,
          () -> "the server over its restart from a copy",
          () -> entry.verify(key.get(), host));
    } else if (inquiry.options().signatures() && !missed.getAndSet(true)) {
      report(
          Finding.Code.SERVER_KEY_UNKNOWN,
          "the server's public key, which signed restarts from a copy: give it with --server-key",
          "no key in the file");
    }
  }

  private void report(Finding.Code code, String expected, String found) {
    inquiry.findings().add(new Finding(code, "", 0, expected, found));
  }
}
