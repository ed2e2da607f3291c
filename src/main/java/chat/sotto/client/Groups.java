package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The groups of a {@link SottoClient}. What is asked for is stored when a method returns, and is
 * done in the order in which it was asked for, now or when there is a connection; it survives the
 * program's end. The futures tell the outcome: they complete when the group's log shows it, and
 * fail with a {@link SottoException} when it cannot be, or when the client is closed before.
 */
public final class Groups {
  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Engine engine;
  private final DisappearingDesk passing;

  Groups(
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

  /**
   * Makes a group of this user alone.
   *
   * @param name 1 to 256 bytes of UTF-8 without control characters
   */
  public CompletableFuture<GroupId> create(String name) {
    byte[] id = new byte[16];
    random.nextBytes(id);
    var group = new GroupId(HexFormat.of().formatHex(id));
    return ask(group, new GroupWish.Create(new GroupName(name))).thenApply(done -> group);
  }

  /**
   * Invites people in one step, who can read from then on if they accept. Fails with {@link
   * ErrorCode#UNKNOWN_USER} if one of them does not exist; then nobody is invited.
   *
   * @throws IllegalArgumentException for nobody, and for more than 32
   */
  public CompletableFuture<Void> invite(GroupId group, Set<UserName> users) {
    if (users.isEmpty() || users.size() > Membership.INVITES_MAX) {
      throw new IllegalArgumentException("1 to 32 people are invited at once");
    }
    requireKnown(group);
    return ask(group, new GroupWish.Invite(users.stream().sorted().toList()));
  }

  /** Removes a member, or takes an invitation back. */
  public CompletableFuture<Void> remove(GroupId group, UserName user) {
    requireKnown(group);
    return ask(group, new GroupWish.Remove(user));
  }

  /** @param role admin or member */
  public CompletableFuture<Void> setRole(GroupId group, UserName user, GroupRole role) {
    if (!role.isMember()) {
      throw new IllegalArgumentException("role must be admin or member");
    }
    requireKnown(group);
    return ask(group, new GroupWish.SetRole(user, role));
  }

  public CompletableFuture<Void> rename(GroupId group, String name) {
    requireKnown(group);
    return ask(group, new GroupWish.Rename(new GroupName(name)));
  }

  public CompletableFuture<Void> accept(GroupId group) {
    requireKnown(group);
    return ask(group, new GroupWish.Accept());
  }

  public CompletableFuture<Void> decline(GroupId group) {
    requireKnown(group);
    return ask(group, new GroupWish.Decline());
  }

  /** Fails with {@link ErrorCode#LAST_ADMIN} as long as no other admin is named. */
  public CompletableFuture<Void> leave(GroupId group) {
    requireKnown(group);
    return ask(group, new GroupWish.Leave());
  }

  /**
   * Writes to the group; {@link ClientEvent.GroupLineShown} tells that it is in the log.
   *
   * @return the message's id
   * @throws IllegalArgumentException for a text that is empty or too long
   * @throws StoreException if it could not be stored, or too much waits for this group
   */
  public Bytes post(GroupId group, String text) {
    return post(group, text, Optional.empty());
  }

  /** As above. @param replyTo what it answers */
  public Bytes post(GroupId group, String text, Optional<MessageRef> replyTo) {
    return say(group, new Content.Text(text, replyTo));
  }

  /**
   * Gives a line an emoji of this user, in the place of an earlier one.
   *
   * @param emoji none any more if empty
   * @return the reaction's id
   * @throws IllegalArgumentException if there is no such line, or it is no emoji
   */
  public Bytes react(GroupId group, MessageRef to, Optional<String> emoji) {
    long nr =
        store.transaction(
            rows -> {
              requireSaid(rows, group, to);
              UserName self = Self.of(rows).user();
              return next(rows, group, changesOf(rows, group, to).nextReaction(self));
            });
    return put(group, new Content.Reaction(to, nr, emoji));
  }

  /** @throws IllegalArgumentException unless it is a text of this user that is there */
  public Bytes edit(GroupId group, Bytes line, String text) {
    long nr =
        store.transaction(
            rows -> {
              var mine = new MessageRef(Self.of(rows).user(), line);
              if (!requireSaid(rows, group, mine).hasText()) {
                throw new IllegalArgumentException("only a text can be edited");
              }
              return next(rows, group, changesOf(rows, group, mine).nextEdit());
            });
    return put(group, new Content.Edit(line, nr, text));
  }

  /**
   * Deletes a line of this user, for everybody who has not read it yet; a file goes from the server
   * too.
   *
   * @throws IllegalArgumentException if there is no such line of this user
   */
  public Bytes delete(GroupId group, Bytes line) {
    Optional<Content.File> file =
        store.transaction(
            rows ->
                requireSaid(rows, group, new MessageRef(Self.of(rows).user(), line)).file());
    Bytes id = put(group, new Content.Delete(line));
    file.ifPresent(engine::dropFile);
    return id;
  }

  private static GroupLine requireSaid(Rows rows, GroupId group, MessageRef line) {
    return new GroupLines(rows)
        .find(group, line)
        .filter(found -> found.said().isPresent())
        .orElseThrow(() -> new IllegalArgumentException("there is no such line"));
  }

  private static Changes changesOf(Rows rows, GroupId group, MessageRef line) {
    return new GroupLines(rows).changes(group, line);
  }

  /** Above those that wait to be sent, too: they count when the log has them, and not before. */
  private static long next(Rows rows, GroupId group, long nr) {
    return Math.min(Content.NR_MAX, nr + new GroupOutbox(rows).items(group).size());
  }

  /**
   * What is written from now on disappears so many seconds after it was read, on the devices of all;
   * 0 is never.
   *
   * @throws IllegalArgumentException unless it is 0 or 5 to 31,536,000
   */
  public Bytes setDisappear(GroupId group, long seconds) {
    requireKnown(group);
    Bytes id = MessageIds.make(random);
    store.transaction(
        rows -> {
          var timers = new Timers(rows);
          var timer = new Content.Timer(seconds, timers.next(Timers.of(group)));
          timers.take(Timers.of(group), id, timer);
          new GroupOutbox(rows)
              .add(group, id, new GroupWish.Say(ContentJson.of(timer)), clock.millis());
          return null;
        });
    engine.core().execute(() -> engine.groups().wake(group));
    return id;
  }

  /** So many seconds after it was read, what is written now disappears; empty if it stays. */
  public Optional<Long> disappearAfter(GroupId group) {
    return store.transaction(rows -> new Timers(rows).disappearAfter(Timers.of(group)));
  }

  /** When a line goes, milliseconds since 1970; empty if it stays or its time has not begun. */
  public Optional<Long> goneAt(GroupId group, MessageRef line) {
    return store.transaction(
        rows -> new Disappearing(rows).goneAt(Timers.of(group), line.from(), line.message()));
  }

  /** Everything up to that line was read here. The user's other devices hear of it. */
  public void markRead(GroupId group, Bytes upTo) {
    long now = clock.millis();
    UserName self =
        store.transaction(
            rows -> {
              new GroupLines(rows).read(group, upTo, now);
              Self own = Self.of(rows);
              new Outbox(rows)
                  .addOwnCopy(
                      own, group.value(), MessageIds.make(random), new Content.Read(upTo), now);
              return own.user();
            });
    engine.core().execute(() -> engine.sender().wake(self));
  }

  /** What is said from now on disappears as the group's timer says. */
  Bytes say(GroupId group, Content.Line line) {
    return put(group, line.disappearing(disappearAfter(group)));
  }

  private Bytes put(GroupId group, Content content) {
    requireKnown(group);
    Bytes id = MessageIds.make(random);
    add(group, id, new GroupWish.Say(ContentJson.of(content)));
    engine.core().execute(() -> engine.groups().wake(group));
    return id;
  }

  private CompletableFuture<Void> ask(GroupId group, GroupWish wish) {
    var outcome = new CompletableFuture<Void>();
    Bytes id = MessageIds.make(random);
    add(group, id, wish);
    engine
        .core()
        .execute(
            () -> {
              engine.groups().promise(id, outcome);
              engine.groups().wake(group);
            });
    return outcome;
  }

  private void add(GroupId group, Bytes id, GroupWish wish) {
    store.transaction(
        rows -> {
          new GroupOutbox(rows).add(group, id, wish, clock.millis());
          return null;
        });
  }

  private void requireKnown(GroupId group) {
    boolean isKnown =
        store.transaction(
            rows ->
                new GroupRows(rows).find(group).isPresent()
                    || new GroupOutbox(rows).first(group).isPresent());
    if (!isKnown) {
      throw new IllegalArgumentException("no such group here");
    }
  }

  /** Every group that this device has been in, or was invited to. */
  public List<GroupInfo> all() {
    return store.transaction(
        rows -> {
          var groups = new GroupRows(rows);
          Self self = Self.of(rows);
          return groups.all().stream()
              .flatMap(id -> groups.find(id).stream())
              .map(view -> GroupInfo.of(view, self, groups.inviter(view.group())))
              .toList();
        });
  }

  /** Groups of this user in which this device is not yet; it comes into them by itself. */
  public List<GroupId> awaited() {
    return store.transaction(rows -> new GroupAwaited(rows).all());
  }

  public Optional<GroupInfo> find(GroupId group) {
    return store.transaction(
        rows -> {
          var groups = new GroupRows(rows);
          return groups
              .find(group)
              .map(view -> GroupInfo.of(view, Self.of(rows), groups.inviter(group)));
        });
  }

  /** All lines in the order of the log, and after them what waits to be sent. */
  public List<GroupLine> lines(GroupId group) {
    passing.look();
    return store.transaction(
        rows -> {
          UserName self = Self.of(rows).user();
          Stream<GroupLine> waiting =
              new GroupOutbox(rows)
                  .items(group).stream().flatMap(item -> waiting(group, self, item).stream());
          Stream<GroupLine> there =
              new GroupLines(rows).shown(group).stream().map(ShownGroupLine::line);
          return Stream.concat(there, waiting).toList();
        });
  }

  /** The lines of the log, with what became of each. */
  public List<ShownGroupLine> shown(GroupId group) {
    passing.look();
    return store.transaction(rows -> new GroupLines(rows).shown(group));
  }

  private static Optional<GroupLine> waiting(
      GroupId group, UserName self, GroupOutbox.Item item) {
    return item.wish() instanceof GroupWish.Say say
        ? ContentJson.read("", Optional.of(say.content()))
            .filter(Content.Line.class::isInstance)
            .map(said -> waiting(group, self, item, said))
        : Optional.empty();
  }

  private static GroupLine waiting(
      GroupId group, UserName self, GroupOutbox.Item item, Content said) {
    return new GroupLine(
        group,
        0,
        self,
        item.messageId(),
        true,
        item.at(),
        GroupLine.State.PENDING,
        ContentJson.words(said),
        ContentJson.besideWords(said));
  }

  /** How much of what was asked for in all groups is not done yet. */
  public int waiting() {
    return store.transaction(
        rows -> {
          var outbox = new GroupOutbox(rows);
          return outbox.groups().stream().mapToInt(group -> outbox.items(group).size()).sum();
        });
  }

  /** Who has a device that has not acknowledged this entry of the group's log. */
  public CompletableFuture<List<UserName>> unseen(GroupId group, long sequenceNr) {
    return engine
        .request((nonce, token) -> new ClientFrame.GroupSeen(nonce, token, group, sequenceNr))
        .thenApply(reply -> ((ServerFrame.GroupSeenBy) reply).unseen());
  }
}
