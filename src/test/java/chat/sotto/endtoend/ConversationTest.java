package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.Message;
import chat.sotto.model.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people, two clients, one server. */
class ConversationTest {
  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void startServer() {
    server = new RunningServer(folder.resolve("data"));
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @Test
  void twoPeopleTalkAndSeeDelivered() throws Exception {
    try (Person alice = Person.registered("alice", server.url(), folder);
        Person bob = Person.registered("bob", server.url(), folder)) {
      Bytes hello = alice.say(bob, "hello bob");
      bob.awaitShown(alice, "hello bob");
      alice.awaitState(hello, Message.State.SENT);
      alice.awaitState(hello, Message.State.DELIVERED);
      Bytes reply = bob.say(alice, "hello alice");
      alice.awaitShown(bob, "hello alice");
      bob.awaitState(reply, Message.State.DELIVERED);
      assertEquals(List.of("hello bob", "hello alice"), alice.texts(bob));
      assertEquals(List.of("hello bob", "hello alice"), bob.texts(alice));
    }
  }

  @Test
  void offlineRecipientGetsThreeMessagesOnceInOrder() throws Exception {
    try (Person carol = Person.registered("carol", server.url(), folder);
        Person dave = Person.registered("dave", server.url(), folder)) {
      carol.say(dave, "one");
      dave.awaitShown(carol, "one");
      dave.client.disconnect();
      for (String text : List.of("two", "three", "four")) {
        carol.awaitState(carol.say(dave, text), Message.State.SENT);
      }
      dave.forgetEvents();
      dave.client.connect();
      dave.await(ClientEvent.CaughtUp.class);
      dave.awaitMessages(carol, 3);
      assertEquals(List.of("one", "two", "three", "four"), dave.texts(carol));
      dave.client.disconnect();
      dave.forgetEvents();
      dave.client.connect();
      dave.await(ClientEvent.CaughtUp.class);
      assertEquals(4, dave.texts(carol).size());
    }
  }
}
