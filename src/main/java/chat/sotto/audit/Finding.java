package chat.sotto.audit;

/**
 * Something that does not hold, and where. Nothing in it is secret: it names what the journal
 * itself shows to whoever may read it.
 *
 * @param entity the journal's name of it, such as {@code User|bob}; empty if it is the whole file
 * @param number of the event in its entity, 0 if it is the entity as a whole
 * @param expected and {@code found}: in words, or as hex where they are hashes
 */
public record Finding(Code code, String entity, long number, String expected, String found) {
  /** What kind of thing does not hold. The texts are stable: docs/audit.md lists them. */
  public enum Code {
    FILE_DAMAGED("file-damaged"),
    COPY_INCOMPLETE("copy-incomplete"),
    ENTITY_UNKNOWN("entity-unknown"),
    EVENT_MISSING("event-missing"),
    CHAIN_BROKEN("chain-broken"),
    EVENT_UNREADABLE("event-unreadable"),
    RULE_BROKEN("rule-broken"),
    SIGNATURE_WRONG("signature-wrong"),
    DEVICE_LIST_UNKNOWN("device-list-unknown"),
    SENDER_UNKNOWN("sender-unknown"),
    ACKNOWLEDGED_NOTHING("acknowledged-nothing"),
    BODY_MISSING("body-missing"),
    BODY_ALTERED("body-altered"),
    HISTORY_SHORTENED("history-shortened"),
    HISTORY_CHANGED("history-changed"),
    SERVER_KEY_UNKNOWN("server-key-unknown");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
