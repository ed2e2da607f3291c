package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.Message;
import chat.sotto.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lines that break, disks that fail, servers that go and come back. */
class FaultsTest extends ServerTest {
  private static final int CUTS = 40;


  private static List<String> texts(String who, int count) {
    return IntStream.range(0, count).mapToObj(i -> who + " " + i).toList();
  }

  private static List<String> received(Person person, Person from) {
    return person.client.messages(from.name).stream()
        .filter(message -> !message.mine())
        .map(Message::text)
        .toList();
  }

  @Test
  void everythingArrivesOnceAndInOrderOverLinesThatBreak() throws Exception {
    long seed = System.nanoTime();
    int count = 100;
    try (var proxy = new CuttingProxy(server.port(), new Random(seed), 60_000, CUTS);
        Person alice = registered("alice");
        Person bob = registered("bob")) {
      alice.client.close();
      bob.client.close();
      try (Person wobblyAlice = alice.over(proxy.url());
          Person wobblyBob = bob.over(proxy.url())) {
        wobblyAlice.client.connect();
        wobblyBob.client.connect();
        var ids = new ArrayList<Bytes>();
        for (int i = 0; i < count; i++) {
          ids.add(wobblyAlice.say(bob, "alice " + i));
          wobblyBob.say(alice, "bob " + i);
        }
        wobblyBob.awaitMessages(alice, count);
        wobblyAlice.awaitMessages(bob, count);
        for (Bytes id : ids) {
          wobblyAlice.awaitState(id, Message.State.DELIVERED);
        }
        assertEquals(texts("alice", count), received(wobblyBob, alice), "seed " + seed);
        assertEquals(texts("bob", count), received(wobblyAlice, bob), "seed " + seed);
        assertTrue(proxy.cutsLeft() < CUTS / 2, "lines did break, seed " + seed);
      }
    }
  }

  @Test
  void storeThatFailsWhileReceivingLosesNothing() throws Exception {
    try (Person carol = registered("carol");
        Person dave = registered("dave")) {
      carol.say(dave, "one");
      dave.awaitShown(carol, "one");
      dave.store.failNext(1);
      carol.say(dave, "two");
      dave.await(ClientEvent.StoreFailed.class);
      carol.say(dave, "three");
      dave.awaitShown(carol, "three");
      assertEquals(List.of("one", "two", "three"), received(dave, carol));
    }
  }

  @Test
  void peopleGoOnWhenTheServerComesBack() throws Exception {
    try (Person erin = registered("erin");
        Person frank = registered("frank")) {
      erin.say(frank, "before");
      frank.awaitShown(erin, "before");
      server.restart();
      Bytes id = erin.say(frank, "after");
      frank.awaitShown(erin, "after");
      erin.awaitState(id, Message.State.DELIVERED);
      frank.say(erin, "welcome back");
      erin.awaitShown(frank, "welcome back");
      assertEquals(List.of("before", "after"), received(frank, erin));
    }
  }
}
