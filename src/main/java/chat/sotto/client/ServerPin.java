package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.protocol.Hello;
import java.util.Optional;

/**
 * What this device knows of its server: the sign key, and how far each node's seal keys have come.
 */
final class ServerPin {
  private static final Table<SignKey> SIGN_KEY = new Table<>("server", SignKey.class);
  private static final String KEY = "sign-key";
  private static final Table<Serial> SERIALS = new Table<>("server-serial", Serial.class);

  private final Rows rows;

  private record SignKey(Bytes key) {}

  private record Serial(long serial) {}

  ServerPin(Rows rows) {
    this.rows = rows;
  }

  /** Empty before the first contact. */
  Optional<Bytes> signKey() {
    return rows.get(SIGN_KEY, KEY).map(SignKey::key);
  }

  /** The highest serial seen from that node; 0 if none was. */
  long serial(String node) {
    return rows.get(SERIALS, node).map(Serial::serial).orElse(0L);
  }

  /** Called when the server has proved in its first reply that it holds these keys. */
  void learn(Hello hello) {
    rows.put(SIGN_KEY, KEY, new SignKey(hello.signKey()));
    for (Hello.SealKey key : hello.sealKeys()) {
      rows.put(SERIALS, key.node(), new Serial(Math.max(serial(key.node()), key.serial())));
    }
  }
}
