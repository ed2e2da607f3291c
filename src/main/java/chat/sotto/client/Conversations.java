package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Limits;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What is said between this user and one other, and how it is changed (docs/protocol.md §7.4,
 * §7.7). Everything is stored when a method returns, and goes out when it can.
 */
public final class Conversations {
  /** What an envelope holds besides the ciphertexts' base64url, generously. */
  private static final int ENVELOPE_MARGIN = 16 * 1024;

  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Engine engine;
  private final DisappearingDesk passing;

  Conversations(
      ClientStore store,
      Clock clock,
      SecureRandom random,
      Engine engine,
      DisappearingDesk passing) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.engine = engine;
    this.passing = passing;
  }

  /** All lines of a conversation, in order, as they are now. */
  public List<ShownMessage> shown(UserName with) {
    passing.look();
    return store.transaction(rows -> new History(rows).shown(with));
  }

  /**
   * Writes to a person; {@link ClientEvent.StateChanged} tells what became of it.
   *
   * @param replyTo what it answers
   * @return the message's id
   * @throws IllegalArgumentException for a text that is empty or too long
   * @throws IllegalStateException if the person is blocked
   * @throws StoreException if it could not be stored, or too much waits for this person
   */
  public Bytes sendText(UserName to, String text, Optional<MessageRef> replyTo) {
    return send(to, new Content.Text(text, replyTo));
  }

  /**
   * Gives a message an emoji of this user, in the place of an earlier one.
   *
   * @param emoji none any more if empty
   * @return the reaction's id
   * @throws IllegalArgumentException if there is no such message, or it is no emoji
   */
  public Bytes react(UserName with, MessageRef to, Optional<String> emoji) {
    return change(
        with,
        (rows, self) -> {
          var history = new History(rows);
          boolean mine = to.from().equals(self.user());
          requireSaid(history.line(with, mine, to.message()));
          long nr = history.changes(with, mine, to.message()).nextReaction(self.user());
          return new Content.Reaction(to, nr, emoji);
        });
  }

  /** @throws IllegalArgumentException unless it is a text of this user that is there */
  public Bytes edit(UserName with, Bytes message, String text) {
    return change(
        with,
        (rows, self) -> {
          var history = new History(rows);
          if (!requireSaid(history.line(with, true, message)).hasText()) {
            throw new IllegalArgumentException("only a text can be edited");
          }
          return new Content.Edit(
              message, history.changes(with, true, message).nextEdit(), text);
        });
  }

  /**
   * Deletes a message of this user, for everybody who has not read it yet; a file goes from the
   * server too.
   *
   * @throws IllegalArgumentException if there is no such message of this user
   */
  public Bytes delete(UserName with, Bytes message) {
    Optional<Content.File> file =
        store.transaction(
            rows -> requireSaid(new History(rows).line(with, true, message)).file());
    Bytes id = change(with, (rows, self) -> new Content.Delete(message));
    file.ifPresent(engine::dropFile);
    return id;
  }

  /**
   * What is written from now on disappears so many seconds after it was read, on all devices of both;
   * 0 is never.
   *
   * @throws IllegalArgumentException unless it is 0 or 5 to 31,536,000
   * @throws IllegalStateException if the numbers of timers are used up there
   */
  public Bytes setDisappear(UserName with, long seconds) {
    return change(
        with,
        (rows, self) ->
            new Content.Timer(seconds, new Timers(rows).next(Timers.with(with))));
  }

  /** So many seconds after it was read, what is written now disappears; empty if it stays. */
  public Optional<Long> disappearAfter(UserName with) {
    return store.transaction(rows -> new Timers(rows).disappearAfter(Timers.with(with)));
  }

  /** When a message goes, milliseconds since 1970; empty if it stays or its time has not begun. */
  public Optional<Long> goneAt(UserName with, MessageRef message) {
    return store.transaction(
        rows ->
            new Disappearing(rows).goneAt(Timers.with(with), message.from(), message.message()));
  }

  private static Message requireSaid(Optional<Message> line) {
    return line.filter(message -> message.said().isPresent())
        .orElseThrow(() -> new IllegalArgumentException("there is no such message"));
  }

  /** What a change says depends on those that there are. */
  private interface Making {
    Content.Change make(Rows rows, Self self);
  }

  private Bytes change(UserName with, Making making) {
    Bytes id = MessageIds.make(random);
    long now = clock.millis();
    store.transaction(
        rows -> {
          Self self = Self.of(rows);
          Content.Change change = making.make(rows, self);
          add(rows, self, with, id, change, now);
          var brought = Message.of(with, id, true, now, Message.State.PENDING, change);
          if (change instanceof Content.Timer timer
              && !new Timers(rows).take(Timers.with(with), id, timer)) {
            throw new IllegalStateException("no timer can be set in this conversation any more");
          }
          return new History(rows).change(self.user(), brought, change);
        });
    wake(with);
    return id;
  }

  /** What is sent from now on to that person disappears as the conversation's timer says. */
  Bytes send(UserName to, Content.Line line) {
    Bytes id = MessageIds.make(random);
    long now = clock.millis();
    store.transaction(
        rows -> {
          Self self = Self.of(rows);
          Content.Line said =
              line.disappearing(new Timers(rows).disappearAfter(Timers.with(to)));
          add(rows, self, to, id, said, now);
          new History(rows)
              .put(Message.of(to, id, true, now, Message.State.PENDING, said));
          return null;
        });
    wake(to);
    return id;
  }

  private void add(Rows rows, Self self, UserName to, Bytes id, Content content, long now) {
    requireRoom(rows, self, to, content, now);
    new Standings(rows).writeTo(to);
    var outbox = new Outbox(rows);
    outbox.add(to, id, content, now);
    outbox.addOwnCopy(self, Plaintext.conversation(self.user(), to), id, content, now);
  }

  private void requireRoom(Rows rows, Self self, UserName to, Content content, long now) {
    if (to.equals(self.user())) {
      throw new IllegalArgumentException("a conversation needs another person");
    }
    if (new Outbox(rows).isFull(to)) {
      throw new StoreException("too much waits to be sent to " + to);
    }
    int devices =
        new People(rows, self.serverHost())
            .find(to)
            .map(person -> person.list().devices().size())
            .orElse(1);
    String conversation = Plaintext.conversation(self.user(), to);
    var plaintext = new Plaintext(conversation, 1, 1, now, ContentJson.of(content));
    long envelope = plaintext.toPaddedBytes().length * 4L / 3 * devices + ENVELOPE_MARGIN;
    if (envelope > Limits.DEFAULT.envelopeBytesMax()) {
      throw new IllegalArgumentException("text takes too much room");
    }
  }

  /** Everything up to that message was read here. */
  void markRead(UserName with, Bytes upTo) {
    store.transaction(
        rows -> {
          if (ReadMarks.ours(rows).move(with, upTo)) {
            Self self = Self.of(rows);
            String conversation = Plaintext.conversation(self.user(), with);
            var content = new Content.Read(upTo);
            long now = clock.millis();
            long place = ReadMarks.ours(rows).ordinal(with);
            new Disappearing(rows).read(Timers.with(with), place, now);
            new Outbox(rows)
                .addOwnCopy(self, conversation, MessageIds.make(random), content, now);
            if (Sync.readReceipts(rows) && new History(rows).hasTextOf(with, upTo)) {
              var seen = new Content.Seen(upTo);
              new Outbox(rows).add(with, MessageIds.make(random), seen, now);
            }
          }
          return null;
        });
    wake(with);
  }

  private void wake(UserName to) {
    engine
        .core()
        .execute(
            () -> {
              engine.sender().wake(to);
              engine.sender().wake(store.transaction(Self::of).user());
            });
  }
}
