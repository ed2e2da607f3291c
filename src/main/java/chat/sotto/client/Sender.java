package chat.sotto.client;

import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Carries outboxes to the server, one {@link Lane} for each person, while there is a connection.
 */
final class Sender {
  private final ClientStore store;
  private final Core core;
  private final Clock clock;
  private final SecureRandom random;
  private final Consumer<ClientEvent> events;
  private final Map<UserName, Lane> lanes = new HashMap<>();
  private Optional<Link> link = Optional.empty();

  Sender(
      ClientStore store,
      Core core,
      Clock clock,
      SecureRandom random,
      Consumer<ClientEvent> events) {
    this.store = store;
    this.core = core;
    this.clock = clock;
    this.random = random;
    this.events = events;
  }

  void connected(Link newLink) {
    lanes.clear();
    link = Optional.of(newLink);
    store.transaction(rows -> new Outbox(rows).recipients()).forEach(this::wake);
  }

  void disconnected() {
    link = Optional.empty();
    lanes.clear();
  }

  /** Something may wait for this person, or may go on. */
  void wake(UserName to) {
    link.ifPresent(line -> lanes.computeIfAbsent(to, user -> new Lane(this, user, line)).wake());
  }

  /** A lane of an earlier connection does nothing more. */
  boolean serves(Lane lane) {
    return lanes.get(lane.to()) == lane;
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

  Sending.Step next(UserName to, String afterKey, List<DeviceKeys> keys) {
    return store.transaction(
        rows -> new Sending(rows, random, clock.millis()).next(to, afterKey, keys));
  }

  /**
   * Takes a device list that the server named; tells if its account key must be accepted first.
   *
   * @throws Breach if the list is refused
   */
  void learn(UserName user, DeviceList list) {
    tell(user, answer(answers -> answers.lookedUp(user, list)));
    wake(user);
  }

  void tell(UserName user, Answers.Learned learned) {
    learned.changedKey().ifPresent(key -> tell(new ClientEvent.KeyChanged(user, key)));
    learned.own().ifPresent(change -> change.events().forEach(this::tell));
    learned.added().forEach(device -> tell(new ClientEvent.DeviceAdded(user, device.id())));
  }

  /** Stores what an answer of the server changes. */
  <T> T answer(Function<Answers, T> change) {
    return store.transaction(rows -> change.apply(new Answers(rows, random, clock.millis())));
  }
}
