package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static chat.sotto.journal.TestDatabase.awaitFailure;
import static chat.sotto.journal.TestDatabase.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorSystem;
import akka.actor.CoordinatedShutdown;
import chat.sotto.model.Bytes;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  @TempDir Path path;

  @Test
  void isClosedBeforeItsSystemCountsAsTerminated() {
    ActorSystem system = system(path);
    await(Store.get(system).bodies().keep("a", new byte[] {1}));
    system.terminate();
    await(system.getWhenTerminated());

    assertEquals("yes", sql(path, "SELECT value FROM meta WHERE key = 'clean-stop'"));
    DataFolder.open(path).close();
  }

  @Test
  void twoSystemsLiveInOneJvm() {
    ActorSystem one = system(path.resolve("one"));
    ActorSystem two = system(path.resolve("two"));

    await(Store.get(one).bodies().keep("a", new byte[] {1}));
    await(Store.get(two).bodies().keep("b", new byte[] {2}));

    assertEquals(Optional.empty(), await(Store.get(one).bodies().get("b")));
    assertTrue(await(Store.get(two).bodies().get("b")).isPresent());
    terminate(one);
    assertTrue(await(Store.get(two).bodies().get("b")).isPresent());
    terminate(two);
  }

  @Test
  void accountsKeepTheHostThatTheyName() {
    ActorSystem system = system(path);
    Store store = Store.get(system);
    Bytes key = Bytes.of(new byte[32]);
    store.putServer("first.example", key);
    store.putServer("second.example", key);
    await(
        store
            .database()
            .write(
                0,
                tables -> {
                  tables.run("INSERT INTO entity (name) VALUES ('User|bob')");
                  return null;
                }));

    store.putServer("second.example", key);
    var refusal =
        assertThrows(DataFolderException.class, () -> store.putServer("first.example", key));
    assertTrue(refusal.getMessage().contains("second.example"), refusal.getMessage());
    terminate(system);
    assertEquals(
        "second.example", sql(path, "SELECT value FROM meta WHERE key = 'server-host'"));
  }

  @Test
  void aSecondSystemIsRefusedTheFolder() {
    ActorSystem holder = system(path);
    Store.get(holder);
    ActorSystem second = system(path);

    var refusal = assertThrows(DataFolderException.class, () -> Store.get(second));

    assertTrue(refusal.getMessage().startsWith("Another server"), refusal.getMessage());
    terminate(second);
    terminate(holder);
  }

  @Test
  void aFailedWriteStopsTheSystemForThatReason() {
    ActorSystem system = system(path);
    Store store = Store.get(system);

    store
        .database()
        .write(
            0,
            tables -> {
              throw new SQLException("disk I/O error", "", 10);
            });
    await(system.getWhenTerminated());

    assertEquals(
        StoreFailed.INSTANCE, CoordinatedShutdown.get(system).getShutdownReason().orElseThrow());
    var later = awaitFailure(store.bodies().keep("a", new byte[] {1}));
    assertInstanceOf(StoreClosedException.class, later);
    assertEquals(
        74,
        system
            .settings()
            .config()
            .getConfig("akka.coordinated-shutdown.reason-overrides")
            .getInt("\"" + StoreFailed.INSTANCE.getClass().getName() + "\".exit-code"));
  }

  @Test
  void hasNoRoomBelowTheReserve() {
    ActorSystem roomy = system(path.resolve("roomy"));
    assertTrue(Store.get(roomy).hasRoom());
    terminate(roomy);

    var reserve = ConfigFactory.parseString("sotto.journal.free-space-reserve = 1 EiB");
    ActorSystem full =
        ActorSystem.create(
            "full", reserve.withFallback(TestStore.config(path.resolve("full"))));
    assertFalse(Store.get(full).hasRoom());
    terminate(full);
  }

  private static ActorSystem system(Path folder) {
    return ActorSystem.create("store", TestStore.config(folder));
  }

  private static void terminate(ActorSystem system) {
    system.terminate();
    await(system.getWhenTerminated());
  }
}
