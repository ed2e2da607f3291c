package chat.sotto.group;

import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;

/**
 * Where lies what belongs to a commit. Each attempt has ids of its own, so one that is refused
 * cannot overwrite the one that is stored. No part can contain a slash.
 */
public final class BodyIds {
  private BodyIds() {}

  /** The sealed name. */
  public static String info(GroupId group, String attempt) {
    return "group-info/" + group + "/" + attempt;
  }

  /** One device's piece. */
  public static String piece(GroupId group, String attempt, DeviceId device) {
    return "group-piece/" + group + "/" + attempt + "/" + device;
  }

  /** The roster after a commit that invites somebody: JSON of {@link RosterBody}. */
  public static String roster(GroupId group, String attempt) {
    return "group-roster/" + group + "/" + attempt;
  }
}
