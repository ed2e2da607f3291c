package chat.sotto.model;

/** Somebody who belongs to a group. */
public record RosterRow(GroupRole role, DeviceList deviceList) {
  public UserName user() {
    return deviceList.user();
  }
}
