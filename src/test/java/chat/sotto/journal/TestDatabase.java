package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A real database in a data folder, without an actor system. */
final class TestDatabase implements AutoCloseable {
  static final long WAIT_SECONDS = 20;

  final DataFolder folder;
  final Database database;
  final Bodies bodies;
  final JournalSource journal;

  /** Completed with the reason once the database has failed. */
  final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  TestDatabase(Path path) {
    this(path, Clock.systemUTC());
  }

  TestDatabase(Path path, Clock clock) {
    folder = DataFolder.open(path);
    try {
      database = Database.open(folder.databaseFile(), clock, failure::complete);
    } catch (DataFolderException e) {
      folder.close();
      throw e;
    }
    bodies = new Bodies(database);
    journal = new JournalSource(database);
  }

  @Override
  public void close() {
    database.close();
    folder.close();
  }

  /** Queues events after a chain's head in one write, as the journal does. */
  CompletableFuture<Void> append(HashChain after, String... events) {
    return append(after.entity(), rows(after, events));
  }

  CompletableFuture<Void> append(String entity, List<EventRow> rows) {
    return database.write(
        rows.stream().mapToInt(EventRow::size).sum(),
        new Writer.Whole<Void>(
            tables -> {
              tables.append(entity, rows);
              return null;
            }));
  }

  static List<EventRow> rows(HashChain after, String... events) {
    var rows = new ArrayList<EventRow>();
    HashChain chain = after;
    for (String event : events) {
      var entry = new JournalEntry(chain.head(), json(event));
      rows.add(EventRow.of(chain.entity(), chain.sequenceNr() + 1, 1_000, "writer", entry));
      chain = chain.append(entry);
    }
    return rows;
  }

  static HashChain after(HashChain chain, String... events) {
    HashChain head = chain;
    for (String event : events) {
      head = head.append(new JournalEntry(head.head(), json(event)));
    }
    return head;
  }

  private static Bytes json(String type) {
    return Bytes.of("{\"type\":\"%s\"}".formatted(type).getBytes(StandardCharsets.UTF_8));
  }

  /** The types of an entity's stored events, in order. */
  List<String> types(String entity) {
    return await(database.read(tables -> readTypes(tables, entity)));
  }

  static List<String> readTypes(Tables tables, String entity) throws SQLException {
    var types = new ArrayList<String>();
    tables.events(
        entity,
        1,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        row -> types.add(new String(row.bytes(), StandardCharsets.UTF_8).split("\"")[3]));
    return types;
  }

  long highestNr(String entity) {
    return await(database.read(tables -> tables.highestNr(entity)));
  }

  /** Holds the writer's thread in a transaction of its own; what is queued now is one batch. */
  Hold holdWriter() {
    var hold = new Hold();
    database.write(0, tables -> hold.here());
    hold.awaitReached();
    return hold;
  }

  static final class Hold {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    Void here() {
      reached.countDown();
      pass(released);
      return null;
    }

    void awaitReached() {
      pass(reached);
    }

    void release() {
      released.countDown();
    }

    private static void pass(CountDownLatch latch) {
      try {
        if (!latch.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("nobody came");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** What a failed stage failed with. */
  static Throwable awaitFailure(CompletionStage<?> stage) {
    return await(
        stage.handle(
            (value, error) -> {
              if (error == null) {
                throw new AssertionError("did not fail");
              }
              return error instanceof CompletionException ? error.getCause() : error;
            }));
  }

  /** One value by plain SQL on a connection of its own, as an auditor would ask. */
  static String sql(Path folder, String query) {
    try (Connection connection = connect(folder);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : "no row";
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static void change(Path folder, String sql) {
    try (Connection connection = connect(folder);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection connect(Path folder) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("sotto.db"));
  }
}
