package chat.sotto.user;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What is remembered of one sender device: its newest sends, oldest first, so that a repeated send
 * gets the answer that the first one got.
 */
public record Sender(@JsonValue PVector<Receipt> receipts) {
  /** No more sends than these may be unanswered, so a repeat is one of them. */
  public static final int RECEIPTS_MAX = 32;

  static final Sender NEW = new Sender(TreePVector.empty());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Sender restore(List<Receipt> receipts) {
    return new Sender(TreePVector.from(receipts));
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
