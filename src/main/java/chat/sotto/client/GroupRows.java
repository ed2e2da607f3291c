package chat.sotto.client;

import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is stored of groups. What every post changes is kept apart from the roster, which is long,
 * and the chains are rows of their own.
 */
final class GroupRows {
  private static final Table<Stored> GROUPS = new Table<>("group", Stored.class);
  private static final Table<Membership> ROSTERS =
      new Table<>("group-roster", Membership.class);
  private static final Table<GroupChain> CHAINS =
      new Table<>("group-chain", GroupChain.class);
  private static final Table<GroupJoining> JOINING =
      new Table<>("group-joining", GroupJoining.class);

  /** Outlives the transaction that found it, and comes before there is a view. */
  private static final Table<Stopped> STOPPED = new Table<>("group-alarm", Stopped.class);

  /** Of every entry taken, for ever: a signed head may name any of them. */
  private static final Table<Known> KNOWN = new Table<>("group-hash", Known.class);

  private static final Table<Asked> ASKED = new Table<>("group-keys-asked", Asked.class);

  /** Who invited this user, as the server says, of a device that came later. */
  private static final Table<Inviter> INVITERS =
      new Table<>("group-inviter", Inviter.class);

  private static final Table<Spent> SPENT = new Table<>("group-spent", Spent.class);

  private final Rows rows;

  private record Stored(
      GroupId group,
      long generation,
      Point head,
      long time,
      long epochTime,
      long posts,
      Optional<GroupKeys> keys,
      Optional<String> name,
      Optional<GroupView.Ending> ending,
      Optional<List<UserName>> missed) {}

  private record Known(Bytes hash) {}

  private record Stopped(Alarm why) {}

  private record Inviter(UserName user) {}

  private record Spent(long epoch) {}

  private record Asked(long at) {}

  GroupRows(Rows rows) {
    this.rows = rows;
  }

  Optional<GroupView> find(GroupId group) {
    Optional<Membership> membership = rows.get(ROSTERS, group.value());
    return rows.get(GROUPS, group.value())
        .map(
            stored ->
                new GroupView(
                    stored.group,
                    stored.generation,
                    stored.head,
                    stored.time,
                    membership.orElseThrow(),
                    stored.epochTime,
                    stored.posts,
                    stored.keys,
                    stored.name,
                    stored.ending,
                    alarm(group),
                    stored.missed.orElse(List.of())));
  }

  List<GroupId> all() {
    return rows.list(GROUPS, "").stream().map(row -> row.value().group).toList();
  }

  /** The last entry taken of each group's log, rising by group. */
  List<LogPoint> heads() {
    return rows.list(GROUPS, "").stream()
        .map(Rows.Row::value)
        .filter(stored -> stored.head.sequenceNr() > 0)
        .map(
            stored ->
                new LogPoint(
                    LogPoint.GROUP,
                    stored.group.value(),
                    stored.generation,
                    stored.head.sequenceNr(),
                    stored.head.hash()))
        .toList();
  }

  /** The last entry that is stored; 0 if there is none. */
  long headNr(GroupId group) {
    return joining(group)
        .map(GroupJoining::head)
        .or(() -> find(group).map(GroupView::head))
        .map(Point::sequenceNr)
        .orElse(0L);
  }

  /** Stores what an entry came to. */
  void put(GroupLog.Taken taken, Optional<Membership> before) {
    GroupView view = taken.view();
    String key = view.group().value();
    var stored =
        new Stored(
            view.group(),
            view.generation(),
            view.head(),
            view.time(),
            view.epochTime(),
            view.posts(),
            view.keys(),
            view.name(),
            view.ending(),
            Optional.of(view.missed()).filter(missed -> !missed.isEmpty()));
    rows.put(GROUPS, key, stored);
    if (before.filter(same -> same == view.membership()).isEmpty()) {
      rows.put(ROSTERS, key, view.membership());
      new GroupPast(rows).remember(view.membership());
    }
    if (taken.isNewEpoch()) {
      rows.list(CHAINS, key + "/").forEach(row -> rows.delete(CHAINS, row.key()));
    }
    taken.chains().forEach((device, chain) -> rows.put(CHAINS, key + "/" + device, chain));
    taken.lines().forEach(new GroupLines(rows)::put);
    know(view.group(), view.head());
    rows.delete(JOINING, key);
  }

