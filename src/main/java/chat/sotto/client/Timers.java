package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Optional;

/** After how many seconds messages of conversations disappear (docs/protocol.md §7.9). */
final class Timers {
  private static final Table<Kept> TIMERS = new Table<>("timer", Kept.class);

  /** A timer with a number further above the highest known is void: nobody uses the numbers up. */
  static final long STEP_MAX = 1 << 20;

  private static final String USER = "user/";
  private static final String GROUP = "group/";

  private final Rows rows;

  private record Kept(long seconds, long nr, Bytes id) {}

  Timers(Rows rows) {
    this.rows = rows;
  }

  /** The name of the conversation with a person, in keys. */
  static String with(UserName user) {
    return USER + user;
  }

  /** As {@link #with}, of a group. */
  static String of(GroupId group) {
    return GROUP + group;
  }

  /** The group of a conversation's name; empty if it is with a person. */
  static Optional<GroupId> group(String conversation) {
    return conversation.startsWith(GROUP)
        ? Optional.of(new GroupId(conversation.substring(GROUP.length())))
        : Optional.empty();
  }

  /** The person of the name of a conversation that is no group's. */
  static UserName user(String conversation) {
    return new UserName(conversation.substring(USER.length()));
  }

  /**
   * Of all timers of a conversation, the one with the highest number counts; of one number, the one
   * with the higher id. One that is too far above is void.
   *
   * @param id of the message that brings it
   * @return whether it counts from now on
   */
  boolean take(String conversation, Bytes id, Content.Timer timer) {
    Optional<Kept> before = find(conversation);
    boolean isBeyond = timer.nr() > before.map(Kept::nr).orElse(0L) + STEP_MAX;
    boolean counts =
        !isBeyond
            && before
                .filter(
                    known ->
                        known.nr > timer.nr() || known.nr == timer.nr() && !isBelow(known, id))
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
