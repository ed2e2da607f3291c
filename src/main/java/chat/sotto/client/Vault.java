package chat.sotto.client;

import chat.sotto.crypto.OwnKey;
import chat.sotto.crypto.RecoveryCode;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What a vault holds (docs/protocol.md §3). It is open only as long as the operation takes that
 * needed the password: nothing of it but the own keys is stored in the clear.
 *
 * @param accountSeed Ed25519 seed of the account key, 32 bytes
 * @param ownKeys with the ids 1, 2, …
 * @param syncCounter the highest one known when the vault was made
 * @param deviceList the list that it was made with
 */
record Vault(
    Secret accountSeed,
    List<Kept> ownKeys,
    Optional<RecoveryCode> recoveryCode,
    long syncCounter,
    ListRef deviceList) {
  static final int OWN_KEYS_MAX = 128;
  static final long GAP = 0;
  private static final int VERSION = 2;

  /** A device list by its name. */
  record ListRef(long version, Bytes hash) {
    ListRef {
      Bounds.atLeast("version", version, 1);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
    }

    static ListRef of(DeviceList list) {
      return new ListRef(list.version(), Statements.listHash(list));
    }
  }

  /**
   * An own key as the vault keeps it.
   *
   * @param listVersion of the device list for which it was made; {@link #GAP} if it only stands for
   *     one that is not known
   */
  record Kept(OwnKey key, Optional<Long> listVersion) {
    Kept {
      listVersion.ifPresent(version -> Bounds.atLeast("listVersion", version, GAP));
    }

    static Kept of(OwnKey key, long listVersion) {
      return new Kept(key, Optional.of(listVersion));
    }
  }

  private record KeyJson(long id, Secret key, Optional<Long> listVersion) {}

  private record Json(
      int version,
      Secret accountSeed,
      List<KeyJson> ownKeys,
      Optional<Secret> recoveryCode,
      long syncCounter,
      ListRef deviceList) {}

  private record FirstJson(
      int version, Secret accountSeed, Secret syncKey, ListRef deviceList) {}

  Vault {
    Bounds.size("accountSeed", Bytes.of(accountSeed.toArray()), Bounds.KEY_BYTES);
    ownKeys = Bounds.count("ownKeys", ownKeys, 1, OWN_KEYS_MAX);
    for (int i = 0; i < ownKeys.size(); i++) {
      Bounds.within("ownKeys", ownKeys.get(i).key().id(), i + 1, i + 1);
    }
    Bounds.atLeast("syncCounter", syncCounter, 0);
  }

  byte[] toJson() {
    var json =
        new Json(
            VERSION,
            accountSeed,
            ownKeys.stream()
                .map(
                    kept ->
                        new KeyJson(
                            kept.key.id(), Secret.of(kept.key.toBytes()), kept.listVersion))
                .toList(),
            recoveryCode.map(code -> Secret.of(code.toBytes())),
            syncCounter,
            deviceList);
    return StrictJson.encode(json, Json.class);
  }

  /**
   * The content of a vault that opened, of this version or the first.
   *
   * @throws RefusedException for anything else
   */
  static Vault fromJson(byte[] content) {
    try {
      return StrictJson.decode(content, ObjectNode.class).path("version").asInt() == 1
          ? fromFirst(StrictJson.decode(content, FirstJson.class))
          : fromSecond(StrictJson.decode(content, Json.class));
    } catch (JsonRefused | IllegalArgumentException e) {
      throw new RefusedException("a vault of another form");
    }
  }

  private static Vault fromFirst(FirstJson json) {
    var keys = List.of(new Kept(OwnKey.of(1, json.syncKey.toArray()), Optional.empty()));
    return new Vault(json.accountSeed, keys, Optional.empty(), 0, json.deviceList);
  }

  private static Vault fromSecond(Json json) {
    Bounds.within("version", json.version, VERSION, VERSION);
    return new Vault(
        json.accountSeed,
        json.ownKeys.stream()
            .map(key -> new Kept(OwnKey.of(key.id, key.key.toArray()), key.listVersion))
            .toList(),
        json.recoveryCode.map(code -> RecoveryCode.of(code.toArray())),
        json.syncCounter,
        json.deviceList);
  }

  @Override
  public String toString() {
    return "Vault[***]";
  }
}
