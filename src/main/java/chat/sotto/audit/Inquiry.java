package chat.sotto.audit;

import chat.sotto.journal.DataFolder;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What all checks of one audit share. Thread-safe. */
final class Inquiry {
  /** Events that are read at a time. */
  static final int PAGE = 256;

  private static final int HEX_BYTES_MAX = 64;

  private final JournalFile journal;
  private final Options options;
  private final Findings findings = new Findings();
  private final Tally tally = new Tally();
  private final Signatures signatures;
  private final Accounts accounts;
  private final GroupPoints points;
  private final ServerWord serverWord;
  private final Bodies bodies;
  private final Progress progress = new Progress();
  private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();
  private final long momentMin;
  private final AtomicLong newest = new AtomicLong();
  private final LongAdder eventsRead = new LongAdder();
  private final AtomicReference<String> serverHost = new AtomicReference<>();

  Inquiry(JournalFile journal, Options options) {
    this.journal = journal;
    this.options = options;
    this.signatures = new Signatures(options.signatures(), options.threads(), findings, tally);
    this.accounts = new Accounts(journal);
    this.points = new GroupPoints(journal);
    this.serverWord = new ServerWord(this);
    this.bodies = new Bodies(this);
    this.momentMin = journal.copyTime().orElse(options.clock().millis());
    journal.meta(DataFolder.SERVER_HOST).ifPresent(serverHost::set);
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

  ServerWord serverWord() {
    return serverWord;
  }

  Bodies bodies() {
    return bodies;
  }

  Progress progress() {
    return progress;
  }

  /** Of events that are replayed, for who waits. */
  LongAdder eventsRead() {
    return eventsRead;
  }

  /** For when all entities are replayed. */
  void later(Runnable task) {
    later.add(task);
  }

  Queue<Runnable> later() {
    return later;
  }

  void sawTime(long time) {
    newest.accumulateAndGet(time, Math::max);
  }

  /** {@link #moment} is not before this. */
  long momentMin() {
    return momentMin;
  }

  /**
   * The moment of which the data is, as late as it may be: what has expired by then may be gone.
   * Known once all entities are replayed.
   */
  long moment() {
    return Math.max(momentMin, newest.get());
  }

  /** Reads events again, {@code after < number <= upTo}. */
  void forEach(
      JournalFile.Entity entity, long after, long upTo, Consumer<EventRow> each) {
    long read = after;
    while (read < upTo) {
      int max = (int) Math.min(PAGE, upTo - read);
      journal.events(entity, read, max).forEach(each);
      read += max;
    }
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
