package chat.sotto.client;

import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;
import chat.sotto.model.Prekey.Kind;
import chat.sotto.model.Statements;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The private halves of this device's prekeys (docs/protocol.md §4.2). A new one is stored before
 * its public half leaves, so whatever an opening names is here, or was erased on purpose.
 */
final class Prekeys {
  private static final Duration SIGNED_AGE_MAX = Duration.ofDays(7);

  /** As long as an entry may wait for a device. */
  private static final Duration KEPT_AFTER_USE = Duration.ofDays(30);

  private static final int ONE_TIME_MAX = Limits.DEFAULT.oneTimePrekeysMax();

  /** Skipped when the server knows ids that this store does not: it may have used more. */
  private static final long ID_MARGIN = 1_000;

  private static final Table<Held> HELD = new Table<>("prekey", Held.class);
  private static final Table<NextId> NEXT_ID = new Table<>("prekey-next-id", NextId.class);
  private static final String KEY = "next";

  private final Rows rows;
  private final Self self;
  private final SecureRandom random;

  /** @param replacedAt when it went out of use at the server, milliseconds since 1970 */
  record Held(
      long id, Kind kind, int suite, Secret privateKey, long madeAt, Optional<Long> replacedAt) {
    private Held replaced(long now) {
      return new Held(id, kind, suite, privateKey, madeAt, Optional.of(replacedAt.orElse(now)));
    }
  }

  private record NextId(long id) {}

  /** What to put up at the server. */
  record Offer(boolean replace, List<Prekey> prekeys) {}

  Prekeys(Rows rows, Self self, SecureRandom random) {
    this.rows = rows;
    this.self = self;
    this.random = random;
  }

  /** The key pair of a prekey, if this device still has it. */
  Optional<X25519.KeyPair> find(String kind, long id) {
    return rows.get(HELD, kind + "/" + id)
        .map(held -> X25519.fromPrivateKey(held.privateKey.toArray()));
  }

  /** In the transaction that accepts an opening: what it used once is not used again. */
  void used(String kind, long id) {
    if (kind.equals(Kind.ONE_TIME.text())) {
      rows.delete(HELD, kind + "/" + id);
    }
  }

  /** A signed prekey and a full set of one-time ones. */
  List<Prekey> makeAll(long now) {
    var prekeys = new ArrayList<Prekey>();
    prekeys.add(make(Kind.SIGNED, now));
    prekeys.addAll(makeOneTime(ONE_TIME_MAX, now));
    return prekeys;
  }

  /**
   * What the server lacks, given the ids that it named at sign-in.
   *
   * @return empty if nothing is due
   */
  Optional<Offer> compare(long signedId, Collection<Long> oneTimeIds, long now) {
    boolean signedKnown = rows.get(HELD, Kind.SIGNED.text() + "/" + signedId).isPresent();
    boolean allKnown =
        oneTimeIds.stream()
            .allMatch(id -> rows.get(HELD, Kind.ONE_TIME.text() + "/" + id).isPresent());
    if (!signedKnown || !allKnown) {
      long highest =
          LongStream.concat(
                  LongStream.of(signedId), oneTimeIds.stream().mapToLong(Long::longValue))
              .max()
              .getAsLong();
      rows.put(NEXT_ID, KEY, new NextId(Math.max(nextId(), highest + ID_MARGIN)));
      all().forEach(held -> replace(held, now));
      return Optional.of(new Offer(true, makeAll(now)));
    }
    held(Kind.ONE_TIME).stream()
        .filter(held -> !oneTimeIds.contains(held.id))
        .forEach(held -> replace(held, now));
    held(Kind.SIGNED).stream()
        .filter(held -> held.id != signedId)
        .forEach(held -> replace(held, now));
    return due(now);
  }

  /** What became due since: a week passed, or half of the one-time prekeys were used. */
  Optional<Offer> due(long now) {
    var prekeys = new ArrayList<Prekey>();
    List<Held> signed = held(Kind.SIGNED);
    if (signed.stream().allMatch(held -> now - held.madeAt > SIGNED_AGE_MAX.toMillis())) {
      signed.forEach(held -> replace(held, now));
      prekeys.add(make(Kind.SIGNED, now));
    }
    int left = held(Kind.ONE_TIME).size();
    if (left < ONE_TIME_MAX / 2) {
      prekeys.addAll(makeOneTime(ONE_TIME_MAX - left, now));
    }
    return prekeys.isEmpty() ? Optional.empty() : Optional.of(new Offer(false, prekeys));
  }

  /** Called when the inbox was read to its end: no entry waits that is older than what goes. */
  void eraseOld(long now) {
    all().stream()
        .filter(held -> held.replacedAt.isPresent())
        .filter(held -> now - held.replacedAt.get() > KEPT_AFTER_USE.toMillis())
        .forEach(held -> rows.delete(HELD, key(held)));
  }

  private List<Prekey> makeOneTime(int count, long now) {
    var prekeys = new ArrayList<Prekey>();
    for (int i = 0; i < count; i++) {
      prekeys.add(make(Kind.ONE_TIME, now));
    }
    return prekeys;
  }

  private Prekey make(Kind kind, long now) {
    long id = nextId();
    rows.put(NEXT_ID, KEY, new NextId(id + 1));
    X25519.KeyPair pair = X25519.generateKeyPair(random);
    int suite = Suite.X25519.id();
    var held =
        new Held(id, kind, suite, Secret.of(pair.exportPrivateKey()), now, Optional.empty());
    rows.put(HELD, key(held), held);
    Bytes key = Bytes.of(pair.publicKey());
    return Statements.signPrekey(
        self.deviceKey(), self.user(), self.device(), id, kind, suite, key);
  }

  private long nextId() {
    return rows.get(NEXT_ID, KEY).map(NextId::id).orElse(1L);
  }

  /** Those of a kind that the server may still give away. */
  private List<Held> held(Kind kind) {
    return all().stream()
        .filter(held -> held.kind == kind && held.replacedAt.isEmpty())
        .sorted(Comparator.comparingLong(Held::id))
        .toList();
  }

  private List<Held> all() {
    return rows.list(HELD, "").stream().map(Rows.Row::value).toList();
  }

  private void replace(Held held, long now) {
    rows.put(HELD, key(held), held.replaced(now));
  }

  private static String key(Held held) {
    return held.kind.text() + "/" + held.id;
  }
}
