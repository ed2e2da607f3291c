package chat.sotto.client;

import chat.sotto.model.GroupId;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * The memberships of groups after each of their last entries that are no posts: to one of them a
 * device goes back with a restored server (docs/protocol.md §10).
 */
final class GroupPast {
  static final int KEPT_MAX = 16;

  private static final Table<Membership> MEMBERSHIPS =
      new Table<>("group-past", Membership.class);

  /** Rosters are long, so they are read only when one is needed. */
  private static final Table<Kept> KEPT = new Table<>("group-past-kept", Kept.class);

  private final Rows rows;

  /** @param numbers of the entries, rising */
  private record Kept(List<Long> numbers) {}

  GroupPast(Rows rows) {
    this.rows = rows;
  }

  /** The membership after that entry, if it is remembered so far back. */
  Optional<Membership> at(GroupId group, long sequenceNr) {
    return numbers(group).stream()
        .filter(number -> number <= sequenceNr)
        .max(Comparator.naturalOrder())
        .flatMap(number -> rows.get(MEMBERSHIPS, Keys.ordinal(group.value(), number)));
  }

  /** Everybody who was in one of them. */
  Set<UserName> people(GroupId group) {
    return numbers(group).stream()
        .flatMap(
            number -> rows.get(MEMBERSHIPS, Keys.ordinal(group.value(), number)).stream())
        .flatMap(membership -> membership.rows().keySet().stream())
        .collect(Collectors.toSet());
  }

  /** The membership after the newest entry. */
  void remember(Membership membership) {
    GroupId group = membership.group();
    long number = membership.changedNr();
    var numbers = new ArrayList<>(numbers(group));
    if (!numbers.contains(number)) {
      rows.put(MEMBERSHIPS, Keys.ordinal(group.value(), number), membership);
      numbers.add(number);
      rows.put(KEPT, group.value(), new Kept(numbers));
      long first = numbers.get(Math.max(0, numbers.size() - KEPT_MAX));
      forget(group, kept -> kept < first);
    }
  }

  /** What came after that entry has never been. */
  void forgetAfter(GroupId group, long sequenceNr) {
    forget(group, number -> number > sequenceNr);
  }

  void forgetAll(GroupId group) {
    forget(group, number -> true);
  }

  private void forget(GroupId group, LongPredicate which) {
    var left = new ArrayList<Long>();
    for (long number : numbers(group)) {
      if (which.test(number)) {
        rows.delete(MEMBERSHIPS, Keys.ordinal(group.value(), number));
      } else {
        left.add(number);
      }
    }
    rows.put(KEPT, group.value(), new Kept(left));
  }

  private List<Long> numbers(GroupId group) {
    return rows.get(KEPT, group.value()).map(Kept::numbers).orElse(List.of());
  }
}
