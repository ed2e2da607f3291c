package chat.sotto.client;

import chat.sotto.crypto.OwnKey;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * What the devices of one user share on the server, sealed (docs/protocol.md §13): the pins of
 * people and how the user stands with them, the names of devices, whether there is an archive, and
 * whether people hear what was read. What else there is, is kept as it is.
 */
final class Sync {
  private static final Table<State> STATE = new Table<>("sync", State.class);
  private static final Table<DeviceName> NAMES = new Table<>("device-name", DeviceName.class);
  private static final String KEY = "state";

  private final Rows rows;
  private final Self self;
  private final SecureRandom random;

  /**
   * @param counter the highest one seen
   * @param changed whether something is known here that is not in that blob
   */
  private record State(
      long counter,
      boolean changed,
      boolean archiveOn,
      long archiveNr,
      Optional<List<SyncContent.Closing>> archiveClosed,
      Receipts receipts,
      Optional<SyncContent.Others> others) {
    private static final State FIRST =
        new State(0, false, true, 0, Optional.empty(), Receipts.ON, Optional.empty());

    State with(long newCounter, boolean isChanged) {
      return new State(
          newCounter, isChanged, archiveOn, archiveNr, archiveClosed, receipts, others);
    }

    State with(SyncContent.Archive archive) {
      return new State(
          counter, changed, archive.on(), archive.nr(), archive.closed(), receipts, others);
    }

    State with(Receipts now) {
      return new State(counter, changed, archiveOn, archiveNr, archiveClosed, now, others);
    }

    State with(SyncContent.Others now) {
      return new State(
          counter, changed, archiveOn, archiveNr, archiveClosed, receipts, Optional.of(now));
    }

    /** What is kept for other devices. */
    SyncContent.Others kept() {
      return others.orElse(SyncContent.Others.NONE);
    }

    SyncContent.Archive archive() {
      return new SyncContent.Archive(archiveOn, archiveNr, archiveClosed);
    }
  }

  /** @param changed whether it was chosen here and is not in the blob yet */
  private record Receipts(boolean on, boolean changed) {
    private static final Receipts ON = new Receipts(true, false);
  }

  /** @param changed whether the name was given here and is not in the blob yet */
  private record DeviceName(String name, boolean changed) {}

  /**
   * @param counter under which it is put
   * @param blob the content, sealed
   */
  record Due(long counter, SyncContent content, Bytes blob) {}

  Sync(Rows rows, Self self, SecureRandom random) {
    this.rows = rows;
    this.self = self;
    this.random = random;
  }

  /** Something was changed here that the other devices should know. */
  static void changed(Rows rows) {
    State state = state(rows);
    rows.put(STATE, KEY, state.with(state.counter, true));
  }

  /** Whether people hear what this user has read, and this user what they have. */
  static boolean readReceipts(Rows rows) {
    return state(rows).receipts.on;
  }

  static void setReadReceipts(Rows rows, boolean on) {
    rows.put(STATE, KEY, state(rows).with(new Receipts(on, true)));
    changed(rows);
  }

  /** Whether people are told that this user writes, and this user that they do. */
  static boolean typing(Rows rows) {
    return state(rows).kept().typing().orElse(true);
  }

  /** Whether the user lets everybody write, without being accepted. */
  static boolean isOpenToAll(Rows rows) {
    return state(rows).kept().openToAll().orElse(false);
  }

  private static State state(Rows rows) {
    return rows.get(STATE, KEY).orElse(State.FIRST);
  }

  long counter() {
    return state(rows).counter;
  }

  /** What is to be put; empty if nothing changed or nothing may be. */
  Optional<Due> due() {
    var keys = new OwnKeys(rows);
    boolean isDue =
        state(rows).changed && !OwnLists.others(self).isEmpty() && keys.mayWrite();
    return isDue ? Optional.of(seal(keys.newest())) : Optional.empty();
  }

  private Due seal(OwnKey key) {
    SyncContent content = content();
    long counter = counter() + 1;
    String user = self.user().value();
    byte[] blob = key.sealSync(self.serverHost(), user, counter, content.toJson(), random);
    return new Due(counter, content, Bytes.of(blob));
  }

  SyncContent content() {
    State state = state(rows);
    List<SyncContent.Named> names =
        rows.list(NAMES, "").stream()
            .filter(row -> self.list().device(new DeviceId(row.key())).isPresent())
            .map(row -> new SyncContent.Named(new DeviceId(row.key()), row.value().name))
            .toList();
    return new SyncContent(
        new Pins(rows).contacts(), names, state.archive(), state.receipts.on, state.kept());
  }