  Optional<GroupJoining> joining(GroupId group) {
    return rows.get(JOINING, group.value());
  }

  void put(GroupJoining joining) {
    rows.put(JOINING, joining.group().value(), joining);
    know(joining.group(), joining.head());
  }

  /** The commit that this device began with may not be the one that invited its user. */
  Optional<UserName> inviter(GroupId group) {
    return rows.get(INVITERS, group.value()).map(Inviter::user);
  }

  void putInviter(GroupId group, Optional<UserName> inviter) {
    rows.delete(INVITERS, group.value());
    inviter.ifPresent(user -> rows.put(INVITERS, group.value(), new Inviter(user)));
  }

  private void know(GroupId group, Point point) {
    rows.put(
        KNOWN, Keys.ordinal(group.value(), point.sequenceNr()), new Known(point.hash()));
  }

  Optional<Bytes> hash(GroupId group, long sequenceNr) {
    return rows.get(KNOWN, Keys.ordinal(group.value(), sequenceNr)).map(Known::hash);
  }

  GroupChain chain(GroupId group, DeviceId device) {
    return rows.get(CHAINS, group.value() + "/" + device).orElse(GroupChain.UNKNOWN);
  }

  /** When this device last asked for keys, by the log's time; they may have come since. */
  Optional<Long> keysAskedAt(GroupId group) {
    return rows.get(ASKED, group.value()).map(Asked::at);
  }

  void keysAsked(GroupId group, long at) {
    rows.put(ASKED, group.value(), new Asked(at));
  }

  /** Whether this device's next key of the epoch has sealed a post that the log will not have. */
  boolean isSpent(GroupId group, long epoch) {
    return rows.get(SPENT, group.value()).filter(spent -> spent.epoch == epoch).isPresent();
  }

  void spend(GroupId group, long epoch) {
    rows.put(SPENT, group.value(), new Spent(epoch));
  }

  Optional<Alarm> alarm(GroupId group) {
    return rows.get(STOPPED, group.value()).map(Stopped::why);
  }

  void stop(GroupId group, Alarm why) {
    rows.put(STOPPED, group.value(), new Stopped(why));
  }

  /**
   * Nothing that came after that entry stands in the log any more, nor does anything of this device
   * that was on its way there.
   */
  void forgetAfter(GroupId group, long sequenceNr) {
    String last = Keys.ordinal(group.value(), sequenceNr);
    rows.list(KNOWN, group.value() + "/", last, Integer.MAX_VALUE)
        .forEach(row -> rows.delete(KNOWN, row.key()));
    rows.delete(SPENT, group.value());
    new GroupPast(rows).forgetAfter(group, sequenceNr);
    new GroupOutbox(rows).land(group);
  }

  /** The user goes out of a group that this device cannot follow. */
  void leave(GroupView view) {
    rows.delete(STOPPED, view.group().value());
    put(
        new GroupLog.Taken(
            view.ended(GroupView.Ending.LEFT), Map.of(), true, List.of(), Optional.empty()),
        Optional.of(view.membership()));
  }

  /** What an entry is judged with. */
  GroupLog.Held held(GroupId group, Self self, SecureRandom random) {
    return new GroupLog.Held() {
      @Override
      public Optional<X25519.KeyPair> prekey(Prekey.Kind kind, long id) {
        return new Prekeys(rows, self, random).find(kind.text(), id);
      }

      @Override
      public Optional<Secret> fresh(Bytes messageId) {
        return new GroupOutbox(rows)
            .flight(group)
            .filter(flight -> flight.messageId().equals(messageId))
            .flatMap(GroupFlight::fresh);
      }

      @Override
      public Optional<Bytes> hash(long sequenceNr) {
        return GroupRows.this.hash(group, sequenceNr);
      }

      @Override
      public Optional<DeviceList> ownList(long version) {
        return new OwnLists(rows).at(version);
      }

      @Override
      public GroupChain chain(DeviceId device) {
        return GroupRows.this.chain(group, device);
      }
    };
  }
}
