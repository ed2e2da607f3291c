package chat.sotto.load;

import chat.sotto.client.Channel;
import chat.sotto.client.Connection;
import chat.sotto.client.Link;
import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ServerFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * A member's connection: takes what is pushed as a client does, which is to check the chain and to
 * acknowledge, and gives on what is new. All of it on one loop.
 */
final class Line implements Connection.Owner {
  private static final Duration ACKNOWLEDGE_AFTER = Duration.ofSeconds(5);
  private static final String HASH_WRONG = "the hash of an entry";
  private static final String BODY_WRONG = "a ciphertext";
  private static final String HEAD_WRONG = "a head that is not beyond what was pushed before";
  private static final Duration PING_AFTER = Duration.ofSeconds(20);

  /** What a member hears. */
  interface Ear {
    /** What is new, never a repeat. */
    default void heard(ServerFrame.EntryPush entry) {}

    /** What is new in a group; never a repeat. */
    default void heard(ServerFrame.GroupEntryPush entry) {}

    /** @param code as in {@link Connection.Owner#closed} */
    default void closed(int code) {
      throw new LoadException("the server closed a connection (%d)".formatted(code));
    }
  }

  /** Makes the first frame of a connection. */
  interface First {
    ClientFrame.First frame(long nonce, Bytes connectionKey);
  }

  private final Dialer dialer;
  private final SocketLoop loop;
  private final Member member;
  private final First first;
  private final Ear ear;
  private final int acknowledgeAfter;
  private final CompletableFuture<Line> ready = new CompletableFuture<>();
  private final Connection connection;
  private Channel channel;
  private Optional<Link> link = Optional.empty();
  private ServerFrame.SignedIn signedIn;
  private final Map<String, LogPoint> reached = new HashMap<>();
  private int unacknowledged;
  private int untilAcknowledged;
  private long acknowledgeAtNanos;
  private long saidAtNanos = System.nanoTime();
  private boolean hasLeft;
  private boolean isDeaf;

  private Line(
      Dialer dialer, SocketLoop loop, Member member, First first, Ear ear, int acknowledgeAfter) {
    this.dialer = dialer;
    this.loop = loop;
    this.member = member;
    this.first = first;
    this.ear = ear;
    this.acknowledgeAfter = acknowledgeAfter;
    // Those who came together and hear equally much would sign all at the same time for ever.
    this.untilAcknowledged = 1 + ThreadLocalRandom.current().nextInt(acknowledgeAfter);
    connection = dialer.dial(loop, this::work, this);
  }

  /** A connection asks for the next message when it is done with the last. */
  private void work(Runnable task) {
    loop.execute(
        () -> {
          if (!isDeaf) {
            task.run();
          }
        });
  }

  /**
   * Dials and signs in.
   *
   * @param acknowledgeAfter so many entries, or 5 s; the first time fewer, by chance
   * @return fails with a {@link LoadException}
   */
  static CompletableFuture<Line> open(
      Dialer dialer, SocketLoop loop, Member member, First first, Ear ear, int acknowledgeAfter) {
    return new Line(dialer, loop, member, first, ear, acknowledgeAfter).ready;
  }

  Member member() {
    return member;
  }

