package chat.sotto.client;

import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Membership;
import java.util.Optional;
import java.util.stream.Stream;

/** Which devices of this user its groups have (docs/protocol.md §9.8). */
final class OwnRosters {
  private final Rows rows;
  private final Self self;

  OwnRosters(Rows rows) {
    this.rows = rows;
    self = Self.of(rows);
  }

  /**
   * Whether the own list is without that device, and every group that goes on has this list, or a
   * proposal of it: nothing is posted there before a commit settled that. A list of before may be
   * from before the device came, if this one is behind in the log.
   */
  boolean isGone(DeviceId device) {
    var groups = new GroupRows(rows);
    DeviceList own = self.list();
    return own.device(device).isEmpty()
        && groups.all().stream()
            .flatMap(group -> groups.find(group).stream())
            .filter(GroupView::isOpen)
            .map(GroupView::membership)
            .flatMap(membership -> newest(membership).stream())
            .allMatch(list -> list.version() >= own.version());
  }

  private Optional<DeviceList> newest(Membership membership) {
    Stream<DeviceList> proposed =
        membership.pending().stream()
            .filter(one -> one.user().equals(self.user()))
            .filter(one -> one.op() instanceof GroupProposal.Devices)
            .map(one -> ((GroupProposal.Devices) one.op()).deviceList());
    return proposed
        .findFirst()
        .or(() -> membership.row(self.user()).map(Membership.Row::deviceList));
  }
}
