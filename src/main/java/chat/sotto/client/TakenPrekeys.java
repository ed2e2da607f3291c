package chat.sotto.client;

import chat.sotto.model.DeviceId;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import java.util.Optional;

/**
 * The last one-time prekey of each device that this device sealed something to. Within ten minutes
 * the server gives the same asker the same one, and by then its device may have erased it.
 */
final class TakenPrekeys {
  private static final Table<Last> LAST = new Table<>("prekey-taken", Last.class);

  private final Rows rows;

  private record Last(long id) {}

  TakenPrekeys(Rows rows) {
    this.rows = rows;
  }

  /** The one-time prekey if it was not used here before, else the signed one. */
  Prekey best(UserName user, DeviceId device, Optional<Prekey> oneTime, Prekey signed) {
    Optional<Long> last = rows.get(LAST, key(user, device)).map(Last::id);
    return oneTime.filter(prekey -> !last.equals(Optional.of(prekey.id()))).orElse(signed);
  }

  void take(UserName user, DeviceId device, Prekey.Kind kind, long id) {
    if (kind == Prekey.Kind.ONE_TIME) {
      rows.put(LAST, key(user, device), new Last(id));
    }
  }

  private static String key(UserName user, DeviceId device) {
    return user + "/" + device;
  }
}
