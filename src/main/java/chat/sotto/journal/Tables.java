package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The tables as one connection sees them. Used by one thread at a time. */
final class Tables implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final Heads heads = new Heads();

  Tables(Connection connection) {
    this.connection = connection;
  }

  /** Applies a change, of which nothing is left if it fails. */
  <T> T whole(Writer.Change<T> change) throws SQLException {
    run(Dialect.SAVEPOINT);
    T result;
    try {
      result = change.apply(this);
    } catch (SQLException e) {
      // After any other failure the whole transaction is over.
      if (Dialect.isRefusal(e)) {
        undo();
      }
      throw e;
    } catch (RuntimeException e) {
      undo();
      throw e;
    }
    run(Dialect.RELEASE);
    return result;
  }

  private void undo() throws SQLException {
    heads.forgetAll();
    run(Dialect.ROLLBACK_TO);
    run(Dialect.RELEASE);
  }

  /**
   * Appends events, numbered without gaps after what is there and chained to it: all of them, or
   * none.
   *
   * @throws RefusedWriteException if they are not the next ones
   */
  void append(String entity, List<EventRow> rows) throws SQLException {
    Optional<Heads.Head> head = heads.find(entity);
    if (head.isEmpty()) {
      head = head(entity);
    }
    requireNext(entity, head, rows);
    if (head.isPresent() && rows.size() == 1) {
      // One statement is undone by itself if it fails.
      insert(entity, head.get().entity(), rows.get(0));
    } else {
      whole(tables -> insertAll(entity, rows));
    }
  }

  private static void requireNext(
      String entity, Optional<Heads.Head> head, List<EventRow> rows) {
    long nr = head.map(Heads.Head::nr).orElse(0L);
    Bytes hash =
        head.flatMap(Heads.Head::hash)
            .orElse(rows.get(0).isEntry() ? HashChain.START : Bytes.EMPTY);
    for (EventRow row : rows) {
      nr++;
      if (row.nr() != nr || !row.previousHash().equals(hash)) {
        throw new RefusedWriteException(
            "event %d of %s is not the next one: %d after %s"
                .formatted(row.nr(), entity, nr, hash));
      }
      hash = row.hash();
    }
  }

  private Void insertAll(String entity, List<EventRow> rows) throws SQLException {
    putEntity(entity);
    long id = head(entity).orElseThrow().entity();
    for (EventRow row : rows) {
      insert(entity, id, row);
    }
    return null;
  }

  private Optional<Heads.Head> head(String entity) throws SQLException {
    PreparedStatement statement = statement(Dialect.HEAD);
    statement.setString(1, entity);
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      long nr = Math.max(row.getLong(2), row.getLong(3));
      return Optional.of(
          new Heads.Head(row.getLong(1), nr, Optional.ofNullable(row.getBytes(4)).map(Bytes::of)));
    }
  }

  private void putEntity(String entity) throws SQLException {
    PreparedStatement statement = statement(Dialect.ENTITY_PUT);
    statement.setString(1, entity);
    statement.executeUpdate();
  }

  private void insert(String entity, long id, EventRow row) throws SQLException {
    PreparedStatement statement = statement(Dialect.EVENT_PUT);
    statement.setLong(1, id);
    statement.setLong(2, row.nr());
    statement.setLong(3, row.writtenAt());
    statement.setString(4, row.writer());
    statement.setInt(5, row.serializer());
    statement.setString(6, row.manifest());
    statement.setBytes(7, row.previousHash().toArray());
    statement.setBytes(8, row.hash().toArray());
    statement.setBytes(9, row.bytes());
    statement.executeUpdate();
    heads.onAppended(entity, id, row);
  }

  /** The highest number that an entity ever had, 0 if none. */
  long highestNr(String entity) throws SQLException {
    return head(entity).map(Heads.Head::nr).orElse(0L);
  }

  /** Gives the events from {@code from} to {@code to}, both inclusive, {@code max} at most. */
  void events(String entity, long from, long to, long max, Consumer<EventRow> each)
      throws SQLException {
    PreparedStatement statement = statement(Dialect.EVENT_RANGE);
    statement.setString(1, entity);
    statement.setLong(2, from);
    statement.setLong(3, to);
    statement.setLong(4, max);
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        each.accept(
            new EventRow(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                Bytes.of(row.getBytes(6)),
                Bytes.of(row.getBytes(7)),
                row.getBytes(8)));
      }
    }
  }

  /** Deletes events up to a number; the numbers themselves are never given again. */
  void deleteEvents(String entity, long to) throws SQLException {
    heads.forget(entity);
    long last = Math.min(to, highestNr(entity));
    PreparedStatement mark = statement(Dialect.EVENT_DELETED_TO);
    mark.setLong(1, last);
    mark.setString(2, entity);
    mark.executeUpdate();
    PreparedStatement delete = statement(Dialect.EVENT_DELETE);
    delete.setString(1, entity);
    delete.setLong(2, last);
    delete.executeUpdate();
  }

  void putSnapshot(String entity, SnapshotRow row) throws SQLException {
    putEntity(entity);
    PreparedStatement statement = statement(Dialect.SNAPSHOT_PUT);
    statement.setString(1, entity);
    statement.setLong(2, row.nr());
    statement.setLong(3, row.writtenAt());
    statement.setInt(4, row.serializer());
    statement.setString(5, row.manifest());
    statement.setBytes(6, row.hash().toArray());
    statement.setBytes(7, row.bytes());
    statement.executeUpdate();
  }

  /** The newest snapshot that is taken, tried from the highest number down. */
  <T> Optional<T> newestSnapshot(SnapshotRange range, SnapshotReader<T> reader)
      throws SQLException {
    try (ResultSet row = bind(Dialect.SNAPSHOT_RANGE, range).executeQuery()) {
      Optional<T> taken = Optional.empty();
      while (taken.isEmpty() && row.next()) {
        taken =
            reader.read(
                new SnapshotRow(
                    row.getLong(1),
                    row.getLong(2),
                    row.getInt(3),
                    row.getString(4),
                    Bytes.of(row.getBytes(5)),
                    row.getBytes(6)));
      }
      return taken;
    }
  }

  /** Takes a snapshot or leaves it for an older one. */
  interface SnapshotReader<T> {
    Optional<T> read(SnapshotRow row);
  }

  void deleteSnapshots(SnapshotRange range) throws SQLException {
    bind(Dialect.SNAPSHOT_DELETE, range).executeUpdate();
  }

  private PreparedStatement bind(String sql, SnapshotRange range) throws SQLException {
    PreparedStatement statement = statement(sql);
    statement.setString(1, range.entity());
    statement.setLong(2, range.nrMin());
    statement.setLong(3, range.nrMax());
    statement.setLong(4, range.writtenMin());
    statement.setLong(5, range.writtenMax());
    return statement;
  }

  /** Stores a body or replaces it; without an expiry it stays until replaced or deleted. */
  void putBody(String id, Optional<Long> expiresAt, byte[] bytes) throws SQLException {
    PreparedStatement statement = statement(Dialect.BODY_PUT);
    statement.setString(1, id);
    if (expiresAt.isPresent()) {
      statement.setLong(2, expiresAt.get());
    } else {
      statement.setNull(2, Types.INTEGER);
    }
    statement.setBytes(3, bytes);
    statement.executeUpdate();
  }

  Optional<byte[]> body(String id) throws SQLException {
    PreparedStatement statement = statement(Dialect.BODY_GET);
    statement.setString(1, id);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
    }
  }

  void deleteBodies(Collection<String> ids) throws SQLException {
    PreparedStatement statement = statement(Dialect.BODY_DELETE);
    for (String id : ids) {
      statement.setString(1, id);
      statement.executeUpdate();
    }
  }

  /**
   * Bodies with ids from one on and before another, falling: as many as fit so many bytes, and the
   * first in any case.
   */
  SortedMap<String, byte[]> newestBodies(String from, String before, int max, long bytesMax)
      throws SQLException {
    PreparedStatement statement = statement(Dialect.BODY_NEWEST);
    statement.setString(1, from);
    statement.setString(2, before);
    statement.setInt(3, max);
    var found = new TreeMap<String, byte[]>(Comparator.reverseOrder());
    try (ResultSet row = statement.executeQuery()) {
      long left = bytesMax;
      while (left > 0 && row.next()) {
        byte[] bytes = row.getBytes(2);
        left -= bytes.length;
        if (left >= 0 || found.isEmpty()) {
          found.put(row.getString(1), bytes);
        }
      }
    }
    return found;
  }

  /** Deletes bodies as of {@link #newestBodies}, lowest first; gives their number, at most max. */
  int deleteBodiesBetween(String from, String before, int max) throws SQLException {
    PreparedStatement statement = statement(Dialect.BODY_DELETE_BETWEEN);
    statement.setString(1, from);
    statement.setString(2, before);
    statement.setInt(3, max);
    return statement.executeUpdate();
  }

  /** Deletes bodies whose time has come; gives their number, {@code max} at most. */
  int expireBodies(long now, int max) throws SQLException {
    PreparedStatement statement = statement(Dialect.BODY_EXPIRE);
    statement.setLong(1, now);
    statement.setInt(2, max);
    return statement.executeUpdate();
  }

  /** Names after one, rising. */
  List<String> entities(String after, int max) throws SQLException {
    PreparedStatement statement = statement(Dialect.ENTITY_PAGE);
    statement.setString(1, after);
    statement.setInt(2, max);
    var names = new ArrayList<String>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** Has another database beside this one. */
  void attach(String uri) throws SQLException {
    PreparedStatement statement = statement(Dialect.ATTACH);
    statement.setString(1, uri);
    statement.execute();
  }

  Optional<String> meta(String key) throws SQLException {
    PreparedStatement statement = statement(Dialect.META_GET);
    statement.setString(1, key);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }

  void putMeta(String key, String value) throws SQLException {
    PreparedStatement statement = statement(Dialect.META_PUT);
    statement.setString(1, key);
    statement.setString(2, value);
    statement.executeUpdate();
  }

  /** False if there was no such key. */
  boolean deleteMeta(String key) throws SQLException {
    PreparedStatement statement = statement(Dialect.META_DELETE);
    statement.setString(1, key);
    return statement.executeUpdate() == 1;
  }

  /** Runs one statement of {@link Dialect} that has no parameters; what it answers is not read. */
  void run(String sql) throws SQLException {
    PreparedStatement statement = statement(sql);
    if (statement.execute()) {
      statement.getResultSet().close();
    }
  }

  /** The first column of the first row that a statement without parameters gives. */
  String ask(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Ends what another thread runs here; it fails as interrupted. */
  void interrupt() throws SQLException {
    connection.unwrap(org.sqlite.SQLiteConnection.class).getDatabase().interrupt();
  }

  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
