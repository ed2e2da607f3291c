package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static chat.sotto.journal.TestDatabase.change;
import static chat.sotto.journal.TestDatabase.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.persistence.DeleteMessagesFailure;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entities on the real journal and snapshot store. */
class StoreJournalTest {
  private static Path folder;
  private static ActorTestKit kit;
  private static int entities;

  private String name;

  @BeforeAll
  static void startSystem() {
    folder = TestStore.newFolder();
    Config strict =
        ConfigFactory.parseString(
            """
            sotto.journal.allow-delete = off
            akka.actor.serialize-messages = on
            akka.actor.serialization-bindings."chat.sotto.journal.Notes$Stored" = jackson-cbor
            """);
    kit = ActorTestKit.create(strict.withFallback(TestStore.config(folder)));
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void chooseName() {
    name = "notes-" + entities++;
  }

  @Test
  void keepsItsState() {
    add(spawn(), "a");
    ActorRef<Notes.Command> notes = spawn();
    add(notes, "b", "c");
    kit.stop(notes);

    assertEquals(List.of("a", "b", "c"), texts(spawn()));
    assertEquals(
        "3 added {\"type\":\"added\",\"text\":\"c\"}",
        sql(
            folder,
            "SELECT concat_ws(' ', nr, type, event) FROM journal WHERE entity = 'Notes|%s'"
                    .formatted(name)
                + " AND unixepoch(written_at) BETWEEN unixepoch() - 60 AND unixepoch()"
                + " ORDER BY nr DESC"));
  }

  @Test
  void recoversBesideAPendingWriteWithoutMissingIt() {
    Database database = Store.get(kit.system()).database();
    for (int round = 0; round < 50; round++) {
      chooseName();
      ActorRef<Notes.Command> first = spawn();
      texts(first);
      var hold = new TestDatabase.Hold();
      database.write(0, tables -> hold.here());
      hold.awaitReached();
      first.tell(new Notes.Add(List.of("a"), probe().getRef()));
      awaitQueued(database);
      kit.stop(first);
      TestProbe<Notes.State> recovered = probe();
      ActorRef<Notes.Command> second = spawn();
      second.tell(new Notes.Get(recovered.getRef()));
      // Gives a recovery that does not wait the time of another entity's whole read.
      await(database.read(tables -> tables.highestNr("Notes|" + name)));
      hold.release();

      assertEquals(List.of("a"), recovered.receiveMessage().texts());
      assertEquals(List.of("a", "b"), add(second, "b"));
    }
  }

  private static void awaitQueued(Database database) {
    TestProbe<Notes.State> clock = probe();
    clock.awaitAssert(
        Duration.ofSeconds(10),
        Duration.ofMillis(1),
        () -> {
          assertTrue(database.queuedBytes() > 0);
          return null;
        });
  }

  @Test
  void aSecondIncarnationThatWritesTheSameNumberStops() {
    ActorRef<Notes.Command> first = spawn();
    ActorRef<Notes.Command> second = spawn();
    texts(first);
    texts(second);
    TestProbe<Notes.State> watcher = probe();

    add(first, "a");
    second.tell(new Notes.Add(List.of("x"), watcher.getRef()));

    watcher.expectTerminated(second, Duration.ofSeconds(10));
    watcher.expectNoMessage(Duration.ZERO);
    assertEquals(List.of("a", "b"), add(first, "b"));
    kit.stop(first);
    assertEquals(List.of("a", "b"), texts(spawn()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE event SET bytes = replace(bytes, 'two', 'TWO')",
        "UPDATE event SET bytes = replace(bytes, 'three', 'THREE')",
        "UPDATE event SET hash = previous_hash WHERE nr = 3",
        "UPDATE event SET previous_hash = hash WHERE nr = 2",
        "UPDATE event SET manifest = 'other' WHERE nr = 1",
        "UPDATE event SET serializer = 7 WHERE nr = 1",
        "UPDATE event SET writer = 'somebody' WHERE nr = 2",
        "DELETE FROM event WHERE nr = 2",
        "UPDATE event SET nr = nr + 1000 WHERE nr = 3",
      })
  void anEntityWhoseEventsWereChangedStopsAndOthersGoOn(String tampering) {
    ActorRef<Notes.Command> notes = spawn();
    add(notes, "one");
    add(notes, "two");
    add(notes, "three");
    kit.stop(notes);
    String entity = "entity = (SELECT id FROM entity WHERE name = 'Notes|%s')".formatted(name);

    change(folder, tampering + (tampering.contains("WHERE") ? " AND " : " WHERE ") + entity);

    ActorRef<Notes.Command> damaged = spawn();
    probe().expectTerminated(damaged, Duration.ofSeconds(10));
    chooseName();
    assertEquals(List.of("a"), add(spawn(), "a"));
  }

  @Test
  void anIntactSnapshotSavesReadingWhatIsBeforeIt() {
    fillAndStop();
    change(folder, "UPDATE event SET bytes = x'00' WHERE nr = 1 AND " + here());

    assertEquals(12, texts(spawn()).size());
  }

  @ParameterizedTest
  @CsvSource({"10, 10", "0, 10"})
  void damagedSnapshotsCostTimeOnly(int from, int to) {
    fillAndStop();
    change(
        folder,
        "UPDATE snapshot SET bytes = zeroblob(length(bytes)) WHERE nr BETWEEN %d AND %d AND "
                .formatted(from, to)
            + here());

    ActorRef<Notes.Command> recovered = spawn();
    assertEquals(12, texts(recovered).size());
    assertEquals(13, add(recovered, "thirteen").size());
  }

  @Test
  void aSnapshotOfAnotherVersionCostsTimeOnly() {
    fillAndStop();
    TestProbe<Notes.State> settled = probe();
    SnapshotRow foreign = SnapshotRow.of(12, 1, 999, "", new byte[] {1});
    await(
        Store.get(kit.system())
            .database()
            .write(
                0,
                tables -> {
                  tables.putSnapshot("Notes|" + name, foreign);
                  return null;
                }));

    spawn().tell(new Notes.Get(settled.getRef()));

    assertEquals(12, settled.receiveMessage().texts().size());
  }

  /** Twelve events, with snapshots after the fifth and tenth on disk. */
  private void fillAndStop() {
    ActorRef<Notes.Command> notes = spawn();
    for (int i = 1; i <= 12; i++) {
      add(notes, "note " + i);
    }
    probe()
        .awaitAssert(
            () -> {
              String count = sql(folder, "SELECT count(*) FROM snapshot WHERE " + here());
              assertEquals("2", count);
              return null;
            });
    kit.stop(notes);
  }

  private String here() {
    return "entity = (SELECT id FROM entity WHERE name = 'Notes|%s')".formatted(name);
  }

  @Test
  void eventsAreNotDeleted() {
    add(spawn(), "a");
    var replies = TestProbe.create(Object.class, kit.system());

    Persistence.get(kit.system())
        .journalFor("sotto.journal", ConfigFactory.empty())
        .tell(
            new JournalProtocol.DeleteMessagesTo(
                "Notes|" + name, 1, Adapter.toClassic(replies.getRef())),
            Adapter.toClassic(replies.getRef()));

    replies.expectMessageClass(DeleteMessagesFailure.class);
    assertEquals("1", sql(folder, "SELECT count(*) FROM event WHERE " + here()));
  }

  private ActorRef<Notes.Command> spawn() {
    return kit.spawn(Notes.create(name));
  }

  private static TestProbe<Notes.State> probe() {
    return kit.createTestProbe(Notes.State.class);
  }

  private static List<String> add(ActorRef<Notes.Command> notes, String... texts) {
    TestProbe<Notes.State> probe = probe();
    notes.tell(new Notes.Add(List.of(texts), probe.getRef()));
    return probe.receiveMessage().texts();
  }

  private static List<String> texts(ActorRef<Notes.Command> notes) {
    TestProbe<Notes.State> probe = probe();
    notes.tell(new Notes.Get(probe.getRef()));
    return probe.receiveMessage().texts();
  }
}
