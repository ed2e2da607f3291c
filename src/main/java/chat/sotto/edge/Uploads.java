package chat.sotto.edge;

import akka.stream.KillSwitch;
import chat.sotto.crypto.Hash;
import chat.sotto.journal.FileQuota;
import chat.sotto.journal.FileRow;
import chat.sotto.journal.IncomingFile;
import chat.sotto.journal.StoredFiles;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who may upload what to this node now. Tickets are in memory only, as hashes; a client whose
 * ticket is unknown asks again. Thread-safe.
 *
 * <p><b>Invariant</b>: at most one upload appends to a file, and whoever is given a ticket finds
 * the file as the ticket says, for as long as it is the newest.
 */
final class Uploads {
  private static final int TICKET_BYTES = 32;

  private final StoredFiles files;
  private final FileLimits limits;
  private final Clock clock;
  private final SecureRandom random;
  private final Places<UserName> places;
  private final RateLimit<UserName> asks;

  /** The one that expires first is first. */
  private final Map<Bytes, Permit> permits = new LinkedHashMap<>();

  private final Map<Bytes, Upload> running = new LinkedHashMap<>();

  private record Permit(UserName user, byte[] ticketHash, long expiresAt) {}

  /** What a device is told that may upload. */
  record Ticket(byte[] ticket, long offset, long expiresAt, long keptUntil) {}

  /** A file that is being uploaded. */
  static final class Upload {
    private final Places<UserName>.Place place;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Optional<KillSwitch> stream = Optional.empty();
    private boolean stopped;

    private Upload(Places<UserName>.Place place) {
      this.place = place;
    }

    /** What ends it from outside. */
    synchronized void runs(KillSwitch by) {
      stream = Optional.of(by);
      if (stopped) {
        by.shutdown();
      }
    }

    private synchronized CompletionStage<Void> stop() {
      stopped = true;
      stream.ifPresent(KillSwitch::shutdown);
      return ended;
    }
  }

  Uploads(StoredFiles files, FileLimits limits, Clock clock, SecureRandom random) {
    this.files = files;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.places = new Places<>(limits.uploadsPerUser(), limits.uploadsTotal());
    this.asks = new RateLimit<>(limits.asksPerUser(), System::nanoTime);
    files.onDeleted(ids -> ids.forEach(this::stopIfGone));
  }

  FileLimits limits() {
    return limits;
  }

  RateLimit<UserName> asks() {
    return asks;
  }

  /** Makes room for a file, or says why there is none. */
  CompletionStage<Optional<StoredFiles.Refusal>> reserve(UserName user, Bytes file, long size) {
    long expiresAt = clock.millis() + FileLimits.UNFINISHED_LIFE.toMillis();
    return files.reserve(
        new FileRow(file, user.value(), size, 0, expiresAt),
        new FileQuota(limits.perUser(), limits.total()));
  }

  /**
   * A new ticket for a file that has its room; older ones are worth nothing from now on, and what
   * is still being uploaded with one ends first.
   *
   * @return empty if the file is gone
   */
  CompletionStage<Optional<Ticket>> ticket(UserName user, Bytes file) {
    var ticket = new byte[TICKET_BYTES];
    random.nextBytes(ticket);
    long now = clock.millis();
    long expiresAt = now + FileLimits.TICKET_LIFE.toMillis();
    return permit(file, new Permit(user, Hash.sha256(ticket), expiresAt), now)
        .thenCompose(ended -> files.find(file))
        .thenApply(
            row ->
                row.map(
                    found ->
                        new Ticket(
                            ticket,
                            found.received(),
                            expiresAt,
                            found.isWhole() ? found.expiresAt() : keptUntil())));
  }

  private synchronized CompletionStage<Void> permit(Bytes file, Permit permit, long now) {
    forgetExpired(now);
    permits.remove(file);
    permits.put(file, permit);
    return stop(file);
  }

  private void forgetExpired(long now) {
    Iterator<Permit> oldest = permits.values().iterator();
    while (oldest.hasNext() && oldest.next().expiresAt() <= now) {
      oldest.remove();
    }
  }

  private CompletionStage<Void> stop(Bytes file) {
    return Optional.ofNullable(running.get(file))
        .map(Upload::stop)
        .orElseGet(() -> Stages.now(null));
  }

  /** When a file goes that is whole now. */
  long keptUntil() {
    return clock.millis() + limits.keep().toMillis();
  }

  /** Whether a ticket is the newest of a file, and its time is not over. */
  synchronized boolean isGood(Bytes file, byte[] ticket) {
    Permit permit = permits.get(file);
    return permit != null
        && permit.expiresAt() > clock.millis()
        && MessageDigest.isEqual(permit.ticketHash(), Hash.sha256(ticket));
  }

  /** What came of asking to begin. */
  sealed interface Start {}

  record Going(Upload upload) implements Start {}

  enum NotNow implements Start {
    TICKET_REFUSED,
    /** Another one appends to the same file. */
    RUNNING,
    TOO_MANY
  }

  synchronized Start start(Bytes file, byte[] ticket) {
    if (!isGood(file, ticket)) {
      return NotNow.TICKET_REFUSED;
    }
    if (running.containsKey(file)) {
      return NotNow.RUNNING;
    }
    Optional<Places<UserName>.Place> place = places.take(permits.get(file).user());
    if (place.isEmpty()) {
      return NotNow.TOO_MANY;
    }
    var upload = new Upload(place.get());
    running.put(file, upload);
    return new Going(upload);
  }

  /** The file of an upload that was started; empty if it was dropped. */
  CompletionStage<Optional<IncomingFile>> open(Bytes file) {
    return files
        .find(file)
        .thenCompose(
            row ->
                row.map(found -> files.append(found).thenApply(Optional::of))
                    .orElseGet(() -> Stages.now(Optional.empty())));
  }

  /** Whatever became of an upload. */
  void end(Bytes file, Upload upload) {
    synchronized (this) {
      running.remove(file, upload);
    }
    upload.place.close();
    upload.ended.complete(null);
  }

  /** Deletes a user's file, and waits for the end of its upload. */
  CompletionStage<Void> drop(UserName user, Bytes file) {
    return files.drop(file, user.value()).thenCompose(done -> stopIfGone(file));
  }

  private CompletionStage<Void> stopIfGone(Bytes file) {
    return isKnown(file) ? stopUnlessThere(file) : Stages.now(null);
  }

  private synchronized boolean isKnown(Bytes file) {
    return permits.containsKey(file) || running.containsKey(file);
  }

  private CompletionStage<Void> stopUnlessThere(Bytes file) {
    return files
        .find(file)
        .thenCompose(row -> row.isPresent() ? Stages.now(null) : forget(file));
  }

  private synchronized CompletionStage<Void> forget(Bytes file) {
    permits.remove(file);
    return stop(file);
  }
}
