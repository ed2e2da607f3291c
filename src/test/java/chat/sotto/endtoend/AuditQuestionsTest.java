package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.audit.Answer;
import chat.sotto.audit.AnswerJson;
import chat.sotto.audit.Options;
import chat.sotto.audit.Questions;
import chat.sotto.audit.UnknownException;
import chat.sotto.client.ClientEvent;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.client.GroupLine;
import chat.sotto.client.Message;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happened to three people, and what an auditor is told of it. */
class AuditQuestionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path data;
  private static GroupId group;
  private static Instant beforeAnything;
  private static Instant whenAllWereMembers;
  private static Instant whenCarolWasAway;
  private static Instant atTheEnd;

  @BeforeAll
  static void live() throws Exception {
    data = folder.resolve("data");
    beforeAnything = moment();
    try (var server = new RunningServer(data);
        Person alice = Person.registered("alice", server.url(), folder);
        Person bob = Person.registered("bob", server.url(), folder);
        Person carol = Person.registered("carol", server.url(), folder)) {
      alice.awaitState(alice.say(bob, "hello"), Message.State.DELIVERED);
      group = done(alice.client.groups().create("Lesekreis"));
      done(alice.client.groups().invite(group, Set.of(bob.name, carol.name)));
      for (Person person : List.of(bob, carol)) {
        awaitStanding(person, Standing.INVITED);
        done(person.client.groups().accept(group));
      }
      awaitMember(alice, bob);
      done(alice.client.groups().setRole(group, bob.name, GroupRole.ADMIN));
      alice.client.groups().post(group, "welcome");
      for (Person person : List.of(bob, carol)) {
        awaitText(person, "welcome");
      }
      whenAllWereMembers = moment();
      carol.client.disconnect();
      alice.client.groups().post(group, "while carol is away");
      awaitText(bob, "while carol is away");
      alice.awaitState(alice.say(carol, "are you there?"), Message.State.SENT);
      whenCarolWasAway = moment();
      done(bob.client.groups().remove(group, carol.name));
      carol.forgetEvents();
      carol.client.connect();
      carol.await(ClientEvent.CaughtUp.class);
      awaitStanding(carol, Standing.REMOVED);
      carol.awaitShown(alice, "are you there?");
      done(bob.client.groups().leave(group));
      awaitAllAcknowledged();
    }
    atTheEnd = moment();
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  /** What a client acknowledges last, while it goes, may be lost. */
  private static void awaitAllAcknowledged() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (only("delivery-figures", ask(Questions::summary)).get("waiting").asInt() > 0) {
      assertTrue(System.nanoTime() < end, "not all is acknowledged");
    }
  }

  private static void awaitStanding(Person person, Standing standing) throws Exception {
    person.awaitThat(
        standing.name(),
        () ->
            person.client.groups().find(group).map(info -> info.standing())
                .equals(Optional.of(standing)));
  }

  /** Until a person's client knows that somebody else has accepted. */
  private static void awaitMember(Person person, Person member) throws Exception {
    person.awaitThat(
        member.name + " a member",
        () ->
            person.client.groups().find(group).orElseThrow().people().stream()
                .anyMatch(
                    one -> one.user().equals(member.name) && one.role() == GroupRole.MEMBER));
  }

  private static void awaitText(Person person, String text) throws Exception {
    person.awaitThat(
        text,
        () ->
            person.client.groups().lines(group).stream()
                .map(GroupLine::text)
                .anyMatch(text::equals));
  }

  /** A time that is after all events so far, also if they came faster than the clock ticks. */
  private static Instant moment() {
    Instant later = Instant.now().plusMillis(30);
    while (Instant.now().isBefore(later)) {
      Thread.onSpinWait();
    }
    return later.minusMillis(5);
  }

  private static List<JsonNode> ask(Consumer<Questions> question) {
    var answers = new ArrayList<Answer>();
    try (JournalFile journal = JournalFile.open(data)) {
      var questions = new Questions(journal, Options.standard(), answers::add);
      question.accept(questions);
      assertEquals(List.of(), questions.findings());
    }
    return answers.stream().map(AuditQuestionsTest::json).toList();
  }

  private static JsonNode json(Answer answer) {
    assertFalse(answer.text().isBlank());
    try {
      return JSON.readTree(AnswerJson.of(answer));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<JsonNode> ofType(String type, List<JsonNode> answers) {
    return answers.stream().filter(one -> one.get("type").asText().equals(type)).toList();
  }

  private static JsonNode only(String type, List<JsonNode> answers) {
    List<JsonNode> found = ofType(type, answers);
    assertEquals(1, found.size(), type + " in " + answers);
    return found.get(0);
  }

  private static JsonNode of(String user, List<JsonNode> answers) {
    return answers.stream()
        .filter(one -> one.path("user").asText().equals(user))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(List<JsonNode> answers, String field) {
    return answers.stream().map(one -> one.path(field).asText()).toList();
  }

  @Test
  void tellsWhoWasInTheGroupThenAndWhoPutThemThere() {
    List<JsonNode> then =
        ask(questions -> questions.members(group.value().substring(0, 6), whenAllWereMembers));
    assertEquals(3, only("group", then).get("members").asInt());
    List<JsonNode> members = ofType("member", then);
    assertEquals(List.of("alice", "bob", "carol"), texts(members, "user"));
    assertEquals(List.of("admin", "admin", "member"), texts(members, "role"));
    assertEquals(1, of("alice", members).at("/put/sequenceNr").asInt());
    assertEquals("alice", of("carol", members).at("/put/by").asText());
    assertEquals(2, of("carol", members).at("/put/sequenceNr").asInt());
    assertEquals("carol", of("carol", members).at("/since/by").asText());
    assertEquals("alice", of("bob", members).at("/roleGiven/by").asText());
  }

  @Test
  void tellsOfNobodyBeforeTheGroupWasMadeAndNotOfTheRemovedAfterwards() {
    List<JsonNode> before = ask(questions -> questions.members(group.value(), beforeAnything));
    assertEquals(-1, only("group", before).get("epoch").asInt());
    assertEquals(List.of(), ofType("member", before));
    List<JsonNode> end = ask(questions -> questions.members(group.value(), atTheEnd));
    List<JsonNode> members = ofType("member", end);
    assertTrue(texts(members, "user").contains("alice"));
    assertFalse(texts(members, "user").contains("carol"));
    members.stream()
        .filter(one -> one.get("user").asText().equals("bob"))
        .forEach(bob -> assertEquals("bob", bob.at("/leaving/by").asText()));
  }

  @Test
  void tellsWhatWaitedForSomebodyWhoWasAway() {
    List<JsonNode> then = ask(questions -> questions.pending("carol", whenCarolWasAway));
    JsonNode counts = only("waiting", then);
    List<JsonNode> entries = ofType("waiting-entry", then);
    assertTrue(counts.get("entries").asInt() >= 1);
    assertEquals(counts.get("entries").asInt(), entries.size());
    assertEquals(
        counts.get("bytes").asInt(),
        entries.stream().mapToInt(one -> one.at("/copies/0/size").asInt()).sum());
    assertTrue(texts(entries, "fromUser").contains("alice"));
    assertEquals(1, counts.get("groupsBehind").asInt());
    JsonNode log = only("waiting-group", then);
    assertEquals(group.value(), log.get("group").asText());
    assertTrue(log.get("entries").asInt() >= 1);
    assertEquals(log.get("head").asInt() - log.get("cursor").asInt(), log.get("entries").asInt());
  }

  @Test
  void tellsThatNothingWaitsInTheEnd() {
    for (String user : List.of("alice", "bob", "carol")) {
      List<JsonNode> end = ask(questions -> questions.pending(user, atTheEnd));
      assertEquals(0, only("waiting", end).get("entries").asInt(), user);
      assertEquals(List.of(), ofType("waiting-entry", end));
    }
  }

  @Test
  void tellsWhatBecameOfAMessageAndOfAPost() {
    List<JsonNode> message = ask(questions -> questions.entry("inbox/bob", 1));
    JsonNode entry = only("entry", message);
    assertEquals("alice", entry.get("fromUser").asText());
    assertEquals(1, entry.get("n").asInt());
    JsonNode delivery = only("delivery", message);
    assertEquals("bob", delivery.get("user").asText());
    assertFalse(delivery.get("bodyThere").asBoolean());
    Instant accepted = Instant.parse(entry.get("acceptedAt").asText());
    Instant acknowledged = Instant.parse(delivery.get("acknowledgedAt").asText());
    assertTrue(acknowledged.isAfter(accepted));
    assertFalse(Instant.parse(delivery.get("deliveredBy").asText()).isAfter(acknowledged));
    long missed = number(only("waiting-group", ask(q -> q.pending("carol", whenCarolWasAway))));
    List<JsonNode> post = ask(q -> q.entry("group/" + group.value().substring(0, 8), missed));
    assertEquals("post", only("entry", post).get("entryKind").asText());
    assertTrue(only("entry", post).get("signatureGood").asBoolean());
    List<JsonNode> deliveries = ofType("delivery", post);
    assertEquals(List.of("alice", "bob", "carol"), texts(deliveries, "user"));
    assertTrue(
        Instant.parse(of("carol", deliveries).get("acknowledgedAt").asText())
            .isAfter(whenCarolWasAway));
  }

  private static long number(JsonNode waitingGroup) {
    return waitingGroup.get("head").asLong();
  }

  @Test
  void tellsWhichDevicesAUserHas() {
    List<JsonNode> devices = ask(questions -> questions.devices("carol"));
    JsonNode device = only("device", devices);
    assertTrue(device.get("fingerprint").asText().matches("([0-9a-f]{4} ){7}[0-9a-f]{4}"));
    assertTrue(device.get("signedIn").asBoolean());
    assertEquals(device.get("inboxHead").asInt(), device.get("inboxCursor").asInt());
    assertTrue(device.get("oneTimePrekeys").asInt() > 0);
    assertEquals(1, only("account", devices).get("listVersion").asInt());
  }

  @Test
  void tellsEverythingInTheOrderOfTime() throws Exception {
    List<JsonNode> all =
        ask(
            q ->
                q.timeline(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    List<String> times = texts(all, "time");
    List<Instant> moments = times.stream().map(Instant::parse).toList();
    assertEquals(moments.stream().sorted().toList(), moments);
    try (JournalFile journal = JournalFile.open(data)) {
      assertEquals(journal.eventCount(), all.size());
    }
    List<JsonNode> log =
        ask(
            q ->
                q.timeline(
                    Optional.empty(),
                    Optional.of(group.value()),
                    Optional.empty(),
                    Optional.empty()));
    assertEquals(
        IntStream.rangeClosed(1, log.size()).boxed().toList(),
        log.stream().map(one -> one.get("number").asInt()).toList());
    assertTrue(
        texts(log, "words")
            .contains("alice invited bob; alice invited carol (epoch 1 begins)"));
  }

  @Test
  void tellsOnlyWhatIsAskedFor() {
    List<JsonNode> ofCarol =
        ask(
            q ->
                q.timeline(
                    Optional.of("carol"),
                    Optional.empty(),
                    Optional.of(whenAllWereMembers),
                    Optional.of(whenCarolWasAway)));
    assertFalse(ofCarol.isEmpty());
    for (JsonNode one : ofCarol) {
      Instant time = Instant.parse(one.get("time").asText());
      assertFalse(time.isBefore(whenAllWereMembers) || time.isAfter(whenCarolWasAway));
      assertTrue(one.get("words").asText().contains("carol"), one.toString());
    }
    assertTrue(texts(ofCarol, "event").contains("accepted"));
  }

  @Test
  void countsWhatHappened() {
    List<JsonNode> summary = ask(Questions::summary);
    JsonNode overview = only("overview", summary);
    assertEquals(3, overview.get("users").asInt());
    assertEquals(1, overview.get("groups").asInt());
    assertEquals(2, overview.get("posts").asInt());
    JsonNode delivery = only("delivery-figures", summary);
    int entries = sum(ofType("user-figures", summary), "received");
    assertEquals(entries, overview.get("entries").asInt());
    // Each of two posts to the devices of two others.
    assertEquals(entries + 4, delivery.get("owed").asInt());
    assertEquals(entries + 4, delivery.get("acknowledged").asInt());
    assertEquals(0, delivery.get("waiting").asInt());
    assertEquals(entries + 4, delivery.get("timed").asInt());
    assertTrue(delivery.get("medianMillis").asLong() <= delivery.get("p95Millis").asLong());
    assertTrue(delivery.get("p95Millis").asLong() <= delivery.get("maxMillis").asLong());
    assertEquals(2, of("alice", ofType("user-figures", summary)).get("posts").asInt());
    assertEquals(2, sum(ofType("day", summary), "posts"));
  }

  private static int sum(List<JsonNode> answers, String field) {
    return answers.stream().mapToInt(one -> one.get(field).asInt()).sum();
  }

  @Test
  void saysWhatItDoesNotKnow() {
    assertThrows(UnknownException.class, () -> ask(q -> q.members("ffff", atTheEnd)).size());
    assertThrows(UnknownException.class, () -> ask(q -> q.devices("nobody")).size());
    assertThrows(UnknownException.class, () -> ask(q -> q.devices("No Body")).size());
    assertThrows(UnknownException.class, () -> ask(q -> q.pending("bob", beforeAnything)).size());
    assertThrows(UnknownException.class, () -> ask(q -> q.entry("inbox/bob", 1000)).size());
    assertThrows(IllegalArgumentException.class, () -> ask(q -> q.entry("bob", 1)).size());
  }
}
