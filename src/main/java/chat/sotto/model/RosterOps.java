package chat.sotto.model;

import java.util.List;
import java.util.TreeMap;

/**
 * What ops make of a roster, for those who make a commit; whether they may stands in {@link
 * Membership}.
 */
public final class RosterOps {
  private RosterOps() {}

  /** The roster after the ops, rising by user. */
  public static List<RosterRow> after(List<RosterRow> before, List<GroupOp> ops) {
    var rows = new TreeMap<UserName, RosterRow>();
    before.forEach(row -> rows.put(row.user(), row));
    for (GroupOp op : ops) {
      if (op instanceof GroupOp.Found found) {
        put(rows, GroupRole.ADMIN, found.deviceList());
      } else if (op instanceof GroupOp.Invite invite) {
        put(rows, GroupRole.INVITED, invite.deviceList());
      } else if (op instanceof GroupOp.ChangeRole change) {
        rows.computeIfPresent(
            op.user(), (user, row) -> new RosterRow(change.role(), row.deviceList()));
      } else if (op instanceof GroupOp.Devices devices) {
        rows.computeIfPresent(
            op.user(), (user, row) -> new RosterRow(row.role(), devices.deviceList()));
      } else if (!(op instanceof GroupOp.Rekey)) {
        rows.remove(op.user());
      }
    }
    return List.copyOf(rows.values());
  }

  private static void put(TreeMap<UserName, RosterRow> rows, GroupRole role, DeviceList list) {
    rows.put(list.user(), new RosterRow(role, list));
  }
}
