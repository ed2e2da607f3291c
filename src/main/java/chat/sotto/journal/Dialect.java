package chat.sotto.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** All SQL of this room, for SQLite. Hashes and events that are not entries of a chain have ''. */
final class Dialect {
  private static final int TOO_BIG = 18;
  private static final int CONSTRAINT = 19;
  static final int NOT_A_DATABASE = 26;
  private static final int FULL = 13;

  private Dialect() {}

  /** True if the database refuses one statement and is itself in order. */
  static boolean isRefusal(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    return code == CONSTRAINT || code == TOO_BIG;
  }

  static boolean isDiskFull(SQLException e) {
    return (e.getErrorCode() & 0xff) == FULL;
  }

  /** What every connection sets. FULL: a commit returns after the fsync of the WAL. */
  static final List<String> CONNECTION =
      List.of(
          "PRAGMA busy_timeout = 5000",
          "PRAGMA synchronous = FULL",
          "PRAGMA fullfsync = ON",
          "PRAGMA checkpoint_fullfsync = ON",
          "PRAGMA foreign_keys = ON",
          "PRAGMA secure_delete = ON",
          "PRAGMA trusted_schema = OFF",
          "PRAGMA temp_store = MEMORY",
          "PRAGMA wal_autocheckpoint = 0",
          "PRAGMA journal_size_limit = 33554432");

  /** What a connection sets that only reads, of a file that nobody need trust. */
  static final List<String> READER =
      List.of(
          "PRAGMA busy_timeout = 5000",
          "PRAGMA query_only = ON",
          "PRAGMA trusted_schema = OFF",
          "PRAGMA cell_size_check = ON",
          "PRAGMA temp_store = MEMORY",
          "PRAGMA cache_size = -32768");

  /** Everything until {@link #COMMIT} sees what was committed when it first read. */
  static final String BEGIN_READING = "BEGIN";

  /** Of a file that is worth nothing before all of it was written and synced. */
  static final List<String> UNSAFE =
      List.of(
          "PRAGMA journal_mode = OFF",
          "PRAGMA synchronous = OFF",
          "PRAGMA secure_delete = ON",
          "PRAGMA trusted_schema = OFF",
          "PRAGMA temp_store = MEMORY");

  static final String WAL = "PRAGMA journal_mode = WAL";
  static final String QUERY_ONLY = "PRAGMA query_only = ON";
  static final String QUICK_CHECK = "PRAGMA quick_check";
  static final String INTEGRITY_CHECK = "PRAGMA integrity_check(10)";

  /** Columns: 1 if readers were in the way, pages in the WAL, pages copied. */
  static final String CHECKPOINT_PASSIVE = "PRAGMA wal_checkpoint(PASSIVE)";

