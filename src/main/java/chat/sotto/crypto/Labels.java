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
  public static final String ACCOUNT_CHANGE = PREFIX + "account-change";
  public static final String GROUP_OP = PREFIX + "group-op";

  // A label of a signature, and the first item of the AAD of what is signed.
  public static final String GROUP_MESSAGE = PREFIX + "group-message";

  // A label of a signature and of a hash over the same items.
  public static final String DEVICE_LIST = PREFIX + "device-list";

  // Labels of a signature and of a hash, over different items.
  public static final String RESTORED = PREFIX + "restored";
  public static final String CHECKPOINT = PREFIX + "checkpoint";
  public static final String WITNESS = PREFIX + "witness";

  // Labels of hashes.
  public static final String TRANSCRIPT = PREFIX + "transcript";
  public static final String PASSWORD = PREFIX + "password";
  public static final String LOG = PREFIX + "log";
  public static final String ENTRY = PREFIX + "entry";
  public static final String BODY = PREFIX + "body";
  public static final String SERVER = PREFIX + "server";
  public static final String ROSTER = PREFIX + "roster";
  public static final String COMMIT = PREFIX + "commit";
  public static final String GROUP_COMMIT = PREFIX + "group-commit";
  public static final String GROUP_PROPOSAL = PREFIX + "group-proposal";
  public static final String GROUP_POST = PREFIX + "group-post";
  public static final String RECOVERY_CODE = PREFIX + "recovery-code";

  // A label of a hash, and the first item of the AAD of what is hashed.
  public static final String GROUP_CONFIRM = PREFIX + "group-confirm";

  // A label of a hash, an HKDF info, and the first item of the AAD of what is hashed.
  public static final String ARCHIVE = PREFIX + "archive";

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
  public static final String RECOVERY_SECRET = PREFIX + "recovery-secret";

  // HKDF info of a key, and the first item of the AAD of what it seals.
  public static final String RECOVERY_VAULT = PREFIX + "recovery-vault";
  public static final String SYNC = PREFIX + "sync";

  // What HMAC covers to commit to a group's secrets.
  public static final String COMMIT_CHECK = PREFIX + "commit-check";
  public static final String JOIN_CHECK = PREFIX + "join-check";

  // First item of the info of what is derived from an epoch's secret.
  public static final String GROUP_NEXT = PREFIX + "group/next";
  public static final String GROUP_CONFIRM_KEY = PREFIX + "group/confirm";
  public static final String GROUP_INFO_KEY = PREFIX + "group/info";
  public static final String GROUP_CHAIN = PREFIX + "group/chain";

  // First item of the HPKE info of a group's secret.
  public static final String GROUP_SECRET = PREFIX + "group-secret";

  // First item of the AAD of what says who is writing.
  public static final String TYPING = PREFIX + "typing";

  // First item of the AAD of each chunk of a file.
  public static final String FILE = PREFIX + "file";

  // First item of an AAD, and of the data of a safety number.
  public static final String VAULT = PREFIX + "vault";
  public static final String MESSAGE = PREFIX + "message";
  public static final String SAFETY = PREFIX + "safety";
  public static final String GROUP_INFO = PREFIX + "group-info";

  private Labels() {}
}
