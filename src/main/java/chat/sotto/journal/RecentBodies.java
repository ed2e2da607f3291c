package chat.sotto.journal;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Bodies that were put last and are on disk, so that who pushes them at once reads no disk. Told of
 * every change in the order of the commits: what was deleted is given no more. The oldest go first.
 * Right only where no other process writes bodies.
 */
final class RecentBodies {
  static final long BYTES_MAX = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 32);

  /** What an entry takes beside its bytes. */
  private static final int ENTRY_BYTES = 250;

  private final long bytesMax;
  private final Map<String, Body> bodies = new LinkedHashMap<>();
  private long bytes;

  private record Body(byte[] bytes, long expiresAt) {
    long size() {
      return ENTRY_BYTES + bytes.length;
    }
  }

  RecentBodies(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** @param content not changed any more */
  synchronized void onPut(String id, byte[] content, long expiresAt) {
    remove(id);
    var body = new Body(content, expiresAt);
    bodies.put(id, body);
    bytes += body.size();
    Iterator<Body> oldest = bodies.values().iterator();
    while (bytes > bytesMax) {
      bytes -= oldest.next().size();
      oldest.remove();
    }
  }

  synchronized Optional<byte[]> get(String id) {
    return Optional.ofNullable(bodies.get(id)).map(Body::bytes);
  }

  synchronized void onDeleted(Collection<String> ids) {
    ids.forEach(this::remove);
  }

  /** Many were deleted; which ones, nobody counted. */
  synchronized void onManyDeleted() {
    bodies.clear();
    bytes = 0;
  }

  synchronized void onExpired(long now) {
    bodies.values().removeIf(body -> body.expiresAt() <= now);
    bytes = bodies.values().stream().mapToLong(Body::size).sum();
  }

  private void remove(String id) {
    Body removed = bodies.remove(id);
    if (removed != null) {
      bytes -= removed.size();
    }
  }
}
