package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.client.GroupLine;
import chat.sotto.client.Message;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that was restored from a backup goes on with the clients that have seen more. */
class RestoredServerTest {
  @TempDir Path folder;
  private GroupId group;

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void restoredServerLetsClientsContinue() throws Exception {
    try (var server = new ServerProcess(folder.resolve("server"));
        Person alice = Person.registered("alice", server.url(), folder);
        Person bob = Person.registered("bob", server.url(), folder);
        Person carol = Person.registered("carol", server.url(), folder)) {
      var people = List.of(alice, bob, carol);
      makeGroup(alice, bob, carol);
      awaitDelivered(alice, alice.say(bob, "before"));
      post(carol, "post before");
      awaitTexts(List.of(alice, bob), "post before");
      Path copy = folder.resolve("copy.sotto");
      ServerProcess.run("admin", "backup", copy.toString(), "--data", server.data().toString());

      awaitDelivered(bob, bob.say(alice, "seen by both"));
      carol.client.disconnect();
      Bytes waiting = bob.say(carol, "not yet seen by carol");
      bob.awaitState(waiting, Message.State.SENT);
      post(bob, "post after");
      awaitTexts(List.of(alice), "post before", "post after");
      done(alice.client.groups().remove(group, carol.name));
      bob.awaitThat("the removal", () -> !isIn(bob, carol));
      server.kill();

      Path restored = folder.resolve("restored");
      ServerProcess.run("admin", "restore", copy.toString(), "--data", restored.toString());
      server.moveTo(restored);
      people.forEach(Person::forgetEvents);
      server.start();
      carol.client.connect();
      for (Person person : people) {
        person.await(ClientEvent.ServerRestored.class);
      }

      carol.awaitShown(bob, "not yet seen by carol");
      bob.awaitState(waiting, Message.State.DELIVERED);
      awaitDelivered(alice, alice.say(bob, "and after"));
      bob.client.groups().post(group, "not for carol");
      awaitTexts(List.of(alice, bob), "post before", "post after", "not for carol");
      assertTrue(!isIn(alice, carol) && !isIn(bob, carol));
      carol.awaitThat(
          "the removal",
          () -> carol.client.groups().find(group).orElseThrow().standing() == Standing.REMOVED);
      assertEquals(List.of("post before"), texts(carol));

      try (Person dave = Person.registered("dave", server.url(), folder)) {
        awaitDelivered(dave, dave.say(alice, "I am new"));
      }
      checkEverythingOnce(people);
      ServerProcess.run("audit", restored.toString());
    }
  }

  private void makeGroup(Person alice, Person... others) throws Exception {
    group = done(alice.client.groups().create("Lesekreis"));
    for (Person person : others) {
      done(alice.client.groups().invite(group, Set.of(person.name)));
      person.awaitThat("the invitation", () -> person.client.groups().find(group).isPresent());
      done(person.client.groups().accept(group));
    }
  }

  private static void awaitDelivered(Person from, Bytes id) throws Exception {
    from.awaitState(id, Message.State.DELIVERED);
  }

  private void post(Person person, String text) throws Exception {
    person.client.groups().post(group, text);
    person.awaitThat(text, () -> texts(person).contains(text));
    person.awaitThat("no waiting", () -> person.client.groups().waiting() == 0);
  }

  private boolean isIn(Person person, Person other) {
    return person.client.groups().find(group).orElseThrow().people().stream()
        .anyMatch(row -> row.user().equals(other.name));
  }

  private List<String> texts(Person person) {
    return person.client.groups().lines(group).stream()
        .filter(line -> line.state() != GroupLine.State.NOTICE)
        .map(GroupLine::text)
        .toList();
  }

  private void awaitTexts(List<Person> people, String... texts) throws Exception {
    for (Person person : people) {
      person.awaitThat(
          List.of(texts).toString(),
          () -> Set.of(texts).equals(new HashSet<>(texts(person))));
      assertEquals(texts.length, texts(person).size(), "nothing twice");
    }
  }

  private void checkEverythingOnce(List<Person> people) {
    Person alice = people.get(0);
    Person bob = people.get(1);
    Person carol = people.get(2);
    var conversation = List.of("before", "seen by both", "and after");
    assertEquals(conversation, alice.texts(bob));
    assertEquals(conversation, bob.texts(alice));
    assertEquals(List.of("not yet seen by carol"), carol.texts(bob));
    for (Person person : people) {
      List<ClientEvent> events = person.events();
      assertEquals(
          1, events.stream().filter(ClientEvent.ServerRestored.class::isInstance).count());
      assertTrue(
          events.stream()
              .noneMatch(
                  event ->
                      event instanceof ClientEvent.Alarmed
                          || event instanceof ClientEvent.GroupAlarmed
                          || event instanceof ClientEvent.StoreWasOld),
          () -> person.name + " was told " + events);
      assertEquals(
          Optional.empty(), person.client.groups().find(group).orElseThrow().alarm());
    }
  }
}
