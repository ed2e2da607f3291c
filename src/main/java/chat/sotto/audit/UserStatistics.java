package chat.sotto.audit;

import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.user.DeviceState;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The figures of one user, and of the deliveries to the user's devices. */
final class UserStatistics implements Watcher {
  static final String ENTITY_PREFIX = "User|";

  /** Times of two entities may differ by this though one event came before the other. */
  private static final long SLACK_MILLIS = Duration.ofMinutes(1).toMillis();

  private final Statistics all;
  private final AcceptedTimes times = new AcceptedTimes();
  private final Map<GroupId, Following> following = new HashMap<>();
  private final Map<DeviceId, Long> linkedAt = new HashMap<>();
  private UserState last;
  private long received;
  private long waiting;
  private Optional<Instant> waitingSince = Optional.empty();

  UserStatistics(Statistics all) {
    this.all = all;
  }

  /** A group whose log the devices follow: how far each came, as far as it has told. */
  private record Following(long since, Map<DeviceId, GroupPosts.Reader> readers) {}

  @Override
  public void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {
    UserState before = last == null ? UserState.empty(user) : last;
    last = after;
    all.event(event.time());
    all.accounts.saw(before, event);
    Accounts.brought(event).ifPresent(list -> listed(event.time(), list));
    if (event instanceof UserEvent.Accepted accepted) {
      accepted(accepted);
    } else if (event instanceof UserEvent.Acked acked) {
      acked(before, acked);
    } else if (event instanceof UserEvent.DeviceCutOff cut) {
      long lost = cut.head().sequenceNr() - cursor(before, cut.device());
      all.cutOff.add(Math.max(lost, 0));
      forget();
    } else if (event instanceof UserEvent.GroupJoined joined) {
      following.put(joined.group(), new Following(joined.time(), new HashMap<>()));
    } else if (event instanceof UserEvent.GroupLeft left) {
      following.remove(left.group());
    } else if (event instanceof UserEvent.Restored restored) {
      times.add(after.inbox().head().sequenceNr(), restored.time());
      all.owed.add(after.devices().size());
    } else if (event instanceof UserEvent.Erased) {
      following.clear();
    }
  }

  private void listed(long time, DeviceList list) {
    linkedAt.keySet().retainAll(list.devices().stream().map(Device::id).toList());
    list.devices().forEach(device -> linkedAt.putIfAbsent(device.id(), time));
  }

  private void accepted(UserEvent.Accepted event) {
    received++;
    all.sent(event.fromUser());
    all.days.addEntry(event.time());
    // The device that sends to its own user's others is given the entry as well.
    all.owed.add(last.devices().size());
    all.bytes.add(event.copies().stream().mapToLong(StoredCopy::size).sum());
    times.add(event.sequenceNr(), event.time());
  }

  private void acked(UserState before, UserEvent.Acked event) {
    if (event.journalNr().isPresent()) {
      long upTo = cursor(last, event.device());
      for (long nr = cursor(before, event.device()) + 1; nr <= upTo; nr++) {
        all.acknowledged.increment();
        long acceptedAt = times.of(nr);
        if (acceptedAt != AcceptedTimes.UNKNOWN) {
          all.delays.add(event.time() - acceptedAt);
        }
      }
      forget();
    }
    for (LogPoint item : event.items()) {
      if (item.kind().equals(LogPoint.GROUP) && GroupId.isValid(item.owner())) {
        ackedGroup(new GroupId(item.owner()), event, item.sequenceNr());
      }
    }
  }

  private void ackedGroup(GroupId group, UserEvent.Acked event, long upTo) {
    Following followed = following.get(group);
    if (followed != null) {
      GroupPosts.Reader reader = reader(group, followed, event.device());
      if (upTo > reader.after()) {
        GroupPosts.Reader further =
            all.groupPosts.pass(
                group,
                reader,
                upTo,
                postedAt -> {
                  all.acknowledged.increment();
                  all.delays.add(event.time() - postedAt);
                });
        followed.readers().put(event.device(), further);
      }
    }
  }

  private GroupPosts.Reader reader(GroupId group, Following followed, DeviceId device) {
    return followed
        .readers()
        .computeIfAbsent(
            device,
            first -> {
              long since = Math.max(followed.since(), linkedAt.getOrDefault(device, 0L));
              long start = all.groupPosts.lastBefore(group, since - SLACK_MILLIS);
              return new GroupPosts.Reader(last.user(), device, start, false);
            });
  }

  private static long cursor(UserState state, DeviceId device) {
    return Optional.ofNullable(state.devices().get(device))
        .map(found -> found.cursor().point().sequenceNr())
        .orElse(0L);
  }

  private void forget() {
    times.forgetBefore(lowestCursor() + 1);
  }

  private long lowestCursor() {
    return last.devices().values().stream()
        .mapToLong(device -> device.cursor().point().sequenceNr())
        .min()
        .orElse(0);
  }

  @Override
  public void ended() {
    if (last != null) {
      long head = last.inbox().head().sequenceNr();
      for (DeviceState device : last.devices().values()) {
        waiting += head - device.cursor().point().sequenceNr();
      }
      long oldest = times.of(lowestCursor() + 1);
      waitingSince =
          oldest == AcceptedTimes.UNKNOWN ? Optional.empty() : Optional.of(Moment.of(oldest));
      following.forEach(this::addWaitingPosts);
      all.waiting.add(waiting);
      all.accounts.ended(last);
      all.add(this);
    }
  }

  private void addWaitingPosts(GroupId group, Following followed) {
    long head = all.groupPosts.head(group);
    for (Device device : devices()) {
      GroupPosts.Reader reader = reader(group, followed, device.id());
      all.groupPosts.pass(group, reader, head, postedAt -> waiting++);
    }
  }

  /** Those of an erased account are only a list. */
  private List<Device> devices() {
    return last.account().stream()
        .flatMap(account -> account.deviceList().devices().stream())
        .filter(device -> last.devices().containsKey(device.id()))
        .toList();
  }

  UserName user() {
    return last.user();
  }

  Figures.OfUser figures(long sent, long posts) {
    return new Figures.OfUser(
        last.user(), devices().size(), sent, received, posts, waiting, waitingSince);
  }
}
