package chat.sotto.model;

/**
 * Which device list of a user may take the place of another in a roster (docs/protocol.md §4.1,
 * §9.1). Whether it is well signed was checked before.
 */
final class ListSuccession {
  private ListSuccession() {}

  /** A new account key is taken only from a device that the group knows: it answers for the key. */
  static boolean follows(DeviceList old, DeviceList list) {
    return list.user().equals(old.user())
        && list.version() > old.version()
        && (list.accountKey().equals(old.accountKey()) || Statements.verifyKeyChange(old, list));
  }
}
