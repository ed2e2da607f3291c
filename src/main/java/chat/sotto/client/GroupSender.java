package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Carries what waits in groups to the server, one {@link GroupLane} for each group. */
final class GroupSender {
  private final ClientStore store;
  private final Core core;
  private final Clock clock;
  private final SecureRandom random;
  private final Consumer<ClientEvent> events;
  private final ListPause pause;
  private final Map<GroupId, GroupLane> lanes = new HashMap<>();
  private final Map<Bytes, CompletableFuture<Void>> promises = new HashMap<>();
  private final Map<DeviceId, List<CompletableFuture<Void>>> goings = new HashMap<>();
  private Optional<Link> link = Optional.empty();

  GroupSender(
      ClientStore store,
      Core core,
      Clock clock,
      SecureRandom random,
      Consumer<ClientEvent> events,
      ListPause pause) {
    this.store = store;
    this.core = core;
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.pause = pause;
  }

  void connected(Link newLink) {
    lanes.clear();
    link = Optional.of(newLink);
    store.transaction(rows -> new GroupOutbox(rows).groups()).forEach(this::wake);
  }

  void disconnected() {
    link = Optional.empty();
    lanes.clear();
  }

  /** Nobody will tell what becomes of what waits; it stays stored. */
  void close() {
    promises.values().forEach(this::closed);
    promises.clear();
    goings.values().forEach(all -> all.forEach(this::closed));
    goings.clear();
  }

  private void closed(CompletableFuture<Void> outcome) {
    outcome.completeExceptionally(
        new SottoException("the client was closed before it was done"));
  }

  /** Completes when no group has that device of this user any more, or is told that it goes. */
  void awaitGone(DeviceId device, CompletableFuture<Void> outcome) {
    goings.computeIfAbsent(device, gone -> new ArrayList<>()).add(outcome);
    tellGone();
  }

  private void tellGone() {
    for (DeviceId device : List.copyOf(goings.keySet())) {
      if (store.transaction(rows -> new OwnRosters(rows).isGone(device))) {
        goings.remove(device).forEach(outcome -> outcome.complete(null));
      }
    }
  }

  /** What the server says of the own devices was taken. */
  void ownListCame() {
    wakeAll();
    tellGone();
  }

  /** Completes when the wish of that id is fulfilled, or fails when it cannot be. */
  void promise(Bytes id, CompletableFuture<Void> outcome) {
    promises.put(id, outcome);
  }

  void wake(GroupId group) {
    lane(group).ifPresent(GroupLane::wake);
  }

  /** Somebody's key was accepted. */
  void wakeAll() {
    List.copyOf(lanes.values()).forEach(GroupLane::wake);
  }

  private Optional<GroupLane> lane(GroupId group) {
    return link.map(
        line -> lanes.computeIfAbsent(group, id -> new GroupLane(this, id, line)));
  }

  /** The group's log was read to its end on this connection. */
  void caughtUp(GroupId group) {
    lane(group).ifPresent(GroupLane::caughtUp);
  }

  /**
   * An entry was stored.
   *
   * @param settled the wish that it fulfils
   */
  void moved(GroupId group, long sequenceNr, Optional<GroupOutbox.Item> settled) {
    settled.ifPresent(item -> settle(group, item, Optional.empty()));
    lane(group).ifPresent(lane -> lane.moved(sequenceNr));
    tellGone();
  }

  /** A lane of an earlier connection does nothing more. */
  boolean serves(GroupLane lane) {
    return lanes.get(lane.group()) == lane;
  }

  long now() {
    return clock.millis();
  }

  Core core() {
    return core;
  }

  Backoff backoff() {
    return new Backoff(random);
  }

  void tell(ClientEvent event) {
    events.accept(event);
  }

  /** Whether entries of the group's log may come. */
  boolean isOpen(GroupId group) {
    return store
        .transaction(rows -> new GroupRows(rows).find(group))
        .filter(GroupView::isOpen)
        .isPresent();
  }

