package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.StrictJson;
import java.util.Optional;

/**
 * Who this device is. The account key's private half is not here: it exists only in the vault.
 *
 * @param deviceSeed Ed25519 seed of the device sign key, 32 bytes
 * @param syncKey the first own key (docs/protocol.md §13), 32 bytes
 * @param list the account's own device list
 * @param token empty before the first sign-in and after sign-out
 * @param registered whether the server has confirmed the account
 */
record Self(
    UserName user,
    String serverHost,
    DeviceId device,
    Secret deviceSeed,
    Secret syncKey,
    DeviceList list,
    Optional<Secret> token,
    boolean registered) {
  private static final Table<Self> SELF = new Table<>("self", Self.class);
  private static final String KEY = "self";

  static Optional<Self> find(Rows rows) {
    return rows.get(SELF, KEY);
  }

  /** @throws StoreException if this store has no account yet */
  static Self of(Rows rows) {
    return find(rows).orElseThrow(() -> new StoreException("this store has no account"));
  }

  void put(Rows rows) {
    rows.put(SELF, KEY, this);
  }

  SigningKey deviceKey() {
    return Ed25519.fromSeed(deviceSeed.toArray());
  }

  /** As openings carry it. */
  byte[] listJson() {
    return StrictJson.encode(list, DeviceList.class);
  }

  Self withList(DeviceList newList) {
    return new Self(
        user, serverHost, device, deviceSeed, syncKey, newList, token, registered);
  }

  Self withToken(Optional<Secret> newToken) {
    return new Self(user, serverHost, device, deviceSeed, syncKey, list, newToken, true);
  }
}
