package chat.sotto.user;

import chat.sotto.journal.StateSnapshotSerializer;

/** A user's state as a snapshot. */
public final class UserSnapshotSerializer extends StateSnapshotSerializer<UserState> {
  /** To be raised with every change of what {@link UserState} holds or derives. */
  static final String VERSION = "user-state-5";

  private static final int IDENTIFIER = 1002;

  public UserSnapshotSerializer() {
    super(IDENTIFIER, UserState.class, VERSION);
  }
}
