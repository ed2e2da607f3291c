package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.Message;
import chat.sotto.model.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two people, two clients, one server. */
class ConversationTest extends ServerTest {
  @Test
  void twoPeopleTalkAndSeeDelivered() throws Exception {
    try (Person alice = registered("alice");
        Person bob = registered("bob")) {
      Bytes hello = alice.say(bob, "hello bob");
      bob.awaitShown(alice, "hello bob");
      alice.awaitState(hello, Message.State.SENT);
      alice.awaitState(hello, Message.State.DELIVERED);
      Bytes reply = bob.say(alice, "hello alice");
      alice.awaitShown(bob, "hello alice");
      bob.awaitState(reply, Message.State.DELIVERED);
      alice.client.typing(bob.name, true);
      alice.client.typing(bob.name, true);
      bob.await(new ClientEvent.Typing(alice.name, Optional.empty(), true));
      alice.client.typing(bob.name, false);
      bob.await(new ClientEvent.Typing(alice.name, Optional.empty(), false));
      bob.client.typing(alice.name, true);
      alice.await(new ClientEvent.Typing(bob.name, Optional.empty(), true));
      assertEquals(List.of("hello bob", "hello alice"), alice.texts(bob));
      assertEquals(List.of("hello bob", "hello alice"), bob.texts(alice));
    }
  }

  @Test
  void offlineRecipientGetsThreeMessagesOnceInOrder() throws Exception {
    try (Person carol = registered("carol");
        Person dave = registered("dave")) {
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
