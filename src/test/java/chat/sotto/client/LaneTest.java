package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.protocol.ClientFrame.Send;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.Failed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an outbox comes through to a server that answers late, never, or with a refusal. */
class LaneTest {
  @TempDir Path folder;
  private final LinkedBlockingQueue<ClientEvent> events = new LinkedBlockingQueue<>();
  private final AtomicReference<RuntimeException> fault = new AtomicReference<>();
  private Party alice;
  private Party bob;
  private Carrier carrier;
  private Core core;
  private Sender sender;

  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
    core = new Core("test", fault::set);
    carrier = new Carrier(core, alice, bob);
    sender = new Sender(alice.store, core, Clock.systemUTC(), alice.random, events::add);
  }

  @AfterEach
  void closeParties() {
    core.stop(() -> {});
    alice.close();
    bob.close();
  }

  private void connect() {
    core.execute(() -> sender.connected(carrier));
  }

  private List<Bytes> write(int count) {
    var ids = new ArrayList<Bytes>();
    for (int i = 1; i <= count; i++) {
      ids.add(alice.write(bob, "text " + i));
    }
    return ids;
  }

  private void awaitSent(List<Bytes> ids) throws InterruptedException {
    Set<Bytes> waiting = new HashSet<>(ids);
    while (!waiting.isEmpty()) {
      ClientEvent event = events.poll(20, TimeUnit.SECONDS);
      assertNull(fault.get());
      assertTrue(event != null, "not sent: " + waiting.size());
      assertFalse(event instanceof ClientEvent.StoreWasOld);
      if (event instanceof ClientEvent.StateChanged changed) {
        assertTrue(waiting.remove(changed.message().id()), "told once");
      }
    }
    awaitCore();
  }

  private void awaitCore() throws InterruptedException {
    var done = new CountDownLatch(1);
    core.execute(done::countDown);
    assertTrue(done.await(10, TimeUnit.SECONDS));
  }

  private void bobHasAllOnceInOrder(int count) {
    carrier.stored.forEach(bob::receive);
    assertEquals(count, bob.messages(alice).size());
    for (int i = 1; i <= count; i++) {
      assertEquals("text " + i, bob.texts(alice).get(i - 1));
    }
  }

  private <T extends ClientEvent> T await(Class<T> type) throws InterruptedException {
    while (true) {
      ClientEvent event = events.poll(20, TimeUnit.SECONDS);
      assertTrue(event != null, "no " + type.getSimpleName());
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
  }

  @Test
  void sendsAllInOrderWithNumbersFromOne() throws InterruptedException {
    List<Bytes> ids = write(40);
    connect();
    awaitSent(ids);
    assertEquals(40, carrier.seen.size());
    assertEquals(40, carrier.seen.get(39).n());
    assertEquals(1, carrier.lookUps);
    bobHasAllOnceInOrder(40);
  }

  @Test
  void unknownOutcomeSendsTheSameBytesUnderTheSameNumber() throws InterruptedException {
    carrier.answers =
        send ->
            carrier.seen.size() == 2
                ? Optional.of(Carrier.failed(ErrorCode.UNKNOWN_OUTCOME))
                : Optional.empty();
    List<Bytes> ids = write(5);
    connect();
    awaitSent(ids);
    List<Send> second = carrier.seen.stream().filter(send -> send.n() == 2).toList();
    assertTrue(second.size() > 1);
    second.forEach(send -> assertEquals(second.get(0).copies(), send.copies()));
    bobHasAllOnceInOrder(5);
  }

  @Test
  void refusedItemHoldsTheOthersBackAndGoesFirst() throws InterruptedException {
    carrier.refusals =
        send ->
            carrier.seen.size() == 1
                ? Optional.of(Carrier.failed(ErrorCode.INBOX_FULL))
                : Optional.empty();
    List<Bytes> ids = write(5);
    connect();
    awaitSent(ids);
    bobHasAllOnceInOrder(5);
  }

  @Test
  void changedListGetsTheSameNumberAndWhoStaysTheSameBytes() throws InterruptedException {
    List<Bytes> first = write(1);
    connect();
    awaitSent(first);
    carrier.listOfRecipient = bob.nextList(1);
    Bytes id = alice.write(bob, "text 2");
    core.execute(() -> sender.wake(bob.user));
    awaitSent(List.of(id));
    List<Send> tries = carrier.seen.stream().filter(send -> send.n() == 2).toList();
    assertEquals(2, tries.size());
    assertEquals(tries.get(0).copies(), tries.get(1).copies());
    assertEquals(2, tries.get(1).deviceListVersion());
    bobHasAllOnceInOrder(2);
  }

  @Test
  void changedAccountKeyIsToldAndNothingMoreIsSent() throws InterruptedException {
    List<Bytes> first = write(1);
    connect();
    awaitSent(first);
    DeviceList swapped = bob.forgedList();
    carrier.refusals = send -> Optional.of(devicesChanged(swapped));
    alice.write(bob, "secret");
    core.execute(() -> sender.wake(bob.user));
    assertEquals(swapped.accountKey(), await(ClientEvent.KeyChanged.class).accountKey());
    int seen = carrier.seen.size();
    carrier.refusals = send -> Optional.empty();
    alice.write(bob, "another secret");
    core.execute(() -> sender.wake(bob.user));
    awaitCore();
    assertEquals(seen, carrier.seen.size());
    assertEquals(Message.State.PENDING, alice.messages(bob).get(2).state());
  }

  private static Failed devicesChanged(DeviceList list) {
    return new Failed(
        3,
        ErrorCode.DEVICES_CHANGED,
        "",
        Optional.empty(),
        Optional.of(list),
        Optional.empty());
  }

  @Test
  void keysThatAreNotOfThatDeviceRestThatPersonOnly() throws InterruptedException {
    var mallory = new Party("mallory", folder);
    DeviceKeys foreign = mallory.giveKeys().get(0);
    carrier.keys =
        () ->
            List.of(
                new DeviceKeys(
                    bob.self().device(), foreign.signedPrekey(), foreign.oneTimePrekey()));
    List<Bytes> ids = write(1);
    connect();
    var refused = await(ClientEvent.PersonRefused.class);
    assertEquals(new ClientEvent.PersonRefused(bob.user, Alarm.PREKEY_REFUSED), refused);
    assertEquals(List.of(), carrier.seen);
    // The line is as good as before: with the right keys the message goes out.
    core.execute(() -> carrier.keys = bob::giveKeys);
    awaitSent(ids);
    bobHasAllOnceInOrder(1);
    mallory.close();
  }

  @Test
  void serverThatTookMoreThanThisStoreSentMakesItOpenNewSessions() throws InterruptedException {
    List<Bytes> first = write(2);
    connect();
    awaitSent(first);
    Bytes session = alice.sendingSession(bob).orElseThrow().id();
    carrier.refusals =
        send -> carrier.seen.size() == 3 ? Optional.of(outOfOrder(8)) : Optional.empty();
    carrier.pretendToHaveTaken(5);
    Bytes id = alice.write(bob, "text 3");
    core.execute(() -> sender.wake(bob.user));
    await(ClientEvent.StoreWasOld.class);
    awaitSent(List.of(id));
    assertEquals(8, carrier.seen.get(carrier.seen.size() - 1).n());
    assertNotEquals(session, alice.sendingSession(bob).orElseThrow().id());
    bobHasAllOnceInOrder(3);
  }

  @Test
  void serverThatForgotTheNumbersGetsTheNumberThatItExpects() throws InterruptedException {
    List<Bytes> first = write(3);
    connect();
    awaitSent(first);
    carrier.forgetNumbers();
    Bytes id = alice.write(bob, "text 4");
    core.execute(() -> sender.wake(bob.user));
    awaitSent(List.of(id));
    assertEquals(1, carrier.seen.get(carrier.seen.size() - 1).n());
    bobHasAllOnceInOrder(4);
  }

  @Test
  void answerThatWasOvertakenChangesNoNumbers() throws InterruptedException {
    // A server that works on two sends at once may meet the second before the first.
    carrier.refusals =
        send ->
            carrier.seen.size() == 2 ? Optional.of(outOfOrder(1)) : Optional.empty();
    List<Bytes> ids = write(5);
    connect();
    awaitSent(ids);
    bobHasAllOnceInOrder(5);
    assertEquals(5, carrier.stored.size());
  }

  private static Failed outOfOrder(long expected) {
    return new Failed(
        3,
        ErrorCode.OUT_OF_ORDER,
        "",
        Optional.of(expected),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void oldCopyOfAStoreSendsUnderANewNumberOnANewSession() throws Exception {
    List<Bytes> first = write(2);
    connect();
    awaitSent(first);
    alice.store.close();
    Path file = alice.store.file();
    Path copy = folder.resolve("copy");
    Files.copy(file, copy);
    alice.reopen(file);
    Bytes three = alice.write(bob, "text 3");
    Bytes four = alice.write(bob, "text 4");
    restart();
    awaitSent(List.of(three, four));

    alice.store.close();
    alice.reopen(copy);
    Bytes id = alice.write(bob, "text 5");
    restart();
    await(ClientEvent.StoreWasOld.class);
    awaitSent(List.of(id));
    bobHasAllOnceInOrder(5);
  }

  /** A new sender over the party's store as it is now. */
  private void restart() {
    sender = new Sender(alice.store, core, Clock.systemUTC(), alice.random, events::add);
    connect();
  }

  @Test
  void randomFaultsLoseNothingAndRepeatNothing() throws InterruptedException {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var codes =
        List.of(
            ErrorCode.UNKNOWN_OUTCOME, ErrorCode.BUSY, ErrorCode.INTERNAL, ErrorCode.RATE_LIMITED);
    carrier.refusals =
        send ->
            random.nextInt(6) == 0
                ? Optional.of(Carrier.failed(codes.get(random.nextInt(codes.size()))))
                : Optional.empty();
    carrier.answers =
        send ->
            random.nextInt(6) == 0
                ? Optional.of(Carrier.failed(ErrorCode.UNKNOWN_OUTCOME))
                : Optional.empty();
    List<Bytes> ids = write(25);
    connect();
    awaitSent(ids);
    bobHasAllOnceInOrder(25);
    assertEquals(25, carrier.stored.size(), "seed " + seed);
    assertInstanceOf(Sending.Step.Idle.class, alice.next(bob, "", List.of()));
  }
}
