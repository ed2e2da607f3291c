package chat.sotto.group;

import java.time.Duration;

/**
 * What a group's log is bounded by; its people and devices are by the protocol.
 *
 * @param postsBurst posts at once, of all members together; at least 1
 * @param postEvery then one in each period
 */
public record GroupLimits(int postsBurst, Duration postEvery) {
  public static final GroupLimits DEFAULT = new GroupLimits(50, Duration.ofMillis(20));
}
