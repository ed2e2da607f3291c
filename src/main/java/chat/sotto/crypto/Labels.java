package chat.sotto.crypto;

/** Every label and domain separator of the protocol (docs/protocol.md §1.1), in this one place. */
public final class Labels {
  public static final String PREFIX = "sotto/v1/";

  // Labels of signatures.
  public static final String HELLO = PREFIX + "hello";
  public static final String FIRST = PREFIX + "first";
  public static final String SERVER_FIRST = PREFIX + "server-first";
  public static final String PREKEY = PREFIX + "prekey";
  public static final String OPENING = PREFIX + "opening";
  public static final String ACK = PREFIX + "ack";

  // A label of a signature and of a hash over the same items.
  public static final String DEVICE_LIST = PREFIX + "device-list";

  // Labels of hashes.
  public static final String TRANSCRIPT = PREFIX + "transcript";
  public static final String PASSWORD = PREFIX + "password";
  public static final String LOG = PREFIX + "log";
  public static final String ENTRY = PREFIX + "entry";
  public static final String BODY = PREFIX + "body";
  public static final String SERVER = PREFIX + "server";

  // HPKE info, psk_id and exporter context.
  public static final String CLIENT_TO_SERVER = PREFIX + "c2s";
  public static final String SERVER_TO_CLIENT = PREFIX + "s2c";
  public static final String PSK = PREFIX + "psk";
  public static final String PSK_ID = "sotto/v1";

  // HKDF info.
  public static final String AUTH_SECRET = PREFIX + "auth-secret";
  public static final String VAULT_KEY = PREFIX + "vault-key";
  public static final String VERIFY = PREFIX + "verify";
  public static final String VAULT_WRAP = PREFIX + "vault-wrap";
  public static final String SESSION = PREFIX + "session";
  public static final String RATCHET = PREFIX + "ratchet";

  // First item of an AAD, and of the data of a safety number.
  public static final String VAULT = PREFIX + "vault";
  public static final String MESSAGE = PREFIX + "message";
  public static final String SAFETY = PREFIX + "safety";

  private Labels() {}
}