  /** The server has that; what was changed since is still to be put. */
  void wasPut(Due due) {
    SyncContent put = due.content();
    State state = state(rows);
    boolean isChosenSince =
        state.receipts.changed && state.receipts.on != put.readReceipts();
    rows.put(
        STATE,
        KEY,
        state
            .with(due.counter(), !content().says(put))
            .with(new Receipts(state.receipts.on, isChosenSince)));
    for (SyncContent.Named named : put.devices()) {
      if (nameOf(named.id()).equals(Optional.of(named.name()))) {
        rows.put(NAMES, named.id().value(), new DeviceName(named.name(), false));
      }
    }
    new Standings(rows).wasPut(put.contacts());
  }

  void name(DeviceId device, String name) {
    var named = new SyncContent.Named(device, name);
    rows.put(NAMES, device.value(), new DeviceName(named.name(), true));
    changed(rows);
  }

  Optional<String> nameOf(DeviceId device) {
    return rows.get(NAMES, device.value()).map(DeviceName::name);
  }

  /**
   * Takes what the other devices know, on a new one.
   *
   * @param isCurrent if it is older than it may be, nobody is taken for verified
   * @param newestKeyId of the vault; a removed device may have sealed what is under an older one
   * @throws Breach if no own device sealed it
   */
  void begin(long counter, Bytes blob, boolean isCurrent, long newestKeyId) {
    SyncContent content = open(counter, blob);
    boolean isTrusted = isCurrent && OwnKey.keyIdOf(blob.toArray()) >= newestKeyId;
    joinContent(isTrusted ? content : content.asUnverified());
    rows.put(STATE, KEY, state(rows).with(counter, !isTrusted));
  }

  /**
   * Joins what another device put.
   *
   * @param isRestored whether the server was restored, and may have lost newer ones
   * @return who is accepted since
   * @throws Breach if it is older than one seen, or no own device sealed it
   */
  List<UserName> join(long counter, Optional<Bytes> blob, boolean isRestored) {
    State state = state(rows);
    if (counter < state.counter && !isRestored) {
      throw new Breach(Alarm.SYNC_ROLLED_BACK);
    }
    boolean isOlder = counter < state.counter || blob.isEmpty();
    // One under an older key may be of a device that was removed.
    if (isOlder || OwnKey.keyIdOf(blob.get().toArray()) < new OwnKeys(rows).newest().id()) {
      // What is here is the newer one: it is put anew, after what the server has.
      rows.put(STATE, KEY, state.with(counter, true));
      return List.of();
    }
    boolean isReadable =
        OwnKey.keyIdOf(blob.get().toArray()) == new OwnKeys(rows).newest().id();
    // Else a sibling's message with the new own key is on its way.
    if (!isReadable) {
      return List.of();
    }
    SyncContent theirs = open(counter, blob.get());
    List<UserName> accepted = joinContent(theirs);
    rows.put(STATE, KEY, state(rows).with(counter, !content().says(theirs)));
    return accepted;
  }

  private SyncContent open(long counter, Bytes blob) {
    try {
      List<OwnKey> keys = new OwnKeys(rows).all();
      String user = self.user().value();
      return SyncContent.fromJson(
          OwnKey.openSync(keys, self.serverHost(), user, counter, blob.toArray()));
    } catch (RefusedException e) {
      throw new Breach(Alarm.SYNC_ROLLED_BACK);
    }
  }

  private List<UserName> joinContent(SyncContent content) {
    State state = state(rows);
    List<UserName> accepted =
        content.contacts().stream()
            .filter(contact -> !contact.user().equals(self.user()))
            .filter(new Pins(rows)::join)
            .map(SyncContent.Contact::user)
            .toList();
    content.devices().forEach(this::join);
    boolean isOurs = state.receipts.changed && state.receipts.on != content.readReceipts();
    Receipts receipts = isOurs ? state.receipts : new Receipts(content.readReceipts(), false);
    rows.put(
        STATE,
        KEY,
        state(rows)
            .with(state.archive().joined(content.archive()))
            .with(receipts)
            .with(state.kept().joined(content.others())));
    return accepted;
  }

  private void join(SyncContent.Named named) {
    boolean isOwn =
        rows.get(NAMES, named.id().value())
            .filter(ours -> ours.changed && !ours.name.equals(named.name()))
            .isPresent();
    if (!isOwn) {
      rows.put(NAMES, named.id().value(), new DeviceName(named.name(), false));
    }
  }
}
