package chat.sotto.audit;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Changes of rows by somebody who does not care for chains. Empty if there is nothing to change.
 */
final class RowMutations {
  private static final Map<String, List<String>> COLUMNS =
      Map.of(
          "event",
          List.of(
              "entity", "nr", "written_at", "writer", "serializer", "manifest", "previous_hash",
              "hash", "bytes"),
          "entity", List.of("id", "name", "deleted_to"),
          "body", List.of("id", "expires_at", "bytes"),
          "meta", List.of("key", "value"));
  private static final List<String> TABLES = List.of("event", "event", "entity", "body", "meta");

  private final Forger forger;
  private final RandomGenerator random;

  RowMutations(Forger forger, RandomGenerator random) {
    this.forger = forger;
    this.random = random;
  }

  private record Event(long entity, String name, long nr, long last) {
    boolean isLast() {
      return nr == last;
    }
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Event event() throws SQLException {
    List<Object> row =
        any(
            forger.rows(
                "SELECT id, name, nr, (SELECT max(nr) FROM event WHERE entity = id)"
                    + " FROM event JOIN entity ON id = entity"));
    return new Event(number(row, 0), (String) row.get(1), number(row, 2), number(row, 3));
  }

  private static long number(List<Object> row, int column) {
    return ((Number) row.get(column)).longValue();
  }

  /** One bit of one value. */
  Optional<Mutation> bit() throws SQLException {
    String table = any(TABLES);
    String column = any(COLUMNS.get(table));
    List<Object> row =
        any(
            forger.rows(
                "SELECT rowid, typeof(%1$s), CAST(%1$s AS BLOB), %1$s FROM %2$s"
                    .formatted(column, table)));
    long id = number(row, 0);
    String kind = "a bit of %s.%s".formatted(table, column);
    Mutation mutation = mutation(kind, table, column, id);
    if (row.get(1).equals("integer")) {
      long flipped = number(row, 3) ^ 1L << random.nextInt(Long.SIZE);
      forger.run("UPDATE %s SET %s = ? WHERE rowid = ?".formatted(table, column), flipped, id);
    } else if (row.get(1).equals("null") || ((byte[]) row.get(2)).length == 0) {
      return Optional.empty();
    } else {
      byte[] flipped = (byte[]) row.get(2);
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      forger.run(
          "UPDATE %s SET %s = CAST(? AS %s) WHERE rowid = ?"
              .formatted(table, column, row.get(1)),
          flipped,
          id);
    }
    return Optional.of(mutation);
  }

  private Mutation mutation(String kind, String table, String column, long rowId)
      throws SQLException {
    if (table.equals("event")) {
      List<Object> row =
          forger
              .rows(
                  "SELECT name, nr FROM event JOIN entity ON id = entity WHERE event.rowid = ?",
                  rowId)
              .get(0);
      boolean isMoved = column.equals("entity") || column.equals("nr");
      return isMoved
          ? Mutation.ofPlace(kind, (String) row.get(0), number(row, 1))
          : Mutation.at(kind, (String) row.get(0), number(row, 1));
    } else if (table.equals("body")) {
      List<Object> row = forger.rows("SELECT id FROM body WHERE rowid = ?", rowId).get(0);
      String id = (String) row.get(0);
      return Mutation.ofBody(kind + " of " + bodyKind(id), id);
    }
    return Mutation.anywhere(kind, table + " " + rowId);
  }

  private static String bodyKind(String id) {
    return id.contains("/") ? id.substring(0, id.indexOf('/')) : "a ciphertext";
  }

  /** A body that is gone. */
  Optional<Mutation> bodyDeleted() throws SQLException {
    String id = (String) any(forger.rows("SELECT id FROM body")).get(0);
    forger.run("DELETE FROM body WHERE id = ?", id);
    return Optional.of(Mutation.ofBody("a body deleted: " + bodyKind(id), id));
  }

  /** A body that stands where another stood. */
  Optional<Mutation> bodiesSwapped() throws SQLException {
    String one = (String) any(forger.rows("SELECT id FROM body")).get(0);
    String other = (String) any(forger.rows("SELECT id FROM body")).get(0);
    if (one.equals(other)) {
      return Optional.empty();
    }
    forger.run("UPDATE body SET id = 'between' WHERE id = ?", one);
    forger.run("UPDATE body SET id = ? WHERE id = ?", one, other);
    forger.run("UPDATE body SET id = ? WHERE id = 'between'", other);
    return Optional.of(
        Mutation.ofBody(
            "bodies swapped: %s and %s".formatted(bodyKind(one), bodyKind(other)),
            one + " and " + other));
  }

  /** One that another follows: what the last one is, nothing after it says. */
  Optional<Mutation> deleted() throws SQLException {
    Event event = event();
    if (event.isLast()) {
      return Optional.empty();
    }
    forger.run("DELETE FROM event WHERE entity = ? AND nr = ?", event.entity, event.nr);
    return Optional.of(Mutation.at("an event deleted", event.name, event.nr));
  }

  /** As if it had never been there, but for the chain. */
  Optional<Mutation> closedUp() throws SQLException {
    Event event = event();
    if (event.isLast()) {
      return Optional.empty();
    }
    forger.run("DELETE FROM event WHERE entity = ? AND nr = ?", event.entity, event.nr);
    shift(event.entity, event.nr + 1, -1);
    return Optional.of(
        Mutation.at("an event deleted, others moved up", event.name, event.nr));
  }