  long headNr(GroupId group) {
    return store.transaction(rows -> new GroupRows(rows).headNr(group));
  }

  GroupTurn turn() {
    return new GroupTurn(pause, random);
  }

  GroupSending.Step next(GroupId group, GroupPrekeys keys, GroupTurn turn) {
    return store.transaction(
        rows -> new GroupSending(rows, random, now(), turn).next(group, keys));
  }

  /** What the server accepted must stand where it said: else it shows us another log. */
  void requireLanded(GroupId group) {
    if (store.transaction(rows -> new GroupOutbox(rows).flight(group)).isPresent()) {
      stop(group, Alarm.GROUP_FORKED);
    }
  }

  void stop(GroupId group, Alarm alarm) {
    store.transaction(
        rows -> {
          new GroupRows(rows).stop(group, alarm);
          return null;
        });
    tell(new ClientEvent.GroupAlarmed(group, alarm));
  }

  /** The entry on its way was refused, and will be made anew. */
  void land(GroupId group) {
    store.transaction(
        rows -> {
          drop(rows, group);
          return null;
        });
  }

  /** One chain key seals one post, whatever becomes of it. */
  private static void drop(Rows rows, GroupId group) {
    var outbox = new GroupOutbox(rows);
    outbox
        .flight(group)
        .filter(flight -> flight.content() instanceof Post)
        .map(flight -> (Post) flight.content())
        .ifPresent(post -> new GroupRows(rows).spend(group, post.epoch()));
    outbox.land(group);
  }

  /** The entry was refused for good, and with it what it was made for. */
  void refused(GroupId group, GroupFlight flight, ErrorCode code) {
    Optional<GroupOutbox.Item> item =
        store.transaction(
            rows -> {
              drop(rows, group);
              var outbox = new GroupOutbox(rows);
              Optional<GroupOutbox.Item> wish = flight.itemKey().flatMap(outbox::find);
              flight.itemKey().ifPresent(outbox::delete);
              return wish;
            });
    item.ifPresent(wish -> settle(group, wish, Optional.of(code)));
  }

  /** What was asked for first cannot be. */
  void refuseFirst(GroupId group, ErrorCode code) {
    Optional<GroupOutbox.Item> item =
        store.transaction(
            rows -> {
              var outbox = new GroupOutbox(rows);
              Optional<Rows.Row<GroupOutbox.Item>> first = outbox.first(group);
              first.ifPresent(row -> outbox.delete(row.key()));
              return first.map(Rows.Row::value);
            });
    item.ifPresent(wish -> settle(group, wish, Optional.of(code)));
  }

  /** The keys for it are bad. A text waits: the next keys may be good. */
  void refuseFirst(GroupId group, Alarm alarm) {
    boolean isText =
        store
            .transaction(rows -> new GroupOutbox(rows).first(group))
            .filter(row -> row.value().wish() instanceof GroupWish.Say)
            .isPresent();
    if (!isText) {
      boolean isPrekey = alarm == Alarm.PREKEY_REFUSED;
      refuseFirst(
          group, isPrekey ? ErrorCode.PREKEY_REFUSED : ErrorCode.DEVICE_LIST_REFUSED);
    }
  }

  void settle(GroupId group, GroupOutbox.Item item, Optional<ErrorCode> refusal) {
    Optional<CompletableFuture<Void>> promise =
        Optional.ofNullable(promises.remove(item.messageId()));
    if (refusal.isPresent()) {
      ErrorCode code = refusal.get();
      tell(new ClientEvent.GroupRefused(group, item.messageId(), code));
      promise.ifPresent(
          outcome ->
              outcome.completeExceptionally(
                  new SottoException(code, "refused: " + code.text())));
    } else {
      promise.ifPresent(outcome -> outcome.complete(null));
    }
  }

  void blocked(GroupId group, Map<UserName, Bytes> keys) {
    keys.forEach((user, key) -> tell(new ClientEvent.KeyChanged(user, key)));
    tell(new ClientEvent.GroupBlocked(group, List.copyOf(keys.keySet())));
  }
}
