package chat.sotto.crypto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The message keys that a ratchet passed over, because their messages have not come, and what it
 * remembers of the receiving chains: enough to tell a repeat, whose key was used, from a message
 * whose key was dropped unused. Immutable. Its text shows nothing.
 */
final class SkippedKeys {
  static final int KEYS_MAX = 1_000;

  /** Receiving chains that are remembered, the current one among them. */
  private static final int CHAINS_MAX = 32;

  static final SkippedKeys NONE = new SkippedKeys(List.of(), 0, List.of());

  /** A key that was passed over. */
  record Key(byte[] dh, long n, byte[] messageKey) {
    private boolean is(byte[] otherDh, long otherN) {
      return n == otherN && Arrays.equals(dh, otherDh);
    }
  }

  /**
   * A receiving chain that a Diffie-Hellman step ended.
   *
   * @param end how many messages it has
   * @param dropped below this number, keys that were never used may be gone
   */
  private record Ended(byte[] dh, long end, long dropped) {}

  private final List<Key> keys;
  private final long dropped;
  private final List<Ended> ended;

  /**
   * @param keys oldest first
   * @param dropped as in {@link Ended}, of the current chain
   * @param ended oldest first
   */
  private SkippedKeys(List<Key> keys, long dropped, List<Ended> ended) {
    this.keys = keys;
    this.dropped = dropped;
    this.ended = ended;
  }

  Optional<byte[]> find(byte[] dh, long n) {
    return keys.stream().filter(key -> key.is(dh, n)).map(Key::messageKey).findFirst();
  }

  SkippedKeys without(byte[] dh, long n) {
    return new SkippedKeys(
        keys.stream().filter(key -> !key.is(dh, n)).toList(), dropped, ended);
  }

  int size() {
    return keys.size();
  }

  /**
   * After the current chain passed over some messages.
   *
   * @param passed the newest of their keys, oldest first
   * @param droppedBelow number below which their keys were not kept; 0 if all were
   */
  SkippedKeys with(List<Key> passed, long droppedBelow) {
    List<Key> all = new ArrayList<>(keys);
    all.addAll(passed);
    int excess = Math.max(0, all.size() - KEYS_MAX);
    List<Key> newest = List.copyOf(all.subList(excess, all.size()));
    var result = new SkippedKeys(newest, Math.max(dropped, droppedBelow), ended);
    for (Key key : all.subList(0, excess)) {
      result = result.dropped(key);
    }
    return result;
  }

  private SkippedKeys dropped(Key key) {
    boolean isOfEnded = ended.stream().anyMatch(chain -> Arrays.equals(chain.dh, key.dh));
    if (!isOfEnded) {
      return new SkippedKeys(keys, Math.max(dropped, key.n + 1), ended);
    }
    List<Ended> now =
        ended.stream()
            .map(
                chain ->
                    Arrays.equals(chain.dh, key.dh)
                        ? new Ended(chain.dh, chain.end, Math.max(chain.dropped, key.n + 1))
                        : chain)
            .toList();
    return new SkippedKeys(keys, dropped, now);
  }

  /** After a Diffie-Hellman step ended the current chain. */
  SkippedKeys withChainEnded(byte[] dh, long end) {
    List<Ended> now = new ArrayList<>(ended);
    now.add(new Ended(dh, end, dropped));
    return new SkippedKeys(
        keys, 0, List.copyOf(now.subList(Math.max(0, now.size() - (CHAINS_MAX - 1)), now.size())));
  }

  /**
   * What is known of a message whose key is not here.
   *
   * @return empty if its chain is not remembered
   */
  Optional<DoubleRatchet.Result> resultInEndedChain(byte[] dh, long n) {
    return ended.stream()
        .filter(chain -> Arrays.equals(chain.dh, dh))
        .findFirst()
        .map(
            chain ->
                n >= chain.end
                    ? new DoubleRatchet.Result.Failed("after the end of its chain")
                    : usedOrDropped(n, chain.dropped));
  }

  /** As above, for a number of the current chain that was passed already. */
  DoubleRatchet.Result resultInCurrentChain(long n) {
    return usedOrDropped(n, dropped);
  }

  private static DoubleRatchet.Result usedOrDropped(long n, long dropped) {
    // A loss must not pass for a repeat, which nobody sees; the other way round is only noise.
    return n < dropped
        ? new DoubleRatchet.Result.Failed("its key is gone")
        : new DoubleRatchet.Result.Duplicate();
  }

  /** For {@link Enc#encode}. */
  List<Object> items() {
    List<Object> keyItems = new ArrayList<>();
    for (Key key : keys) {
      keyItems.add(List.of(key.dh, key.n, key.messageKey));
    }
    List<Object> endedItems = new ArrayList<>();
    for (Ended chain : ended) {
      endedItems.add(List.of(chain.dh, chain.end, chain.dropped));
    }
    return List.of(keyItems, dropped, endedItems);
  }

  /** @throws RefusedException unless {@link #items} made it */
  static SkippedKeys fromBytes(byte[] bytes) {
    List<byte[]> items = Enc.decode(bytes, 3);
    List<Key> keys = new ArrayList<>();
    for (byte[] item : Enc.decode(items.get(0))) {
      List<byte[]> key = Enc.decode(item, 3);
      keys.add(new Key(key.get(0), Enc.integer(key.get(1)), key.get(2)));
    }
    List<Ended> ended = new ArrayList<>();
    for (byte[] item : Enc.decode(items.get(2))) {
      List<byte[]> chain = Enc.decode(item, 3);
      ended.add(
          new Ended(chain.get(0), Enc.integer(chain.get(1)), Enc.integer(chain.get(2))));
    }
    return new SkippedKeys(
        List.copyOf(keys), Enc.integer(items.get(1)), List.copyOf(ended));
  }

  @Override
  public String toString() {
    return "SkippedKeys[***]";
  }
}
