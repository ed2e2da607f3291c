package chat.sotto.audit;

/** What an audit counts. The texts are stable: docs/audit.md lists them. */
public enum Counted {
  USERS("users"),
  GROUPS("groups"),
  EVENTS("events"),
  /** Of an entity that was found broken before them. */
  EVENTS_NOT_JUDGED("eventsNotJudged"),
  /** Of inboxes. */
  ENTRIES("entries"),
  /** Of groups. */
  POSTS("posts"),
  ACKNOWLEDGEMENTS("acknowledgements"),
  SIGNATURES("signatures"),
  /** Their keys are gone, and events of that time did not hold them. */
  PREKEYS_WITHOUT_KEY("prekeysWithoutKey");

  private final String text;

  Counted(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
