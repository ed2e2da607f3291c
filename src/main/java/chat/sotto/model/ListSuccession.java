package chat.sotto.model;

import java.util.Optional;

/**
 * Which device list of a user may take the place of another in a roster (docs/protocol.md §4.1,
 * §9.1). Whether it is well signed was checked before.
 */
final class ListSuccession {
  private ListSuccession() {}

  /** The user's list that a proposal brings. */
  static Optional<DeviceList> broughtBy(UserName user, GroupContent content) {
    return content instanceof GroupContent.Proposal proposal
            && proposal.op() instanceof GroupProposal.Devices devices
        ? Optional.of(devices.deviceList()).filter(list -> list.user().equals(user))
        : Optional.empty();
  }

  /** A new account key is taken only from a device that the group knows: it answers for the key. */
  static boolean follows(DeviceList old, DeviceList list) {
    return list.user().equals(old.user())
        && list.version() > old.version()
        && (list.accountKey().equals(old.accountKey()) || Statements.verifyKeyChange(old, list));
  }
}
