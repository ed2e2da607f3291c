package chat.sotto.group;

import chat.sotto.journal.StateSnapshotSerializer;

/** A group's state as a snapshot. */
public final class GroupSnapshotSerializer extends StateSnapshotSerializer<GroupState> {
  /** To be raised with every change of what {@link GroupState} holds or derives. */
  static final String VERSION = "group-state-4";

  private static final int IDENTIFIER = 1003;

  public GroupSnapshotSerializer() {
    super(IDENTIFIER, GroupState.class, VERSION);
  }
}
