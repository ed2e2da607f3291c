package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A device that its user's list does not have yet. It keeps its keys however often it has to try:
 * if the answer to one attempt was lost, the server knows it by them.
 */
record Newcomer(UserName user, String serverHost, DeviceId device, Secret deviceSeed) {
  private static final Table<Newcomer> NEWCOMER = new Table<>("newcomer", Newcomer.class);
  private static final String KEY = "newcomer";
  private static final int ID_BYTES = 16;

  static Optional<Newcomer> find(Rows rows) {
    return rows.get(NEWCOMER, KEY);
  }

  /** The one that is here already, or a new one. */
  static Newcomer of(Rows rows, UserName user, String serverHost, SecureRandom random) {
    return find(rows)
        .filter(known -> known.user.equals(user))
        .orElseGet(() -> make(rows, user, serverHost, random));
  }

  private static Newcomer make(
      Rows rows, UserName user, String serverHost, SecureRandom random) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    var newcomer =
        new Newcomer(
            user,
            serverHost,
            new DeviceId(HexFormat.of().formatHex(id)),
            Secret.of(Ed25519.generate(random).exportSeed()));
    rows.put(NEWCOMER, KEY, newcomer);
    return newcomer;
  }

  /** It is one of the user's devices now. */
  static void arrived(Rows rows) {
    rows.delete(NEWCOMER, KEY);
  }

  SigningKey deviceKey() {
    return Ed25519.fromSeed(deviceSeed.toArray());
  }
}
