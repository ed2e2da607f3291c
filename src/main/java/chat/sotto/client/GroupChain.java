package chat.sotto.client;

import chat.sotto.crypto.GroupEpoch;
import chat.sotto.crypto.GroupMessages;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Membership;
import chat.sotto.model.RosterRow;
import chat.sotto.protocol.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far one device has posted in an epoch.
 *
 * @param key of its next post; absent if this device has no keys of the epoch
 * @param counter of its last post, 0 before the first
 */
record GroupChain(Optional<Secret> key, long counter) {
  static final GroupChain UNKNOWN = new GroupChain(Optional.empty(), 0);

  /** Those of every device of a roster, where they begin. */
  static Map<DeviceId, GroupChain> all(Membership membership, Optional<GroupEpoch> epoch) {
    var chains = new LinkedHashMap<DeviceId, GroupChain>();
    for (RosterRow row : membership.roster()) {
      for (Device device : row.deviceList().devices()) {
        String user = row.user().value();
        String id = device.id().value();
        chains.put(
            device.id(),
            new GroupChain(epoch.map(keys -> Secret.of(keys.chainKey(user, id))), 0));
      }
    }
    return chains;
  }

  GroupChain advanced() {
    return new GroupChain(
        key.map(now -> Secret.of(GroupMessages.nextChainKey(now.toArray()))), counter + 1);
  }
}
