package chat.sotto.journal;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The deletable store: ciphertexts, prekeys, vaults, verifiers. A put or delete goes through the
 * same queue as the events: a body that is put before an event is durable no later than the event.
 * Stages fail with {@link StoreClosedException}; their continuations must not block.
 */
public final class Bodies {
  private static final int ID_RANDOM_BYTES = 10;
  private static final HexFormat HEX = HexFormat.of();
  private static final int ID_TIME_DIGITS = 12;
  private static final int ROW_BYTES = 100;
  private static final int DELETE_STEP = 50;

  private final Database database;
  private final RecentBodies recent;
  private final SecureRandom random = new SecureRandom();

  Bodies(Database database) {
    this.database = database;
    this.recent = database.recentBodies();
  }

  /**
   * A fresh id for one attempt to send: 12 hex digits of time, 20 random ones.
   *
   * @param now milliseconds since 1970
   */
  public String newId(long now) {
    var bytes = new byte[ID_RANDOM_BYTES];
    random.nextBytes(bytes);
    return HEX.toHexDigits(now, ID_TIME_DIGITS) + HEX.formatHex(bytes);
  }

  /**
   * Stores a body until its time has come.
   *
   * @param bytes not changed any more
   * @param expiresAt milliseconds since 1970; it is gone within a minute after
   * @return completed once it is on disk; fails with {@link StoreBusyException} if too much waits
   */
  public CompletionStage<Void> put(String id, byte[] bytes, long expiresAt) {
    return put(
        id, bytes, Optional.of(expiresAt), () -> recent.onPut(id, bytes, expiresAt));
  }

  /** Like {@link #put}, but it stays until it is replaced or deleted. */
  public CompletionStage<Void> keep(String id, byte[] bytes) {
    return put(id, bytes, Optional.empty(), () -> recent.onDeleted(List.of(id)));
  }

  private CompletionStage<Void> put(
      String id, byte[] bytes, Optional<Long> expiresAt, Runnable committed) {
    if (database.queuedBytes() + bytes.length > Writer.QUEUED_BYTES_MAX) {
      return CompletableFuture.failedFuture(new StoreBusyException());
    }
    return database.write(
        ROW_BYTES + bytes.length,
        new Writer.Whole<Void>(
            tables -> {
              tables.putBody(id, expiresAt, bytes);
              return null;
            }),
        committed);
  }

  /** What is on disk under an id; empty if it was never there, was deleted, or has expired. */
  public CompletionStage<Optional<byte[]>> get(String id) {
    Optional<byte[]> known = recent.get(id);
    return known.isPresent()
        ? CompletableFuture.completedFuture(known)
        : database.read(tables -> tables.body(id));
  }

  /** Those of these ids that are on disk, as of {@link #get(String)}, in one read. */
  public CompletionStage<Map<String, byte[]>> get(Collection<String> ids) {
    var found = new HashMap<String, byte[]>();
    List<String> unknown = new ArrayList<>();
    for (String id : ids) {
      recent.get(id).ifPresentOrElse(bytes -> found.put(id, bytes), () -> unknown.add(id));
    }
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    return database.read(
        tables -> {
          for (String id : unknown) {
            tables.body(id).ifPresent(bytes -> found.put(id, bytes));
          }
          return found;
        });
  }

  /**
   * Those with ids from one on and before another, falling.
   *
   * @param max so many at most
   * @param bytesMax as many as fit, and the first in any case
   */
  public CompletionStage<SortedMap<String, byte[]>> newest(
      String from, String before, int max, long bytesMax) {
    return database.read(tables -> tables.newestBodies(from, before, max, bytesMax));
  }

  /**
   * Deletes all with ids from one on and before another, in steps, so that nothing else waits for
   * long. What is put among them meanwhile may go too.
   */
  public CompletionStage<Void> deleteBetween(String from, String before) {
    return database
        .write(
            ROW_BYTES * DELETE_STEP,
            tables -> tables.deleteBodiesBetween(from, before, DELETE_STEP),
            recent::onManyDeleted)
        .thenCompose(
            deleted ->
                deleted < DELETE_STEP
                    ? CompletableFuture.completedFuture(null)
                    : deleteBetween(from, before));
  }

  /**
   * Like {@link #delete}, in steps as of {@link #deleteBetween}. What is put under one of these ids
   * meanwhile may go too.
   */
  public CompletionStage<Void> deleteInSteps(Collection<String> ids) {
    List<String> left = List.copyOf(ids);
    if (left.size() <= DELETE_STEP) {
      return delete(left);
    }
    return delete(left.subList(0, DELETE_STEP))
        .thenCompose(done -> deleteInSteps(left.subList(DELETE_STEP, left.size())));
  }

  /** Deletes what is there of these; their bytes are overwritten, in the log within the hour. */
  public CompletionStage<Void> delete(Collection<String> ids) {
    List<String> each = List.copyOf(ids);
    return database.write(
        ROW_BYTES * each.size(),
        tables -> {
          tables.deleteBodies(each);
          return null;
        },
        () -> recent.onDeleted(each));
  }
}
