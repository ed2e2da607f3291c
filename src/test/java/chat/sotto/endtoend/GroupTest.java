package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.client.GroupLine;
import chat.sotto.client.SottoException;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three people, three clients, one server, one group. */
class GroupTest {
  @TempDir static Path folder;
  private static RunningServer server;
  private static Person alice;
  private static Person bob;
  private static Person carol;
  private GroupId group;

  @BeforeAll
  static void startServer() throws Exception {
    server = new RunningServer(folder.resolve("data"));
    alice = Person.registered("alice", server.url(), folder);
    bob = Person.registered("bob", server.url(), folder);
    carol = Person.registered("carol", server.url(), folder);
  }

  @AfterAll
  static void stopServer() throws Exception {
    List.of(alice, bob, carol).forEach(Person::close);
    server.close();
  }

  @BeforeEach
  void makeGroup() throws Exception {
    List.of(alice, bob, carol).forEach(person -> person.client.connect());
    group = done(alice.client.groups().create("Lesekreis"));
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static ErrorCode refusal(CompletableFuture<?> future) {
    var failure = assertThrows(ExecutionException.class, () -> done(future));
    return ((SottoException) failure.getCause()).code().orElseThrow();
  }

  private Optional<Standing> standing(Person person) {
    return person.client.groups().find(group).map(info -> info.standing());
  }

  private void awaitStanding(Person person, Standing standing) throws Exception {
    person.awaitThat(
        standing.name(), () -> standing(person).equals(Optional.of(standing)));
  }

  /** Until a person's client knows that somebody else has accepted. */
  private void awaitMember(Person person, Person member) throws Exception {
    person.awaitThat(
        member.name + " a member",
        () ->
            person.client.groups().find(group).orElseThrow().people().stream()
                .anyMatch(
                    one -> one.user().equals(member.name) && one.role() == GroupRole.MEMBER));
  }

  private List<String> texts(Person person) {
    return person.client.groups().lines(group).stream()
        .filter(line -> line.state() != GroupLine.State.NOTICE)
        .map(GroupLine::text)
        .toList();
  }

  private void awaitTexts(Person person, String... texts) throws Exception {
    person.awaitThat(
        List.of(texts).toString(), () -> texts(person).equals(List.of(texts)));
  }

  private void join(Person... people) throws Exception {
    for (Person person : people) {
      done(alice.client.groups().invite(group, Set.of(person.name)));
      awaitStanding(person, Standing.INVITED);
      done(person.client.groups().accept(group));
      assertEquals(Optional.of(Standing.MEMBER), standing(person));
    }
  }

  @Test
  void threePeopleTalk() throws Exception {
    done(alice.client.groups().invite(group, Set.of(bob.name, carol.name)));
    awaitStanding(bob, Standing.INVITED);
    awaitStanding(carol, Standing.INVITED);
    done(bob.client.groups().accept(group));
    done(carol.client.groups().accept(group));
    alice.client.groups().post(group, "hello");
    awaitTexts(bob, "hello");
    bob.client.groups().post(group, "hi");
    awaitTexts(carol, "hello", "hi");
    carol.client.groups().post(group, "hey");
    for (Person person : List.of(alice, bob, carol)) {
      awaitTexts(person, "hello", "hi", "hey");
    }
    alice.client.typing(group, true);
    for (Person person : List.of(bob, carol)) {
      person.await(new ClientEvent.Typing(alice.name, Optional.of(group), true));
    }
    assertEquals(
        Optional.of("Lesekreis"), carol.client.groups().find(group).orElseThrow().name());
  }

  @Test
  void removedWhileOfflineReadsUpToTheRemovalAndNoMore() throws Exception {
    join(bob, carol);
    carol.client.disconnect();
    alice.client.groups().post(group, "before");
    done(alice.client.groups().remove(group, carol.name));
    alice.client.groups().post(group, "after");
    awaitTexts(bob, "before", "after");
    carol.client.connect();
    awaitStanding(carol, Standing.REMOVED);
    assertEquals(List.of("before"), texts(carol));
  }

  @Test
  void whoIsInvitedAgainReadsFromThenOn() throws Exception {
    join(bob, carol);
    done(alice.client.groups().remove(group, carol.name));
    awaitStanding(carol, Standing.REMOVED);
    alice.client.groups().post(group, "without carol");
    join(carol);
    alice.client.groups().post(group, "with carol");
    awaitTexts(carol, "with carol");
    awaitTexts(bob, "without carol", "with carol");
  }

  @Test
  void whatWaitsSurvivesTheServerAndTheClient() throws Exception {
    join(bob, carol);
    bob.client.disconnect();
    bob.client.groups().post(group, "written offline");
    bob.client.close();
    server.restart();
    alice.client.groups().post(group, "after the restart");
    awaitTexts(carol, "after the restart");
    done(alice.client.groups().remove(group, carol.name));
    bob = bob.over(server.url());
    bob.client.connect();
    awaitTexts(alice, "after the restart", "written offline");
  }

  @Test
  void whatCannotBeIsToldAndChangesNothing() throws Exception {
    join(bob);
    var nobody = new UserName("nobody");
    assertEquals(
        ErrorCode.UNKNOWN_USER,
        refusal(alice.client.groups().invite(group, Set.of(carol.name, nobody))));
    assertEquals(
        ErrorCode.NOT_ADMIN, refusal(bob.client.groups().remove(group, alice.name)));
    assertEquals(ErrorCode.LAST_ADMIN, refusal(alice.client.groups().leave(group)));
    assertEquals(2, alice.client.groups().find(group).orElseThrow().people().size());
    awaitMember(alice, bob);
    done(alice.client.groups().setRole(group, bob.name, GroupRole.ADMIN));
    done(alice.client.groups().leave(group));
    bob.client.groups().post(group, "alone");
    awaitTexts(bob, "alone");
    bob.awaitThat(
        "alice gone",
        () -> bob.client.groups().find(group).orElseThrow().people().size() == 1);
  }

  @Test
  void adminSeesWhoHasNotSeenTheRemoval() throws Exception {
    join(bob, carol);
    bob.client.disconnect();
    done(alice.client.groups().remove(group, carol.name));
    List<GroupLine> lines = alice.client.groups().lines(group);
    long removal = lines.get(lines.size() - 1).sequenceNr();
    assertEquals(true, done(alice.client.groups().unseen(group, removal)).contains(bob.name));
  }
}
