package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** What the answers of the server, and of the user, change in the store. */
final class Answers {
  /** More than a device ever sends to one person in the life of a copied store. */
  private static final long SKIP = 1L << 32;

  private final Self self;
  private final OwnLists ownLists;
  private final Outbox outbox;
  private final History history;
  private final People people;
  private final Sessions sessions;
  private final Disappearing passing;
  private final long now;
  private final TypingKeys typingKeys;

  /**
   * What a list that the server named says of a person.
   *
   * @param changedKey the account key that the user must accept first, if it changed
   * @param added devices that were not known before
   * @param own if it is the own user, what changed
   */
  record Learned(
      Optional<Bytes> changedKey, List<Device> added, Optional<OwnLists.Change> own) {}

  Answers(Rows rows, SecureRandom random, long now) {
    self = Self.of(rows);
    ownLists = new OwnLists(rows);
    outbox = new Outbox(rows);
    history = new History(rows);
    people = new People(rows, self.serverHost());
    sessions = new Sessions(rows, self, random, now);
    passing = new Disappearing(rows);
    this.now = now;
    typingKeys = new TypingKeys(rows);
  }

  /** The next number to send under. */
  long nextNumber(UserName to) {
    return outbox.numbers(to).accepted() + 1;
  }

  /**
   * The item is on the server's disk.
   *
   * @param time by the server's clock
   * @return the line of the conversation that is now sent, if it was pending
   */
  Optional<Message> accepted(
      UserName to, String key, long n, Bytes messageId, long time) {
    outbox.accepted(to, key, n);
    typingKeys.sent(Plaintext.conversation(self.user(), to), messageId);
    Optional<Message> mine = history.find(to, true, messageId);
    mine.filter(message -> message.state() != Message.State.DELIVERED)
        .ifPresent(message -> history.accepted(message, time));
    mine.ifPresent(
        message ->
            passing.begin(Timers.with(to), self.user(), messageId, message.said(), now));
    Optional<Message> sent =
        mine.filter(message -> message.state() == Message.State.PENDING)
            .map(message -> message.as(Message.State.SENT));
    sent.ifPresent(history::put);
    return sent.filter(message -> !history.isHidden(message))
        .map(message -> history.shown(message).message());
  }

  /** The server refused a number: the first item takes the one that it expects. */
  void renumber(UserName to, long expected) {
    outbox.setAccepted(to, expected - 1);
  }

  /** The server has taken more than this store ever sent: as {@link #storeWasOld}. */
  void storeIsBehind(UserName to, long expected) {
    storeWasOld(to, expected);
    renumber(to, expected);
  }

  /**
   * The server has something else under this number: this store is an old copy, and has used its
   * ratchets before. A number far ahead makes the server say which one is next.
   */
  void storeWasOld(UserName to, long n) {
    outbox.setAccepted(to, n + SKIP);
    outbox.unsealAll(to);
    Optional<DeviceList> list =
        to.equals(self.user())
            ? Optional.of(self.list())
            : people.find(to).map(People.Person::list);
    list.stream()
        .flatMap(known -> known.devices().stream())
        .forEach(device -> sessions.giveUp(to, device.id()));
  }

  /**
   * The user goes on with another account key.
   *
   * @return whether that key was waiting to be accepted
   */
  boolean acceptKey(UserName user, Bytes accountKey) {
    boolean accepted = people.accept(user, accountKey);
    if (accepted) {
      sessions.forget(user);
    }
    return accepted;
  }

  /**
   * The copies were not for the current list, so nothing of what waits is at the server: devices
   * that are new are still to get theirs.
   *
   * @return what that says of the person
   */
  Learned devicesChanged(UserName to, DeviceList list) {
    outbox.forOtherList(to);
    return lookedUp(to, list);
  }

  /**
   * The newest list, as the server says.
   *
   * @return as {@link #devicesChanged}
   */
  Learned lookedUp(UserName to, DeviceList list) {
    if (to.equals(self.user())) {
      return new Learned(Optional.empty(), List.of(), ownLists.take(list));
    }
    Optional<DeviceList> before = people.find(to).map(People.Person::list);
    if (!people.learn(to, list)) {
      return new Learned(Optional.of(list.accountKey()), List.of(), Optional.empty());
    }
    people.lookedUp(to);
    return new Learned(
        Optional.empty(),
        before.map(known -> OwnLists.missingIn(known, list)).orElse(List.of()),
        Optional.empty());
  }
}
