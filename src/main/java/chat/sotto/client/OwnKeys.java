package chat.sotto.client;

import chat.sotto.crypto.OwnKey;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The keys that the devices of one user share (docs/protocol.md §13). Who removes a device makes a
 * new one: until it is here, this device writes nothing that the removed one could still read.
 */
final class OwnKeys {
  private static final Table<Row> KEYS = new Table<>("own-key", Row.class);
  private static final Table<Dropped> DROPPED = new Table<>("own-key-due", Dropped.class);
  /** The key that this device made, until the others got it. */
  private static final Table<Made> MADE = new Table<>("own-key-made", Made.class);

  private static final String LAST = "last";
  private static final long FIRST_LIST = 1;
  /** So many ids may have gone by unseen. */
  private static final long AHEAD_MAX = 16;
  private static final long OF_ONE_LIST_MAX = 4;

  private final Rows rows;

  /** @param listVersion of the device list with which it was made */
  private record Row(long id, Secret key, long listVersion) {}

  /** @param listVersion the newest one known that dropped a device */
  private record Dropped(long listVersion) {}

  private record Made(long id) {}

  OwnKeys(Rows rows) {
    this.rows = rows;
  }

  /** Rising by id; the first is as old as the account. */
  List<OwnKey> all() {
    var keys = new ArrayList<OwnKey>();
    keys.add(OwnKey.of(1, Self.of(rows).syncKey().toArray()));
    rows.list(KEYS, "").stream()
        .map(row -> key(row.value()))
        .sorted(Comparator.comparingLong(OwnKey::id))
        .forEach(keys::add);
    return keys;
  }

  OwnKey newest() {
    List<OwnKey> all = all();
    return all.get(all.size() - 1);
  }

  /** Keeps a key that a sibling or this device made; one of an id that is known changes nothing. */
  void add(OwnKey key, long listVersion) {
    boolean isNew = all().stream().noneMatch(known -> known.id() == key.id());
    if (isNew) {
      var row = new Row(key.id(), Secret.of(key.toBytes()), listVersion);
      rows.put(KEYS, Long.toString(key.id()), row);
    }
  }

  /**
   * Keeps a key that a sibling made, if it can be one. Each change of the list makes one at most,
   * or two if the first change failed: a sibling that lies must not use the ids up.
   *
   * @param known version of the own list
   */
  void told(OwnKey key, long listVersion, long known) {
    // A device that leaves says before its own removal which key goes with it.
    if (listVersion <= known + 1 && isPossible(key.id(), listVersion)) {
      add(key, listVersion);
    }
  }

  private boolean isPossible(long id, long listVersion) {
    long newest = newest().id();
    long lists = listVersion - listVersionOf(newest);
    long ofList = all().stream().filter(key -> listVersionOf(key.id()) == listVersion).count();
    boolean isNext =
        lists >= 0
            && ofList < OF_ONE_LIST_MAX
            && id - newest <= Math.min(Math.max(lists, 1), AHEAD_MAX);
    return id <= newest || isNext;
  }

  private long listVersionOf(long id) {
    return rows.get(KEYS, Long.toString(id)).map(Row::listVersion).orElse(FIRST_LIST);
  }

  /** Begins with what a vault holds: all that was here is of an attempt that came to nothing. */
  void begin(List<Vault.Kept> keys) {
    rows.list(KEYS, "").forEach(row -> rows.delete(KEYS, row.key()));
    rows.delete(MADE, LAST);
    keys.stream().skip(1).forEach(this::add);
  }

  private void add(Vault.Kept kept) {
    long listVersion = kept.listVersion().orElse(FIRST_LIST);
    if (listVersion != Vault.GAP) {
      add(kept.key(), listVersion);
    }
  }

  /**
   * Those of a vault, those besides that are here, and a new one at their end: none is given up.
   *
   * @param listVersion of the list for which the new one is made
   */
  List<Vault.Kept> withNew(List<Vault.Kept> inVault, long listVersion, SecureRandom random) {
    var byId = new TreeMap<Long, Vault.Kept>();
    byId.put(1L, Vault.Kept.of(all().get(0), FIRST_LIST));
    rows.list(KEYS, "").stream()
        .map(stored -> Vault.Kept.of(key(stored.value()), stored.value().listVersion))
        .forEach(kept -> byId.put(kept.key().id(), kept));
    inVault.stream()
        .filter(kept -> kept.listVersion().orElse(FIRST_LIST) != Vault.GAP)
        .forEach(kept -> byId.put(kept.key().id(), kept));
    long made = byId.lastKey() + 1;
    byId.put(made, Vault.Kept.of(OwnKey.generate(made, random), listVersion));
    return LongStream.rangeClosed(1, made)
        .mapToObj(
            id ->
                Optional.ofNullable(byId.get(id))
                    .orElseGet(() -> Vault.Kept.of(OwnKey.generate(id, random), Vault.GAP)))
        .toList();
  }

  private static OwnKey key(Row row) {
    return OwnKey.of(row.id, row.key.toArray());
  }

  /** This device made the newest one: the others must get it. */
  void made() {
    rows.put(MADE, LAST, new Made(newest().id()));
  }

  /** Sends the others what this device made, if it did. */
  void share(Self self, SecureRandom random, long now) {
    rows.get(MADE, LAST)
        .flatMap(made -> rows.get(KEYS, Long.toString(made.id)))
        .ifPresent(
            row -> {
              var content = new Content.OwnKey(row.id, row.key, row.listVersion);
              String nobody = Plaintext.conversation(self.user(), self.user());
              new Outbox(rows)
                  .addOwnCopy(self, nobody, MessageIds.make(random), content, now);
            });
    rows.delete(MADE, LAST);
  }

  /** A device was removed with that version of the list. */
  void dropped(long listVersion) {
    rows.put(DROPPED, LAST, new Dropped(listVersion));
  }

  /** Whether no removed device has the newest key. */
  boolean mayWrite() {
    long newest = listVersionOf(newest().id());
    return rows.get(DROPPED, LAST).filter(dropped -> dropped.listVersion > newest).isEmpty();
  }
}