  /** Asks for something there, from elsewhere. */
  <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> question) {
    return CompletableFuture.supplyAsync(question, loop).thenCompose(answer -> answer);
  }

  /** What the server said at sign-in of how far this device's acknowledgements go. */
  ServerFrame.Inbox atSignIn() {
    return signedIn.inbox();
  }

  CompletableFuture<ServerFrame.Reply> request(Link.Request request) {
    saidAtNanos = System.nanoTime();
    return link.orElseThrow().request(request);
  }

  @Override
  public Channel greeted(byte[] hello) {
    channel = dialer.greet(hello, member);
    return channel;
  }

  @Override
  public ClientFrame.First firstFrame(long nonce, Bytes connectionKey) {
    return first.frame(nonce, connectionKey);
  }

  @Override
  public void answered(ServerFrame.Reply reply) {
    if (reply instanceof ServerFrame.SignedIn answer) {
      require(covers(answer.inbox().head(), member.head), HEAD_WRONG);
      signedIn = answer;
      member.token = answer.token();
      dialer.proved(channel.hello());
      link =
          Optional.of(
              new Link.OfConnection(connection, answer.token(), channel.hello().limits()));
      ready.complete(this);
    } else if (reply instanceof ServerFrame.Failed failed) {
      ready.completeExceptionally(new RefusedException(failed));
    } else {
      ready.completeExceptionally(new LoadException("not signed in: " + reply));
    }
  }

  @Override
  public void pushed(ServerFrame.Push push) {
    if (push instanceof ServerFrame.EntryPush entry) {
      take(entry);
    } else if (push instanceof ServerFrame.GroupEntryPush entry) {
      take(entry);
    } else if (push instanceof ServerFrame.GroupStart start) {
      member.groups.put(start.owner(), new Point(start.sequenceNr(), start.hash()));
    } else if (push instanceof ServerFrame.CaughtUp) {
      acknowledge();
    } else if (push instanceof ServerFrame.CutOff) {
      throw new LoadException(member.name + " was cut off: the run is beyond the inbox's limits");
    }
  }

  /** What was pushed once is there for ever. */
  static boolean covers(Point head, Point taken) {
    return head.sequenceNr() == taken.sequenceNr()
        ? head.equals(taken)
        : head.sequenceNr() > taken.sequenceNr();
  }

  private void take(ServerFrame.EntryPush entry) {
    Point before = member.head;
    boolean isRepeat = entry.sequenceNr() <= before.sequenceNr();
    if (!isRepeat) {
      requireNext(before, entry.sequenceNr());
      Bytes hash = Statements.entryHash(before.hash(), member.name, entry.entry());
      require(hash.equals(entry.hash()), HASH_WRONG);
      require(hasOwnBody(entry), BODY_WRONG);
      member.head = new Point(entry.sequenceNr(), entry.hash());
    }
    reached(
        new LogPoint(
            entry.kind(), entry.owner(), entry.generation(), entry.sequenceNr(), entry.hash()));
    if (!isRepeat) {
      ear.heard(entry);
    }
  }

  private void take(ServerFrame.GroupEntryPush entry) {
    GroupId group = entry.owner();
    Point before = member.groups.get(group);
    require(before != null, "an entry of a group without a start");
    boolean isRepeat = entry.sequenceNr() <= before.sequenceNr();
    if (!isRepeat) {
      requireNext(before, entry.sequenceNr());
      Bytes hash = GroupStatements.entryHash(before.hash(), group, entry.entry());
      require(hash.equals(entry.hash()), HASH_WRONG);
      require(hasOwnBody(entry), BODY_WRONG);
      member.groups.put(group, new Point(entry.sequenceNr(), entry.hash()));
    }
    reached(
        new LogPoint(
            LogPoint.GROUP,
            group.value(),
            entry.generation(),
            entry.sequenceNr(),
            entry.hash()));
    if (!isRepeat) {
      ear.heard(entry);
    }
  }

  private void requireNext(Point before, long sequenceNr) {
    require(sequenceNr == before.sequenceNr() + 1, "an entry is missing");
  }

  private boolean hasOwnBody(ServerFrame.EntryPush entry) {
    Optional<Bytes> actual = digest(entry.ciphertext());
    return entry.bodies().stream()
        .filter(body -> body.device().equals(member.device))
        .map(BodyDigest::digest)
        .anyMatch(digest -> actual.filter(digest::equals).isPresent());
  }

  /** Whoever is in a group before the first post is given all of them whole. */
  static boolean hasOwnBody(ServerFrame.GroupEntryPush entry) {
    return !(entry.content() instanceof GroupContent.Post post)
        || digest(entry.ciphertext()).filter(post.digest()::equals).isPresent();
  }

  private static Optional<Bytes> digest(Optional<Bytes> ciphertext) {
    return ciphertext.map(bytes -> Bytes.of(Hash.sha256(bytes.toArray())));
  }

  private void require(boolean holds, String breach) {
    if (!holds) {
      throw new LoadException(
          "what %s was pushed breaks the protocol: %s".formatted(member.name, breach));
    }
  }

  private void reached(LogPoint point) {
    reached.put(point.owner(), point);
    unacknowledged++;
    if (unacknowledged == 1) {
      acknowledgeAtNanos = System.nanoTime() + ACKNOWLEDGE_AFTER.toNanos();
    }
    untilAcknowledged--;
    if (untilAcknowledged <= 0) {
      acknowledge();
    }
  }

  /** Says what was taken, if there is anything to say. */
  void acknowledge() {
    if (unacknowledged == 0 || hasLeft) {
      return;
    }
    unacknowledged = 0;
    untilAcknowledged = acknowledgeAfter;
    List<LogPoint> items = List.copyOf(reached.values());
    reached.clear();
    Bytes signature =
        Statements.signAck(member.deviceKey, dialer.host(), member.name, member.device, items);
    link.orElseThrow()
        .acknowledge((nonce, token) -> new ClientFrame.Ack(nonce, token, items, signature));
  }

  /**
   * Called about once a second. Unlike a client, it never gives a slow server up: how slow it is,
   * is the question.
   */
  void tick() {
    long now = System.nanoTime();
    if (unacknowledged > 0 && now >= acknowledgeAtNanos) {
      acknowledge();
    }
    if (link.isPresent() && now - saidAtNanos > PING_AFTER.toNanos()) {
      request(ClientFrame.Ping::new);
    }
  }

  @Override
  public void closed(int code) {
    boolean wasIn = link.isPresent();
    link = Optional.empty();
    hasLeft = true;
    ready.completeExceptionally(
        new LoadException("the connection ended before the sign-in (%d)".formatted(code)));
    if (wasIn) {
      ear.closed(code);
    }
  }

  boolean hasEnded() {
    return hasLeft;
  }

  /**
   * Reads nothing from now on, not even that the connection ended, as a program that hangs: what
   * comes fills the network's buffers. It still says that it is there, and can leave.
   */
  void deafen() {
    isDeaf = true;
  }

  /** Goes without a word, as when the network is gone. */
  void leave() {
    hasLeft = true;
    link = Optional.empty();
    connection.abort();
  }
}
