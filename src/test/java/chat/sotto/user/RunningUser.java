package chat.sotto.user;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** One user's entity on a real journal, with its surroundings in a test's hand. */
final class RunningUser {
  final TestAccount account;
  final TestClock clock;
  final ConcurrentLinkedQueue<String> deletedBodies = new ConcurrentLinkedQueue<>();

  /** Whether the store takes bodies just now. */
  volatile boolean keepsBodies = true;

  /** What groups were told, as {@code group sequenceNr}. */
  final ConcurrentLinkedQueue<String> progress = new ConcurrentLinkedQueue<>();

  /** Whether the store deletes, and not crashes before. */
  volatile boolean deletes = true;

  final Removals removals = new Removals();

  /** Who is gone. */
  static final class Removals implements RemovalListener {
    /** Each as {@code device journalNr groups}. */
    final Queue<String> devices = new ConcurrentLinkedQueue<>();

    /** Of which last events of erased accounts it was told. */
    final Queue<Long> erased = new ConcurrentLinkedQueue<>();

    @Override
    public void removed(
        UserName user, DeviceId device, long after, Map<GroupId, Long> groups) {
      devices.add(device + " " + after + " " + groups);
    }

    @Override
    public void erased(UserName user, long upTo) {
      erased.add(upTo);
    }
  }

  private final ActorTestKit testKit;
  private final UserLimits limits;
  private ActorRef<User.Command> entity;

  RunningUser(ActorTestKit testKit, TestAccount account, TestClock clock, UserLimits limits) {
    this.testKit = testKit;
    this.account = account;
    this.clock = clock;
    this.limits = limits;
    start();
  }

  private void start() {
    entity =
        testKit.spawn(
            UserBehavior.create(
                account.user,
                new UserSurroundings(
                    clock,
                    limits,
                    this::delete,
                    this::keep,
                    (of, group, sequenceNr) -> progress.add(group + " " + sequenceNr),
                    removals,
                    self -> self.tell(new User.Stop()))));
  }

  private void delete(Collection<String> bodies) {
    if (deletes) {
      deletedBodies.addAll(bodies);
    }
  }

  private boolean keep(String id, byte[] bytes) {
    if (keepsBodies) {
      Store.get(testKit.system()).bodies().keep(id, bytes);
    }
    return keepsBodies;
  }

  ActorRef<User.Command> entity() {
    return entity;
  }

  void tell(User.Command command) {
    entity.tell(command);
  }

  <R> R ask(Function<ActorRef<R>, User.Command> command) {
    TestProbe<R> probe = testKit.createTestProbe();
    entity.tell(command.apply(probe.ref()));
    return probe.receiveMessage();
  }

  /** Stops the entity in whatever it does, as a crash would, and starts it again. */
  void restart() {
    testKit.stop(entity);
    start();
  }

  void awaitStopped() {
    testKit.createTestProbe().expectTerminated(entity, Duration.ofSeconds(20));
    start();
  }

  /** What the journal holds. */
  List<StoredEntry> stored() {
    var all = new ArrayList<StoredEntry>();
    List<StoredEntry> next;
    do {
      next =
          Store.get(testKit.system())
              .journal()
              .read(UserState.entity(account.user), all.size(), Long.MAX_VALUE)
              .toCompletableFuture()
              .join();
      all.addAll(next);
    } while (!next.isEmpty());
    return all;
  }

  /** What others wrote. */
  List<InboxEntry.OfDevice> inboxEntries() {
    return stored().stream()
        .flatMap(one -> InboxEntry.of(account.user, one.sequenceNr(), one.entry()).stream())
        .filter(InboxEntry.OfDevice.class::isInstance)
        .map(InboxEntry.OfDevice.class::cast)
        .toList();
  }

  List<UserEvent> events() {
    return stored().stream().map(one -> UserEvent.CODEC.decode(one.entry().event())).toList();
  }

  /** The events that came after the first so many. */
  List<UserEvent> eventsAfter(int count) {
    List<UserEvent> events = events();
    return events.subList(count, events.size());
  }

  /** The state as an auditor derives it. */
  UserState derived() {
    UserState state = UserState.empty(account.user);
    for (StoredEntry one : stored()) {
      state = state.apply(one.entry());
    }
    return state;
  }

  TestProbe<Notice> connection() {
    return testKit.createTestProbe();
  }

  /** A connection that says it serves the device with that token. */
  TestProbe<Notice> attach(int device, String token, String connectionId) {
    TestProbe<Notice> connection = connection();
    tell(attaching(device, token, connectionId, connection.ref()));
    return connection;
  }

  User.Attach attaching(
      int device, String token, String connectionId, ActorRef<Notice> connection) {
    return new User.Attach(
        account.device(device), account.tokenHash(token), connectionId, connection);
  }

  User.SignInReply signIn(int device, String token) {
    return ask(
        replyTo ->
            new User.SignIn(
                account.device(device),
                account.devicePublicKey(device),
                TestAccount.digest("credentials"),
                account.tokenHash(token),
                replyTo));
  }

  /** Registers with this many devices and one-time prekeys. */
  User.SignInReply register(int devices, int oneTimePrekeys) {
    return ask(
        replyTo ->
            new User.Register(
                account.deviceList(devices),
                TestAccount.statements(account.prekeys(oneTimePrekeys)),
                TestAccount.digest("credentials"),
                TestAccount.digest("vault"),
                account.tokenHash("first"),
                replyTo));
  }

  /** @param command about one message */
  User.AcceptReply askOne(Function<ActorRef<User.AcceptReplies>, User.Command> command) {
    return ask(command).each().get(0);
  }

  User.AcceptReply accept(TestAccount from, long n) {
    return accept(from, n, 1, 100);
  }

  User.AcceptReply accept(TestAccount from, long n, int devices, int size) {
    return askOne(replyTo -> command(from, n, devices, size, replyTo));
  }

  User.Accept command(
      TestAccount from, long n, int devices, int size, ActorRef<User.AcceptReplies> replyTo) {
    return command(from, 1, n, devices, size, false, replyTo);
  }

  User.Accept command(
      TestAccount from,
      int device,
      long n,
      int devices,
      int size,
      boolean answered,
      ActorRef<User.AcceptReplies> replyTo) {
    return new User.Accept(
        List.of(
            new Sent(
                from.user,
                from.device(device),
                n,
                1,
                from.messageId(n),
                from.copiesTo(account, devices, n, size),
                answered,
                clock.millis() + Duration.ofDays(30).toMillis())),
        replyTo);
  }
}
