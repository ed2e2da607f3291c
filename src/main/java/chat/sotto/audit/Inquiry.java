package chat.sotto.audit;

import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What all checks of one audit share. Thread-safe. */
final class Inquiry {
  private static final int HEX_BYTES_MAX = 64;

  private final JournalFile journal;
  private final Options options;
  private final Findings findings = new Findings();
  private final Tally tally = new Tally();
  private final Signatures signatures;
  private final Accounts accounts;
  private final GroupPoints points;
  private final AtomicReference<String> serverHost = new AtomicReference<>();

  Inquiry(JournalFile journal, Options options) {
    this.journal = journal;
    this.options = options;
    this.signatures = new Signatures(options.signatures(), options.threads(), findings, tally);
    this.accounts = new Accounts(journal);
    this.points = new GroupPoints(journal);
    journal.meta("server-host").ifPresent(serverHost::set);
  }

  JournalFile journal() {
    return journal;
  }

  Options options() {
    return options;
  }

  Findings findings() {
    return findings;
  }

  Tally tally() {
    return tally;
  }

  Signatures signatures() {
    return signatures;
  }

  Accounts accounts() {
    return accounts;
  }

  GroupPoints points() {
    return points;
  }

  /** Which host the whole journal is of: what the file says, or else the first that is named. */
  String serverHost(String named) {
    return Optional.ofNullable(serverHost.compareAndExchange(null, named)).orElse(named);
  }

  static String hex(Bytes bytes) {
    return bytes.size() <= HEX_BYTES_MAX
        ? HexFormat.of().formatHex(bytes.toArray())
        : "of %d bytes".formatted(bytes.size());
  }
}
