package chat.sotto.user;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What is remembered of one sender device: its newest sends, oldest first, so that a repeated send
 * gets the answer that the first one got.
 */
public record Sender(PVector<Receipt> receipts) {
  /** No more sends than these may be unanswered, so a repeat is one of them. */
  public static final int RECEIPTS_MAX = 32;

  static final Sender NEW = new Sender(TreePVector.empty());

  /** @param packed as of {@link #packed} */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Sender restore(byte[] packed) {
    var receipts = new ArrayList<Receipt>();
    for (ByteBuffer in = ByteBuffer.wrap(packed); in.hasRemaining(); ) {
      receipts.add(Receipt.unpack(in));
    }
    return new Sender(TreePVector.from(receipts));
  }

  /** For a snapshot, one receipt after the other: an inbox may have heard from thousands. */
  @JsonValue
  byte[] packed() {
    ByteBuffer out =
        ByteBuffer.allocate(receipts.stream().mapToInt(Receipt::packedSize).sum());
    receipts.forEach(one -> one.pack(out));
    return out.array();
  }

  /** The n that is taken next. */
  long expected() {
    return receipts.isEmpty() ? 1 : newest().n() + 1;
  }

  Optional<Receipt> receipt(long n) {
    // Each n followed the one before.
    long index = n - expected() + receipts.size();
    return index < 0 || index >= receipts.size()
        ? Optional.empty()
        : Optional.of(receipts.get((int) index));
  }

  Sender plus(Receipt receipt) {
    PVector<Receipt> kept = receipts.size() < RECEIPTS_MAX ? receipts : receipts.minus(0);
    return new Sender(kept.plus(receipt));
  }

  boolean isSilentSince(long time) {
    return newest().time() < time;
  }

  Receipt newest() {
    return receipts.get(receipts.size() - 1);
  }
}
