package chat.sotto.edge;

import chat.sotto.group.BodyIds;
import chat.sotto.group.Group;
import chat.sotto.group.GroupLogEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.user.Position;
import java.util.Optional;

/** A group's log as a {@link Cursor} sees it. @param device whose pieces are its own bodies */
record GroupLog(GroupId group, DeviceId device) implements Cursor.Log<GroupLogEntry> {
  /** Those that a group told of are the same for all its connections. */
  private static final int QUEUED_MAX = 64;

  /** Few, since a connection may have 500 groups. */
  private static final int READ_MAX = 16;

  /** Every event is an entry, so both have the same number; bytes are not counted. */
  static Position position(Point at) {
    return new Position(at, at.sequenceNr(), 0);
  }

  @Override
  public Position after(Position before, GroupLogEntry entry) {
    return position(entry.point());
  }

  @Override
  public Optional<String> ownBody(GroupLogEntry entry) {
    return entry instanceof GroupLogEntry.OfDevice made
            && made.bodies() instanceof Group.CommitBodies commit
        ? Optional.of(BodyIds.piece(group, commit.attempt(), device))
        : Optional.empty();
  }

  @Override
  public int queuedMax() {
    return QUEUED_MAX;
  }

  @Override
  public int readMax() {
    return READ_MAX;
  }
}
