package chat.sotto.audit;

import chat.sotto.journal.JournalFile;
import chat.sotto.model.UserName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Collects the figures of a journal while it is replayed: what it holds grows with users, groups
 * and days, not with entries. Thread-safe.
 */
public final class Statistics implements Function<String, Watcher> {
  private static final Watcher NOBODY = new Watcher() {};
  private static final double DAY_MILLIS = Duration.ofDays(1).toMillis();

  final Delays delays = new Delays();
  final AccountCounts accounts = new AccountCounts();
  final Days days = new Days();
  final GroupPosts groupPosts;
  final LongAdder owed = new LongAdder();
  final LongAdder acknowledged = new LongAdder();
  final LongAdder waiting = new LongAdder();
  final LongAdder cutOff = new LongAdder();
  final LongAdder bytes = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final AtomicLong from = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong to = new AtomicLong(Long.MIN_VALUE);
  private final Map<UserName, LongAdder> sent = new ConcurrentHashMap<>();
  private final Map<UserName, LongAdder> posts = new ConcurrentHashMap<>();
  private final List<UserStatistics> users = new ArrayList<>();
  private final List<Figures.OfGroup> groups = new ArrayList<>();

  public Statistics(JournalFile journal) {
    this.groupPosts = new GroupPosts(journal);
  }

  /** Who watches the entity of that name. */
  @Override
  public Watcher apply(String entity) {
    if (entity.startsWith(UserStatistics.ENTITY_PREFIX)) {
      return new UserStatistics(this);
    } else if (entity.startsWith(GroupStatistics.ENTITY_PREFIX)) {
      return new GroupStatistics(this);
    }
    return NOBODY;
  }

  void event(long time) {
    events.increment();
    from.accumulateAndGet(time, Math::min);
    to.accumulateAndGet(time, Math::max);
  }

  void sent(UserName user) {
    sent.computeIfAbsent(user, first -> new LongAdder()).increment();
  }

  void posted(UserName user) {
    posts.computeIfAbsent(user, first -> new LongAdder()).increment();
  }

  private static long of(Map<UserName, LongAdder> counts, UserName user) {
    return Optional.ofNullable(counts.get(user)).map(LongAdder::sum).orElse(0L);
  }

  synchronized void add(UserStatistics user) {
    users.add(user);
  }

  synchronized void add(Figures.OfGroup group) {
    groups.add(group);
  }

  /** When everything was seen. */
  public synchronized Figures figures() {
    List<Figures.OfUser> ofUsers =
        users.stream()
            .map(one -> one.figures(of(sent, one.user()), of(posts, one.user())))
            .sorted(Comparator.comparing(Figures.OfUser::user))
            .toList();
    List<Figures.OfGroup> ofGroups =
        groups.stream().sorted(Comparator.comparing(Figures.OfGroup::group)).toList();
    return new Figures(
        overview(ofUsers, ofGroups),
        delivery(),
        accounts.figures(),
        ofUsers,
        ofGroups,
        days.list());
  }

  private Figures.Overview overview(
      List<Figures.OfUser> ofUsers, List<Figures.OfGroup> ofGroups) {
    boolean isEmpty = events.sum() == 0;
    long entries = ofUsers.stream().mapToLong(Figures.OfUser::received).sum();
    long postCount = ofGroups.stream().mapToLong(Figures.OfGroup::posts).sum();
    double span = isEmpty ? 0 : (to.get() - from.get()) / DAY_MILLIS;
    return new Figures.Overview(
        isEmpty ? Optional.empty() : Optional.of(Moment.of(from.get())),
        isEmpty ? Optional.empty() : Optional.of(Moment.of(to.get())),
        events.sum(),
        ofUsers.size(),
        ofGroups.size(),
        entries,
        postCount,
        bytes.sum(),
        Math.round(10 * (entries + postCount) / Math.max(span, 1)) / 10.0);
  }

  private Figures.Delivery delivery() {
    long rest = owed.sum() - acknowledged.sum() - waiting.sum() - cutOff.sum();
    return new Figures.Delivery(
        owed.sum(),
        acknowledged.sum(),
        waiting.sum(),
        cutOff.sum(),
        Math.max(rest, 0),
        delays.count(),
        delays.quantile(0.5),
        delays.quantile(0.95),
        delays.max(),
        delays.classes());
  }
}
