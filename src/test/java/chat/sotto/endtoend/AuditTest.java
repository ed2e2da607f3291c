package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.audit.Audit;
import chat.sotto.audit.Counted;
import chat.sotto.audit.Options;
import chat.sotto.audit.Result;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.client.GroupLine;
import chat.sotto.client.Message;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real clients and a real server leave behind holds, whenever one looks. */
class AuditTest {
  @TempDir Path folder;

  private static Result audit(Path data) {
    try (JournalFile journal = JournalFile.open(data)) {
      return Audit.run(journal, Options.standard());
    }
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static void talk(Person alice, Person bob, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      Bytes id = alice.say(bob, "message " + i);
      alice.awaitState(id, Message.State.DELIVERED);
    }
  }

  private static void join(GroupId group, Person admin, Person person) throws Exception {
    done(admin.client.groups().invite(group, Set.of(person.name)));
    awaitStanding(group, person, Standing.INVITED);
    done(person.client.groups().accept(group));
  }

  private static void awaitStanding(GroupId group, Person person, Standing standing)
      throws Exception {
    person.awaitThat(
        standing.name(),
        () ->
            person.client.groups().find(group).map(info -> info.standing())
                .equals(Optional.of(standing)));
  }

  private static void awaitText(GroupId group, Person person, String text) throws Exception {
    person.awaitThat(
        text,
        () ->
            person.client.groups().lines(group).stream().map(GroupLine::text)
                .anyMatch(text::equals));
  }

  @Test
  void peopleTalkAndEverythingHolds() throws Exception {
    Path data = folder.resolve("data");
    try (var server = new RunningServer(data);
        Person alice = Person.registered("alice", server.url(), folder);
        Person bob = Person.registered("bob", server.url(), folder);
        Person carol = Person.registered("carol", server.url(), folder)) {
      talk(alice, bob, 3);
      talk(bob, carol, 2);
      GroupId group = done(alice.client.groups().create("Lesekreis"));
      join(group, alice, bob);
      join(group, alice, carol);
      alice.client.groups().post(group, "hello");
      awaitText(group, carol, "hello");
      carol.client.disconnect();
      talkTo(alice, carol);
      done(alice.client.groups().remove(group, carol.name));
      alice.client.groups().post(group, "without carol");
      awaitText(group, bob, "without carol");
      assertHolds(audit(data));
      server.restart();
      talk(bob, alice, 1);
      done(bob.client.groups().leave(group));
      assertHolds(audit(data));
    }
    Result result = audit(data);
    assertHolds(result);
    assertEquals(3, result.counts().get(Counted.USERS));
    assertEquals(1, result.counts().get(Counted.GROUPS));
    assertEquals(2, result.counts().get(Counted.POSTS));
    assertEquals(
        List.of("files", "format", "lock", "seal-key-serial", "server-sign-key", "sotto.db"),
        names(data));
  }

  /** Accepted, and waiting when the others look. */
  private static void talkTo(Person alice, Person carol) throws Exception {
    Bytes id = alice.say(carol, "for later");
    alice.awaitState(id, Message.State.SENT);
  }

  private static List<String> names(Path data) throws Exception {
    try (Stream<Path> files = Files.list(data)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertHolds(Result result) {
    assertEquals(List.of(), result.findings());
    assertTrue(result.counts().get(Counted.SIGNATURES) > 0);
  }

  @Test
  void whatAKilledServerLeavesHolds() throws Exception {
    try (var server = new ServerProcess(folder.resolve("server"));
        Person alice = Person.registered("alice", server.url(), folder);
        Person bob = Person.registered("bob", server.url(), folder)) {
      talk(alice, bob, 3);
      server.kill();
      Result result = audit(server.data());
      assertHolds(result);
      assertTrue(result.counts().get(Counted.ENTRIES) >= 3);
      server.start();
    }
  }
}
