package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.model.Bytes;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.CutOff;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device signs that it has. */
class IntakeTest {
  private static final long LATER = 1_764_000_000;

  @TempDir Path folder;
  private final List<LogPoint> acknowledged = new ArrayList<>();
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

  /** A way to the server on which nothing is answered. */
  private final class Signed implements Link {
    @Override
    public Limits limits() {
      throw new AssertionError("nothing here has limits");
    }

    @Override
    public CompletableFuture<ServerFrame.Reply> request(Request request) {
      return new CompletableFuture<>();
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

  private static EntryPush inGeneration(long generation, EntryPush push) {
    return new EntryPush(
        2, push.kind(), push.owner(), generation, push.sequenceNr(), push.time(),
        push.entryKind(), push.fromUser(), push.fromDevice(), push.messageId(), push.bodies(),
        push.hash(), push.ciphertext());
  }
}
