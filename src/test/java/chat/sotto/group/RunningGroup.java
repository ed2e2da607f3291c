package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.Membership;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** One group's entity on a real journal, with its surroundings in a test's hand. */
final class RunningGroup {
  private static final AtomicInteger IDS = new AtomicInteger();

  final GroupId group = new GroupId("%032x".formatted(IDS.incrementAndGet()));
  final TestClock clock;
  final AtomicLong nanoTime = new AtomicLong();
  final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
  final ConcurrentLinkedQueue<String> deletedBodies = new ConcurrentLinkedQueue<>();

  /** Whether no body can be taken now. */
  volatile boolean isBusy;

  private final ActorTestKit testKit;
  private final GroupLimits limits;
  private final TestAppends.Ids ids = new TestAppends.Ids();
  private ActorRef<Group.Command> entity;

  RunningGroup(ActorTestKit testKit, TestClock clock, GroupLimits limits) {
    this.testKit = testKit;
    this.clock = clock;
    this.limits = limits;
    start();
  }

  /** A group in which posts are not too many. */
  static RunningGroup unhurried(ActorTestKit testKit, TestClock clock) {
    return new RunningGroup(testKit, clock, new GroupLimits(100_000, Duration.ofMillis(1)));
  }

  private void start() {
    entity =
        testKit.spawn(
            GroupBehavior.create(
                group,
                new GroupBehavior.Surroundings(
                    clock,
                    nanoTime::get,
                    limits,
                    this::put,
                    deletedBodies::addAll,
                    self -> self.tell(new Group.Stop()))));
  }

  private boolean put(String id, byte[] bytes, long expiresAt) {
    if (isBusy) {
      return false;
    }
    assertEquals(RunningGroup.expiresAt(), expiresAt);
    bodies.put(id, bytes);
    return true;
  }

  static long expiresAt() {
    return 1_800_000_000_000L;
  }

  ActorRef<Group.Command> entity() {
    return entity;
  }

  void tell(Group.Command command) {
    entity.tell(command);
  }

  <R> R ask(Function<ActorRef<R>, Group.Command> command) {
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
              .read(GroupState.entity(group), all.size(), Long.MAX_VALUE)
              .toCompletableFuture()
              .join();
      all.addAll(next);
    } while (!next.isEmpty());
    return all;
  }

  /** An entry that a device made. */
  GroupLogEntry.OfDevice entry(StoredEntry stored) {
    return (GroupLogEntry.OfDevice)
        GroupLogEntry.of(group, stored.sequenceNr(), stored.entry());
  }

  /** What devices made. */
  List<GroupEvent.Signed> events() {
    return stored().stream()
        .map(one -> (GroupEvent.Signed) GroupEvent.CODEC.decode(one.entry().event()))
        .toList();
  }

  /** The state as an auditor derives it. */
  GroupState derived() {
    GroupState state = GroupState.empty(group);
    for (StoredEntry one : stored()) {
      state = state.apply(one.entry());
    }
    return state;
  }

  TestProbe<Group.Notice> connection() {
    return testKit.createTestProbe();
  }

  TestProbe<Group.Notice> attach(TestPerson person) {
    return attach(person, 1);
  }

  TestProbe<Group.Notice> attach(TestPerson person, int device) {
    TestProbe<Group.Notice> connection = connection();
    tell(new Group.Attach(person.user, person.device(device), connection.ref()));
    return connection;
  }

  Group.Attached attached(TestPerson person) {
    return attach(person).expectMessageClass(Group.Attached.class);
  }

  Group.RosterReply roster(TestPerson of) {
    return ask(replyTo -> new Group.DescribeRoster(of.user, replyTo));
  }

  // What people send

  Group.AppendReply append(TestPerson by, GroupContent content) {
    return append(made(by, content));
  }

  Group.AppendReply append(Group.Append append) {
    return TestAppends.only(this.<Group.AppendReplies>ask(to -> TestAppends.alone(append, to)));
  }

  Group.Append made(TestPerson by, GroupContent content) {
    return TestAppends.of(derived().membership(), by, ids.next(by), content);
  }

  /** @param message number of it */
  Group.AppendReply review(
      TestPerson by,
      GroupContent.Commit commit,
      List<Group.PieceOwner> pieces,
      long message) {
    return ask(
        replyTo ->
            new Group.Review(
                by.user, by.device(1), by.messageId(-message), commit, pieces, replyTo));
  }

  /** A proposal by another device than the first. */
  Group.AppendReply propose(TestPerson by, int device, GroupProposal op) {
    Group.Append first = made(by, proposal(op));
    return append(
        new Group.Append(
            by.user, by.device(device), first.messageId(), first.content(), first.bodies()));
  }

  Group.Accepted accepted(TestPerson by, GroupContent content) {
    return assertInstanceOf(Group.Accepted.class, append(by, content));
  }

  void assertRefused(GroupRefusal expected, TestPerson by, GroupContent content) {
    int before = stored().size();
    assertEquals(new Group.Refused(expected), append(by, content));
    assertEquals(before, stored().size());
  }

  GroupContent.Commit change(GroupOp... ops) {
    GroupState state = derived();
    return TestContents.change(state.membership(), state.head(), ops);
  }

  GroupContent.Post post(TestPerson by) {
    GroupState state = derived();
    long counter = state.expectedCounter(by.device(1));
    return TestContents.post(state.membership(), state.head(), counter);
  }

  GroupContent.Proposal proposal(GroupProposal op) {
    return TestContents.proposal(derived().head(), op);
  }

  GroupContent.Confirm confirm(TestPerson inviter) {
    GroupState state = derived();
    return TestContents.confirm(state.membership(), state.head(), inviter);
  }

  void create(TestPerson founder) {
    accepted(founder, TestContents.create(group, founder));
  }

  void invite(TestPerson by, TestPerson... people) {
    accepted(by, change(TestContents.invites(List.of(people).stream())));
  }

  /** Makes them members. */
  void add(TestPerson by, TestPerson... people) {
    invite(by, people);
    for (TestPerson person : people) {
      accepted(person, confirm(by));
    }
  }

  Membership membership() {
    return derived().membership();
  }
}
