package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.Message;
import chat.sotto.model.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of everything keeps every promise that it made. */
class KillServerTest {
  private static final int KILLS = 3;
  private static final int MESSAGES_A_ROUND = 25;

  @TempDir Path folder;

  @Test
  void everyMessageThatWasSentArrivesOnceInOrder() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    try (var server = new ServerProcess(folder.resolve("server"));
        Person alice = Person.registered("alice", server.url(), folder);
        Person bob = Person.registered("bob", server.url(), folder)) {
      var ids = new ArrayList<Bytes>();
      for (int round = 0; round < KILLS; round++) {
        int killAfter = 1 + random.nextInt(MESSAGES_A_ROUND - 1);
        for (int i = 0; i < MESSAGES_A_ROUND; i++) {
          ids.add(alice.say(bob, "alice " + ids.size()));
          bob.say(alice, "bob " + (ids.size() - 1));
          if (i == killAfter) {
            // At whatever point of storing, answering and pushing the others are.
            alice.awaitState(ids.get(round * MESSAGES_A_ROUND), Message.State.SENT);
            server.kill();
          }
        }
        List<Bytes> sent = stateBeforeRestart(alice, bob, ids);
        server.start();
        for (Bytes id : sent) {
          alice.awaitState(id, Message.State.DELIVERED);
        }
      }
      int count = KILLS * MESSAGES_A_ROUND;
      bob.awaitMessages(alice, count);
      alice.awaitMessages(bob, count);
      for (Bytes id : ids) {
        alice.awaitState(id, Message.State.DELIVERED);
      }
      assertEquals(texts("alice", count), received(bob, alice), "seed " + seed);
      assertEquals(texts("bob", count), received(alice, bob), "seed " + seed);
    }
  }

  /** What alice was told to be sent, while the server is dead. */
  private static List<Bytes> stateBeforeRestart(Person alice, Person bob, List<Bytes> ids) {
    List<Bytes> sent =
        ids.stream()
            .filter(id -> alice.message(bob, id).state() != Message.State.PENDING)
            .toList();
    assertFalse(sent.isEmpty());
    assertTrue(sent.size() <= ids.size());
    return sent;
  }

  private static List<String> texts(String who, int count) {
    return IntStream.range(0, count).mapToObj(i -> who + " " + i).toList();
  }

  private static List<String> received(Person person, Person from) {
    return person.client.messages(from.name).stream()
        .filter(message -> !message.mine())
        .map(Message::text)
        .toList();
  }
}
