package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The figures of one group. */
final class GroupStatistics implements Watcher {
  static final String ENTITY_PREFIX = "Group|";

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  /** Days on which the membership changed; later ones are left out. */
  private static final int COUNTS_MAX = 4000;

  private final Statistics all;
  private final TreeMap<Long, Long> membersByDay = new TreeMap<>();
  private GroupState last;
  private long madeAt;
  private long posts;
  private Membership counted;
  private long members;
  private long devices;

  GroupStatistics(Statistics all) {
    this.all = all;
  }

  @Override
  public void saw(GroupId group, StoredEntry entry, GroupEvent event, GroupState after) {
    all.event(event.time());
    if (last == null) {
      madeAt = event.time();
    }
    if (event instanceof GroupEvent.Posted posted) {
      posts++;
      all.posted(posted.user());
      all.days.addPost(event.time());
      all.bytes.add(posted.size());
      // The device that wrote it has it.
      all.owed.add(devices - 1);
    }
    last = after;
    count(event.time(), after.membership());
  }

  /** A post leaves the membership what it is, so few entries are counted. */
  private void count(long time, Membership membership) {
    if (membership != counted) {
      counted = membership;
      members = membership.rows().keySet().stream().filter(membership::isMember).count();
      devices =
          membership.rows().entrySet().stream()
              .filter(row -> membership.isMember(row.getKey()))
              .mapToLong(row -> row.getValue().deviceList().devices().size())
              .sum();
      long day = time / DAY_MILLIS;
      if (membersByDay.size() < COUNTS_MAX || membersByDay.containsKey(day)) {
        membersByDay.put(day, members);
      }
    }
  }

  @Override
  public void ended() {
    if (last != null) {
      Membership membership = last.membership();
      long invited =
          membership.rows().values().stream().filter(row -> !row.role().isMember()).count();
      all.add(
          new Figures.OfGroup(
              last.group(),
              Moment.of(madeAt),
              members,
              invited,
              membership.epoch(),
              last.head().sequenceNr(),
              posts,
              counts()));
    }
  }

  /** Only the days on which the number changed. */
  private List<Figures.MemberCount> counts() {
    var counts = new ArrayList<Figures.MemberCount>();
    long before = -1;
    for (var each : membersByDay.entrySet()) {
      if (each.getValue() != before) {
        before = each.getValue();
        counts.add(new Figures.MemberCount(Moment.dayOf(each.getKey() * DAY_MILLIS), before));
      }
    }
    return counts;
  }
}
