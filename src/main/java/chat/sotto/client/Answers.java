package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import java.security.SecureRandom;
import java.util.Optional;

/** What the answers of the server, and of the user, change in the store. */
final class Answers {
  /** More than a device ever sends to one person in the life of a copied store. */
  private static final long SKIP = 1L << 32;

  private final Outbox outbox;
  private final History history;
  private final People people;
  private final Sessions sessions;

  Answers(Rows rows, SecureRandom random, long now) {
    Self self = Self.of(rows);
    outbox = new Outbox(rows);
    history = new History(rows);
    people = new People(rows, self.serverHost());
    sessions = new Sessions(rows, self, random, now);
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
    Optional<Message> mine = history.find(to, true, messageId);
    mine.filter(message -> message.state() != Message.State.DELIVERED)
        .ifPresent(message -> history.accepted(message, time));
    Optional<Message> sent =
        mine.filter(message -> message.state() == Message.State.PENDING)
            .map(message -> message.as(Message.State.SENT));
    sent.ifPresent(history::put);
    return sent;
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
    people
        .find(to)
        .ifPresent(
            person ->
                person.list().devices().stream()
                    .map(Device::id)
                    .forEach(device -> sessions.giveUp(to, device)));
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
   * The copies were not for the current list, so nothing of what waits is at the server: encrypt it
   * anew.
   *
   * @return the account key that the user must accept first, if it changed
   */
  Optional<Bytes> devicesChanged(UserName to, DeviceList list) {
    outbox.unsealAll(to);
    return lookedUp(to, list);
  }

  /**
   * The newest list, as the server says.
   *
   * @return as {@link #devicesChanged}
   */
  Optional<Bytes> lookedUp(UserName to, DeviceList list) {
    if (people.learn(to, list)) {
      people.lookedUp(to);
      return Optional.empty();
    }
    return Optional.of(list.accountKey());
  }
}
