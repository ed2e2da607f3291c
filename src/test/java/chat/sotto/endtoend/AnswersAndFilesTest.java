package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.Content;
import chat.sotto.client.Message;
import chat.sotto.client.MessageRef;
import chat.sotto.client.ShownGroupLine;
import chat.sotto.client.ShownMessage;
import chat.sotto.client.SottoException;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers, reactions, edits, deletes and files between two people and on a second device. */
class AnswersAndFilesTest extends ServerTest {
  private static ShownMessage shown(Person person, Person with, Bytes id) {
    return person.client.conversations().shown(with.name).stream()
        .filter(line -> line.message().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitChanged(Person person, Bytes id) throws Exception {
    person.await(
        "a change of " + id,
        event ->
            event instanceof ClientEvent.MessageChanged changed
                && changed.message().message().id().equals(id));
    person.forgetEvents();
  }

  @Test
  void whatWasSaidIsAnsweredEditedAndDeleted(@TempDir Path own) throws Exception {
    try (Person alice = registered("chalice");
        Person bob = registered("chbob")) {
      var alices = alice.client.conversations();
      var bobs = bob.client.conversations();
      Bytes question = alice.say(bob, "tea or cofee?");
      bob.awaitShown(alice, "tea or cofee?");
      try (Person tablet =
          Person.linked(bob, server.url(), own.resolve("tablet.sotto"))) {
        var asked = new MessageRef(alice.name, question);
        Bytes answer = bobs.sendText(alice.name, "tea", Optional.of(asked));
        alice.awaitShown(bob, "tea");
        tablet.awaitShown(alice, "tea");
        assertEquals(Optional.of(asked), alice.message(bob, answer).replyTo());
        assertEquals(Optional.of(asked), tablet.message(alice, answer).replyTo());
        bob.awaitState(answer, Message.State.DELIVERED);

        bobs.react(alice.name, asked, Optional.of("👍"));
        awaitChanged(alice, question);
        assertEquals(Map.of(bob.name, "👍"), shown(alice, bob, question).reactions());
        assertEquals(Map.of(bob.name, "👍"), shown(bob, alice, question).reactions());
        bobs.react(alice.name, asked, Optional.empty());
        awaitChanged(alice, question);
        assertEquals(Map.of(), shown(alice, bob, question).reactions());

        alices.edit(bob.name, question, "tea or coffee?");
        awaitChanged(bob, question);
        assertTrue(shown(bob, alice, question).edited());
        assertEquals(List.of("tea or coffee?", "tea"), bob.texts(alice));
        assertEquals(List.of("tea or coffee?", "tea"), alice.texts(bob));
        assertThrows(
            IllegalArgumentException.class, () -> alices.edit(bob.name, answer, "not mine"));

        tablet.client.conversations().delete(alice.name, answer);
        awaitChanged(alice, answer);
        awaitChanged(bob, answer);
        assertTrue(shown(alice, bob, answer).deleted());
        assertEquals(List.of("tea or coffee?", ""), alice.texts(bob));
        assertEquals(List.of("tea or coffee?", ""), bob.texts(alice));
        assertEquals(Optional.empty(), alice.message(bob, answer).replyTo());
        assertThrows(
            IllegalArgumentException.class, () -> bobs.edit(alice.name, answer, "again"));
      }
    }
  }

  @Test
  void filesAreSentAndLoaded(@TempDir Path own) throws Exception {
    var content = new byte[200_000];
    new Random(8).nextBytes(content);
    Path file = Files.write(own.resolve("plan.pdf"), content);
    try (Person alice = registered("filalice");
        Person bob = registered("filbob")) {
      Bytes id =
          alice
              .client
              .files()
              .send(bob.name, file, Optional.of("the plan"), Optional.empty())
              .get(60, TimeUnit.SECONDS);
      bob.awaitShown(alice, "the plan");
      Content.File sent = bob.message(alice, id).file().orElseThrow();
      assertEquals("plan.pdf", sent.name());
      assertEquals(content.length, sent.size());
      var message = new MessageRef(alice.name, id);
      Path loaded = own.resolve("loaded.pdf");
      bob.client.files().load(alice.name, message, loaded).get(60, TimeUnit.SECONDS);
      assertArrayEquals(content, Files.readAllBytes(loaded));
      alice.awaitState(id, Message.State.DELIVERED);

      alice.client.conversations().delete(bob.name, id);
      awaitChanged(bob, id);
      assertEquals(Optional.empty(), bob.message(alice, id).file());
      assertThrows(
          IllegalArgumentException.class,
          () -> bob.client.files().load(alice.name, message, own.resolve("again.pdf")));
      assertFalse(Files.exists(own.resolve("again.pdf")));
    }
  }

  /** As when their time is over. */
  private static void dropFiles() throws IOException {
    try (var all = Files.walk(folder.resolve("data/files"))) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        if (!each.endsWith("marker")) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void aFileThatTheServerHasNotIsNotLoaded(@TempDir Path own) throws Exception {
    Path file = Files.write(own.resolve("note.txt"), new byte[10]);
    try (Person alice = registered("gonealice");
        Person bob = registered("gonebob")) {
      Bytes id =
          alice
              .client
              .files()
              .send(bob.name, file, Optional.empty(), Optional.empty())
              .get(60, TimeUnit.SECONDS);
      bob.awaitShown(alice, "");
      dropFiles();
      Path target = own.resolve("target.txt");
      var loading = bob.client.files().load(alice.name, new MessageRef(alice.name, id), target);
      var failure =
          assertThrows(ExecutionException.class, () -> loading.get(60, TimeUnit.SECONDS));
      assertInstanceOf(SottoException.class, failure.getCause());
      try (var left = Files.list(own)) {
        assertEquals(List.of(file), left.toList());
      }
    }
  }

  private static ShownGroupLine awaitGroup(
      Person person, GroupId group, String what, Predicate<ShownGroupLine> looks)
      throws Exception {
    person.awaitThat(
        what, () -> person.client.groups().shown(group).stream().anyMatch(looks));
    return person.client.groups().shown(group).stream().filter(looks).findFirst().orElseThrow();
  }

  @Test
  void membersOfAGroupAnswerReactEditAndDelete(@TempDir Path own) throws Exception {
    Path file = Files.write(own.resolve("map.png"), new byte[3000]);
    try (Person alice = registered("gralice");
        Person bob = registered("grbob")) {
      var alices = alice.client.groups();
      var bobs = bob.client.groups();
      GroupId group = alices.create("walks").get(60, TimeUnit.SECONDS);
      alices.invite(group, Set.of(bob.name)).get(60, TimeUnit.SECONDS);
      bob.awaitThat("the invitation", () -> bobs.find(group).isPresent());
      bobs.accept(group).get(60, TimeUnit.SECONDS);

      Bytes where = alices.post(group, "where");
      var asked = new MessageRef(alice.name, where);
      awaitGroup(bob, group, "the question", line -> line.line().id().equals(where));
      Bytes map =
          bob.client
              .files()
              .send(group, file, Optional.of("here"), Optional.of(asked))
              .get(60, TimeUnit.SECONDS);
      ShownGroupLine answer =
          awaitGroup(alice, group, "the answer", line -> line.line().text().equals("here"));
      assertEquals(Optional.of(asked), answer.line().replyTo());
      Path loaded = own.resolve("loaded.png");
      alice
          .client
          .files()
          .load(group, new MessageRef(bob.name, map), loaded)
          .get(60, TimeUnit.SECONDS);
      assertArrayEquals(new byte[3000], Files.readAllBytes(loaded));

      bobs.react(group, asked, Optional.of("👍"));
      awaitGroup(
          alice, group, "a reaction", line -> line.reactions().equals(Map.of(bob.name, "👍")));
      alices.edit(group, where, "where do we meet?");
      ShownGroupLine edited =
          awaitGroup(bob, group, "the edit", line -> line.line().text().startsWith("where do"));
      assertTrue(edited.edited());
      assertThrows(IllegalArgumentException.class, () -> bobs.edit(group, where, "mine now"));
      assertThrows(IllegalArgumentException.class, () -> bobs.edit(group, map, "no text"));
      bobs.delete(group, map);
      ShownGroupLine deleted = awaitGroup(alice, group, "a delete", ShownGroupLine::deleted);
      assertEquals(map, deleted.line().id());
      assertEquals("", deleted.line().text());
      assertEquals(Optional.empty(), deleted.line().file());
    }
  }
}
