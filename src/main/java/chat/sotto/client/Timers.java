package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Optional;

/** After how many seconds messages of conversations disappear (docs/protocol.md §7.9). */
final class Timers {
  private static final Table<Kept> TIMERS = new Table<>("timer", Kept.class);

  private final Rows rows;

  private record Kept(long seconds, long nr, Bytes id) {}

  Timers(Rows rows) {
    this.rows = rows;
  }

  /** The name of the conversation with a person, in keys. */
  static String with(UserName user) {
    return "user/" + user;
  }

  /** As {@link #with}, of a group. */
  static String of(GroupId group) {
    return "group/" + group;
  }

  /**
   * Of all timers of a conversation, the one with the highest number counts; of one number, the one
   * with the higher id.
   *
   * @param id of the message that brings it
   * @return whether it counts from now on
   */
  boolean take(String conversation, Bytes id, Content.Timer timer) {
    boolean counts =
        find(conversation)
            .filter(known -> known.nr > timer.nr() || known.nr == timer.nr() && !isBelow(known, id))
            .isEmpty();
    if (counts) {
      rows.put(TIMERS, conversation, new Kept(timer.seconds(), timer.nr(), id));
    }
    return counts;
  }

  private static boolean isBelow(Kept known, Bytes id) {
    return known.id.compareTo(id) < 0;
  }

  /** Whether no later one counts in the place of this one. */
  boolean counts(String conversation, Bytes id) {
    return find(conversation).filter(known -> known.id.equals(id)).isPresent();
  }

  /** What is written now disappears so many seconds after it was read; empty if it stays. */
  Optional<Long> disappearAfter(String conversation) {
    return find(conversation).map(Kept::seconds).filter(seconds -> seconds != Content.Timer.NEVER);
  }

  /** The number that a timer has to have to count. */
  long next(String conversation) {
    return Math.min(Content.NR_MAX, find(conversation).map(Kept::nr).orElse(0L) + 1);
  }

  private Optional<Kept> find(String conversation) {
    return rows.get(TIMERS, conversation);
  }
}
