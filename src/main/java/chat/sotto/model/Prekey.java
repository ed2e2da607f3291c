package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A public key that receives session keys, signed alone by its device (docs/protocol.md §4.2).
 *
 * @param id 1 to 2^31−1, never used twice by a device
 * @param key HPKE public key of the suite
 */
public record Prekey(long id, Kind kind, int suite, Bytes key, Bytes signature) {
  public static final long ID_MAX = Integer.MAX_VALUE;

  /** More than any known suite's key: X-Wing's is 1,216 bytes. */
  public static final int KEY_BYTES_MAX = 2048;

  public Prekey {
    Bounds.within("id", id, 1, ID_MAX);
    Bounds.within("suite", suite, 1, Bounds.SUITE_MAX);
    Bounds.size("key", key, Bounds.KEY_BYTES, KEY_BYTES_MAX);
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
  }

  public enum Kind {
    @JsonProperty("signed")
    SIGNED("signed"),
    @JsonProperty("one-time")
    ONE_TIME("one-time");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind as it is signed and sent. */
    public String text() {
      return text;
    }
  }
}
