package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.CutOff;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device signs that it has. */
class IntakeTest {
  private static final long LATER = 1_764_000_000;

  @TempDir Path folder;
  private final List<LogPoint> acknowledged = new ArrayList<>();
  private final BlockingQueue<Asked> requests = new LinkedBlockingQueue<>();
  private Core core;
  private Party alice;
  private Party bob;
  private Intake intake;

  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
    core = new Core("test", fault -> {});
    var random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    var sender = new Sender(bob.store, core, clock, random, event -> {});
    var groupSender = new GroupSender(
            bob.store, core, clock, random, event -> {}, ListPause.USUAL);
    intake =
        new Intake(
            bob.store, core, clock, random, sender, groupSender, event -> {}, new Signed());
  }

  @AfterEach
  void close() {
    core.stop(() -> {});
    alice.close();
    bob.close();
  }

  private record Asked(ClientFrame.Later frame, CompletableFuture<ServerFrame.Reply> reply) {}

  /** A way to the server on which the test answers. */
  private final class Signed implements Link {
    @Override
    public Limits limits() {
      throw new AssertionError("nothing here has limits");
    }

    @Override
    public CompletableFuture<ServerFrame.Reply> request(Request request) {
      var asked = new Asked(request.frame(1, Secret.of(new byte[32])), new CompletableFuture<>());
      requests.add(asked);
      return asked.reply;
    }

    @Override
    public void acknowledge(Request ack) {
      var frame = (ClientFrame.Ack) ack.frame(1, Secret.of(new byte[32]));
      acknowledged.addAll(frame.items());
    }
  }

  private List<LogPoint> acknowledged() {
    acknowledged.clear();
    intake.acknowledge();
    return List.copyOf(acknowledged);
  }

  private static LogPoint point(EntryPush push) {
    return new LogPoint(
        push.kind(), push.owner(), push.generation(), push.sequenceNr(), push.hash());
  }

  @Test
  void signsForWhatItTook() {
    EntryPush one = alice.say(bob, "one");
    EntryPush two = alice.say(bob, "two");
    intake.take(one);
    intake.take(two);
    assertEquals(List.of(point(two)), acknowledged());
    intake.take(one);
    assertEquals(List.of(point(one)), acknowledged(), "a repeat");
  }

  /** A claim alone lets a server push whatever it likes. */
  @Test
  void signsForNothingThatAServerInventsBeforeItsProof() {
    EntryPush one = alice.say(bob, "one");
    PostOffice copy = bob.inbox().copy();
    EntryPush two = alice.say(bob, "two");
    List.of(one, two, alice.say(bob, "three")).forEach(intake::take);
    acknowledged();
    RestoredPush proof = bob.inbox().restore(copy, LATER);
    EntryPush invented = alice.say(bob, "invented");
    bob.signIn(LATER, new Point(1, one.hash()), bob.inbox().head());
    Bytes zero = Bytes.of(new byte[32]);
    intake.take(two);
    assertEquals(List.of(point(two)), acknowledged());
    intake.take(inGeneration(1, invented));
    intake.take(new CutOff(2, LogPoint.INBOX, "bob", 1, 2, zero));
    assertEquals(List.of(), acknowledged());
    intake.take(proof);
    assertEquals(2, acknowledged().get(0).sequenceNr());
    bob.inbox().restore(copy, LATER + 1);
    bob.signIn(LATER + 1, new Point(1, one.hash()), bob.inbox().head());
    intake.take(
        new RestoredPush(
            2, proof.kind(), proof.owner(), LATER, proof.sequenceNr(), proof.time(), zero,
            proof.previous(), proof.copyTime(), proof.signature()));
    assertEquals(List.of(), acknowledged());
  }

  private static AccountPush account(DeviceList list, long syncCounter) {
    return new AccountPush(2, list, 1, syncCounter, false, Optional.empty());
  }

  /** A device that leaves says before which own key is the next. */
  @Test
  void listWithoutADeviceIsTakenAfterWhatWaitedInTheInbox() {
    EntryPush words = alice.say(bob, "before");
    var phone = new Party(bob, bob.offer(), folder);
    bob.hear(phone.list());
    DeviceList without = phone.listWithout(phone);
    intake.take(account(without, 0));
    assertEquals(phone.list(), bob.list());
    intake.take(words);
    Point head = bob.inbox().head();
    intake.take(
        new CaughtUp(2, LogPoint.INBOX, "bob", 1, head.sequenceNr(), head.hash()));
    assertEquals(without, bob.list());
    phone.close();
  }

  /** A server that says nothing more must not put off the alarm. */
  @Test
  void olderListIsAnAlarmAtOnce() {
    DeviceList older = bob.list();
    var phone = new Party(bob, bob.offer(), folder);
    bob.hear(phone.list());
    assertThrows(Breach.class, () -> intake.take(account(older, 0)));
    phone.close();
  }

  @Test
  void syncThatIsHeardOfWhileAnotherIsFetchedIsFetchedToo() throws Exception {
    core.run(() -> intake.take(account(bob.list(), 1)));
    Asked first = syncAsked();
    core.run(() -> intake.take(account(bob.list(), 2)));
    core.run(() -> first.reply.complete(new AccountReply.Sync(2, 0, Optional.empty())));
    syncAsked();
  }

  private Asked syncAsked() throws InterruptedException {
    for (; ; ) {
      Asked asked = requests.poll(10, TimeUnit.SECONDS);
      assertNotNull(asked, "sync is asked for");
      if (asked.frame instanceof AccountRequest.Sync) {
        return asked;
      }
    }
  }

  private static EntryPush inGeneration(long generation, EntryPush push) {
    return new EntryPush(
        2, push.kind(), push.owner(), generation, push.sequenceNr(), push.time(),
        push.entryKind(), push.fromUser(), push.fromDevice(), push.messageId(), push.bodies(),
        push.hash(), push.ciphertext());
  }
}