  static final String CHECKPOINT_RESTART = "PRAGMA wal_checkpoint(RESTART)";
  static final String CHECKPOINT_TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)";

  /** A checkpoint of the writer waits for readers no longer than this. */
  static final String WAIT_SHORT = "PRAGMA busy_timeout = 200";

  static final String WAIT_LONG = "PRAGMA busy_timeout = 5000";

  static final String BEGIN = "BEGIN IMMEDIATE";
  static final String COMMIT = "COMMIT";
  static final String ROLLBACK = "ROLLBACK";
  static final String SAVEPOINT = "SAVEPOINT change";
  static final String RELEASE = "RELEASE change";
  static final String ROLLBACK_TO = "ROLLBACK TO change";

  static final String IS_EMPTY = "SELECT count(*) = 0 FROM sqlite_master";

  /** What an auditor reads. */
  static final List<String> TABLES =
      List.of(
          "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
          """
          CREATE TABLE entity (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            deleted_to INTEGER NOT NULL DEFAULT 0)""",
          """
          CREATE TABLE event (
            entity INTEGER NOT NULL REFERENCES entity (id),
            nr INTEGER NOT NULL,
            written_at INTEGER NOT NULL,
            writer TEXT NOT NULL,
            serializer INTEGER NOT NULL,
            manifest TEXT NOT NULL,
            previous_hash BLOB NOT NULL,
            hash BLOB NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (entity, nr))""",
          "CREATE TABLE body (id TEXT PRIMARY KEY, expires_at INTEGER, bytes BLOB NOT NULL)");

  /** What makes it quicker, or easier to read. */
  private static final List<String> BESIDE_TABLES =
      List.of(
          """
          CREATE TABLE snapshot (
            entity INTEGER NOT NULL REFERENCES entity (id),
            nr INTEGER NOT NULL,
            written_at INTEGER NOT NULL,
            serializer INTEGER NOT NULL,
            manifest TEXT NOT NULL,
            hash BLOB NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (entity, nr))""",
          "CREATE INDEX body_expires_at ON body (expires_at) WHERE expires_at IS NOT NULL",
          """
          CREATE VIEW journal AS
            SELECT entity.name AS entity, nr,
              strftime('%Y-%m-%dT%H:%M:%fZ', written_at / 1000.0, 'unixepoch') AS written_at,
              json_extract(CAST(bytes AS TEXT), '$.type') AS type,
              CAST(bytes AS TEXT) AS event,
              lower(hex(previous_hash)) AS previous_hash, lower(hex(hash)) AS hash, writer
            FROM event JOIN entity ON entity.id = event.entity
            WHERE length(hash) = 32""");

  /** Not yet in databases of the first release; each says itself whether it is there. */
  static final List<String> ADDED =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS file (
            id BLOB PRIMARY KEY,
            user TEXT NOT NULL,
            size INTEGER NOT NULL,
            received INTEGER NOT NULL,
            expires_at INTEGER NOT NULL) WITHOUT ROWID""",
          "CREATE INDEX IF NOT EXISTS file_user ON file (user, size)",
          "CREATE INDEX IF NOT EXISTS file_expires_at ON file (expires_at)");

  static final List<String> SCHEMA =
      Stream.of(TABLES, BESIDE_TABLES, ADDED).flatMap(List::stream).toList();

  static final String SCHEMA_STORED =
      "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')";

  static final String META_GET = "SELECT value FROM meta WHERE key = ?";
  static final String META_PUT =
      "INSERT INTO meta (key, value) VALUES (?, ?)"
          + " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
  static final String META_DELETE = "DELETE FROM meta WHERE key = ?";

  static final String ENTITY_PUT = "INSERT INTO entity (name) VALUES (?) ON CONFLICT DO NOTHING";

  /** An entity with its last event, whose columns are null if there is none. */
  static final String HEAD =
      """
      SELECT entity.id, entity.deleted_to, event.nr, event.hash
      FROM entity LEFT JOIN event ON event.entity = entity.id
        AND event.nr = (SELECT max(nr) FROM event WHERE entity = entity.id)
      WHERE entity.name = ?""";

  static final String EVENT_PUT =
      "INSERT INTO event (entity, nr, written_at, writer, serializer, manifest, previous_hash,"
          + " hash, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  static final String EVENT_RANGE =
      """
      SELECT nr, written_at, writer, serializer, manifest, previous_hash, hash, bytes
      FROM event WHERE entity = (SELECT id FROM entity WHERE name = ?) AND nr BETWEEN ? AND ?
      ORDER BY nr LIMIT ?""";
  static final String EVENT_DELETED_TO =
      "UPDATE entity SET deleted_to = max(deleted_to, ?) WHERE name = ?";
  static final String EVENT_DELETE =
      "DELETE FROM event WHERE entity = (SELECT id FROM entity WHERE name = ?) AND nr <= ?";

  /** Rows whose entity has no name too. */
  static final String ENTITIES =
      """
      SELECT id, name, deleted_to FROM entity
      UNION ALL
      SELECT entity, '', 0 FROM event WHERE entity NOT IN (SELECT id FROM entity) GROUP BY entity
      ORDER BY 1""";
  static final String EVENT_COUNT = "SELECT count(*) FROM event";
  static final String HEADS =
      """
      SELECT entity.name, event.nr, event.hash
      FROM entity JOIN event ON event.entity = entity.id
        AND event.nr = (SELECT max(nr) FROM event WHERE entity = entity.id)
      WHERE entity.name > ? ORDER BY entity.name LIMIT ?""";
  static final String HEAD_COUNT =
      "SELECT count(*) FROM entity"
          + " WHERE EXISTS (SELECT 1 FROM event WHERE event.entity = entity.id)";
  /** Without the writer, which no check needs. */
  static final String EVENTS_OF =
      """
      SELECT nr, written_at, '', serializer, manifest, previous_hash, hash, bytes
      FROM event WHERE entity = ? AND nr > ? ORDER BY nr LIMIT ?""";
  static final String EVENTS_WITH =
      """
      SELECT nr, written_at, '', serializer, manifest, previous_hash, hash, bytes
      FROM event WHERE entity = (SELECT id FROM entity WHERE name = ?) AND instr(bytes, ?) > 0
      ORDER BY nr""";
  static final String EVENTS_OF_COUNT = "SELECT count(*) FROM event WHERE entity = ? AND nr > ?";

  static final String SNAPSHOT_PUT =
      """
      INSERT INTO snapshot (entity, nr, written_at, serializer, manifest, hash, bytes)
      VALUES ((SELECT id FROM entity WHERE name = ?), ?, ?, ?, ?, ?, ?)
      ON CONFLICT (entity, nr) DO UPDATE SET written_at = excluded.written_at,
        serializer = excluded.serializer, manifest = excluded.manifest, hash = excluded.hash,
        bytes = excluded.bytes""";
  private static final String SNAPSHOT_WHERE =
      " WHERE entity = (SELECT id FROM entity WHERE name = ?)"
          + " AND nr BETWEEN ? AND ? AND written_at BETWEEN ? AND ?";
  static final String SNAPSHOT_RANGE =
      "SELECT nr, written_at, serializer, manifest, hash, bytes FROM snapshot"
          + SNAPSHOT_WHERE
          + " ORDER BY nr DESC";
  static final String SNAPSHOT_DELETE = "DELETE FROM snapshot" + SNAPSHOT_WHERE;

  static final String BODY_PUT =
      """
      INSERT INTO body (id, expires_at, bytes) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at, bytes = excluded.bytes""";
  static final String BODY_GET = "SELECT bytes FROM body WHERE id = ?";
  static final String BODY_FIND = "SELECT expires_at, bytes FROM body WHERE id = ?";
  static final String BODY_COUNT = "SELECT count(*) FROM body";
  static final String BODY_COUNT_EXPIRED = "SELECT count(*) FROM body WHERE expires_at <= ?";
  static final String BODY_DELETE = "DELETE FROM body WHERE id = ?";
  static final String BODY_EXPIRE =
      "DELETE FROM body WHERE id IN"
          + " (SELECT id FROM body WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";
  static final String BODY_NEWEST =
      "SELECT id, bytes FROM body WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?";
  static final String BODY_DELETE_BETWEEN =
      "DELETE FROM body WHERE id IN"
          + " (SELECT id FROM body WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)";

  // Files

  static final String FILE_PUT =
      "INSERT INTO file (id, user, size, received, expires_at) VALUES (?, ?, ?, ?, ?)";
  private static final String FILE_SELECT =
      "SELECT id, user, size, received, expires_at FROM file ";
  static final String FILE_GET = FILE_SELECT + "WHERE id = ?";
  static final String FILE_OF = FILE_SELECT + "WHERE user = ? LIMIT ?";
  static final String FILE_EXPIRED =
      FILE_SELECT + "WHERE expires_at <= ? ORDER BY expires_at LIMIT ?";
  static final String FILE_PAGE = FILE_SELECT + "WHERE id > ? ORDER BY id LIMIT ?";
  static final String FILE_PROGRESS =
      "UPDATE file SET received = ?, expires_at = ? WHERE id = ?";
  static final String FILE_DELETE = "DELETE FROM file WHERE id = ?";
  static final String FILE_BYTES =
      "SELECT coalesce(sum(size + " + FileRow.COUNTS_FOR + "), 0) FROM file";
  static final String FILE_BYTES_OF = FILE_BYTES + " WHERE user = ?";

  // Copies

  static final String ATTACH = "ATTACH ? AS source";
  static final String SOURCE_FORMAT =
      "SELECT coalesce(max(value), '') FROM source.meta WHERE key = 'format'";
  static final List<String> COPY_JOURNAL =
      List.of(
          "INSERT INTO meta SELECT * FROM source.meta",
          "INSERT INTO entity SELECT * FROM source.entity",
          "INSERT INTO event SELECT * FROM source.event");
  static final List<String> COPY_ALL =
      Stream.concat(
              COPY_JOURNAL.stream(),
              Stream.of(
                  "INSERT INTO snapshot SELECT * FROM source.snapshot",
                  "INSERT INTO body SELECT * FROM source.body"))
          .toList();

  static final String ENTITY_COUNT = "SELECT count(*) FROM entity";
  static final String ENTITY_PAGE =
      "SELECT name FROM entity WHERE name > ? ORDER BY name LIMIT ?";
  static final String SNAPSHOT_DELETE_ALL = "DELETE FROM snapshot";
}
