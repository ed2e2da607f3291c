package chat.sotto.client;

import chat.sotto.crypto.OwnKey;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The account of this device's user as the server has it (docs/protocol.md §12.4). */
final class OwnAccount {
  private static final Table<Known> KNOWN = new Table<>("account", Known.class);

  /** What this device asked for, before it is known whether the server took it. */
  private static final Table<Asked> ASKED = new Table<>("account-asked", Asked.class);

  private static final String KEY = "account";

  private final Rows rows;
  private final SecureRandom random;
  private final long now;

  record Known(long vaultVersion, boolean hasRecovery, Optional<AccountPush.Reset> reset) {}

  /** @param ownKey the new one that goes with that list */
  private record Asked(DeviceList list, Optional<KeyRow> ownKey) {}

  private record KeyRow(long id, Secret key) {}

  /**
   * @param putBack the list that a restored server lost
   * @param changed whether the own devices are others now
   */
  record Outcome(List<ClientEvent> events, Optional<DeviceList> putBack, boolean changed) {}

  OwnAccount(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
  }

  Optional<Known> known() {
    return rows.get(KNOWN, KEY);
  }

  /** Stored before it is sent: if the answer is lost, the list that comes says what it was. */
  void asks(DeviceList list, Optional<OwnKey> ownKey) {
    Optional<KeyRow> key =
        ownKey.map(made -> new KeyRow(made.id(), Secret.of(made.toBytes())));
    rows.put(ASKED, KEY, new Asked(list, key));
  }

  /** @throws Breach if the list is not one that the own devices made, after what is known */
  Outcome take(AccountPush push) {
    var known = new Known(push.vaultVersion(), push.hasRecovery(), push.reset());
    rows.put(KNOWN, KEY, known);
    Self self = Self.of(rows);
    DeviceList list = push.deviceList();
    boolean isLost =
        list.accountKey().equals(self.list().accountKey())
            && list.version() < self.list().version()
            && new Inbox(rows, self).wasRestored();
    Optional<OwnLists.Change> change = isLost ? Optional.empty() : take(list);
    var events = new ArrayList<ClientEvent>();
    change.ifPresent(changed -> events.addAll(changed.events()));
    events.add(new ClientEvent.AccountState(known.hasRecovery(), known.reset()));
    return new Outcome(
        events, isLost ? Optional.of(self.list()) : Optional.empty(), change.isPresent());
  }

  /** Takes a list, and with it the own key if it is the one that this device asked for. */
  Optional<OwnLists.Change> take(DeviceList list) {
    Optional<OwnLists.Change> change = new OwnLists(rows).take(list);
    Optional<Asked> asked =
        rows.get(ASKED, KEY)
            .filter(one -> Statements.listHash(one.list).equals(Statements.listHash(list)));
    if (asked.isPresent()) {
      var keys = new OwnKeys(rows);
      asked
          .get()
          .ownKey
          .map(key -> OwnKey.of(key.id, key.key.toArray()))
          .ifPresent(
              key -> {
                keys.add(key, list.version());
                keys.made();
                keys.share(Self.of(rows), random, now);
                Sync.changed(rows);
              });
      rows.delete(ASKED, KEY);
    }
    return change;
  }
}