  private void shift(long entity, long from, long by) throws SQLException {
    forger.run(
        "UPDATE event SET nr = -nr - ? WHERE entity = ? AND nr >= ?", by, entity, from);
    forger.run("UPDATE event SET nr = -nr WHERE entity = ? AND nr < 0", entity);
  }

  /** A copy of any event, at any place. */
  Optional<Mutation> inserted() throws SQLException {
    Event from = event();
    Event to = event();
    long place = 1 + random.nextLong(to.last + 1);
    long source = from.entity == to.entity && from.nr >= place ? from.nr + 1 : from.nr;
    shift(to.entity, place, 1);
    copy(from.entity, source, to.entity, place);
    String kind =
        from.entity == to.entity ? "an event repeated" : "an event of another entity inserted";
    // Before itself it is where it was, and what follows is not.
    boolean isBeforeItself = from.entity == to.entity && from.nr == place;
    return Optional.of(Mutation.at(kind, to.name, isBeforeItself ? place + 1 : place));
  }

  private void copy(long from, long nr, long to, long place) throws SQLException {
    forger.run(
        "INSERT INTO event SELECT ?, ?, written_at, writer, serializer, manifest,"
            + " previous_hash, hash, bytes FROM event WHERE entity = ? AND nr = ?",
        to,
        place,
        from,
        nr);
  }

  Optional<Mutation> swapped() throws SQLException {
    Event one = event();
    Event other = event();
    if (one.equals(other)) {
      return Optional.empty();
    }
    forger.run("UPDATE event SET nr = -1 WHERE entity = ? AND nr = ?", one.entity, one.nr);
    forger.run(
        "UPDATE event SET entity = ?, nr = ? WHERE entity = ? AND nr = ?",
        one.entity,
        one.nr,
        other.entity,
        other.nr);
    forger.run(
        "UPDATE event SET entity = ?, nr = ? WHERE entity = ? AND nr = -1",
        other.entity,
        other.nr,
        one.entity);
    return Optional.of(
        one.entity == other.entity
            ? Mutation.at("two events swapped", one.name, Math.min(one.nr, other.nr))
            : Mutation.of("events of two entities swapped", one.name, other.name));
  }

  Optional<Mutation> moved() throws SQLException {
    Event from = event();
    Event to = event();
    if (from.entity == to.entity || from.isLast()) {
      return Optional.empty();
    }
    long place = 1 + random.nextLong(to.last + 1);
    shift(to.entity, place, 1);
    forger.run(
        "UPDATE event SET entity = ?, nr = ? WHERE entity = ? AND nr = ?",
        to.entity,
        place,
        from.entity,
        from.nr);
    return Optional.of(Mutation.of("an event moved to another entity", from.name, to.name));
  }

  Optional<Mutation> cutOff() throws SQLException {
    Event event = event();
    forger.run("DELETE FROM event WHERE entity = ? AND nr >= ?", event.entity, event.nr);
    return Optional.of(
        event.nr == 1
            ? Mutation.of("all events of an entity deleted", event.name)
            : Mutation.from("the newest events of an entity cut off", event.name, event.nr - 1));
  }

  Optional<Mutation> removed() throws SQLException {
    Event event = event();
    forger.run("DELETE FROM event WHERE entity = ?", event.entity);
    forger.run("DELETE FROM entity WHERE id = ?", event.entity);
    return Optional.of(Mutation.of("an entity removed", event.name));
  }

  Optional<Mutation> renamed() throws SQLException {
    Event event = event();
    String name = event.name.substring(0, event.name.length() - 1) + "0";
    if (name.equals(event.name)) {
      return Optional.empty();
    }
    forger.run("UPDATE entity SET name = ? WHERE id = ?", name, event.entity);
    return Optional.of(Mutation.at("an entity renamed", name, 1));
  }

  Optional<Mutation> merged() throws SQLException {
    Event from = event();
    Event to = event();
    if (from.entity == to.entity) {
      return Optional.empty();
    }
    forger.run(
        "UPDATE event SET entity = ?, nr = nr + ? WHERE entity = ?",
        to.entity,
        to.last,
        from.entity);
    forger.run("DELETE FROM entity WHERE id = ?", from.entity);
    return Optional.of(Mutation.at("two entities merged", to.name, to.last + 1));
  }

  /** All of somebody's events, from the journal of another server. */
  Optional<Mutation> another(String other) throws SQLException {
    forger.run("ATTACH ? AS other", other);
    List<Object> row = any(forger.rows("SELECT id, name FROM other.entity"));
    String name = (String) row.get(1);
    forger.run(
        "INSERT INTO entity (name) SELECT ?1 WHERE ?1 NOT IN (SELECT name FROM entity)", name);
    long id = forger.id(name);
    long last = number(
        forger.rows("SELECT coalesce(max(nr), 0) FROM event WHERE entity = ?", id).get(0), 0);
    forger.run(
        "INSERT INTO event SELECT ?, nr + ?, written_at, writer, serializer, manifest,"
            + " previous_hash, hash, bytes FROM other.event WHERE entity = ?",
        id,
        last,
        number(row, 0));
    return Optional.of(Mutation.from("an entity of another server mixed in", name, last + 1));
  }
}
