package chat.sotto.client;

import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the user stands with people (docs/protocol.md §7.8). What is owed to somebody who asks waits
 * in the outbox, which sends them nothing.
 */
final class Standings {
  private static final Table<Row> STANDINGS = new Table<>("standing", Row.class);
  private static final Table<Strangers> STRANGERS = new Table<>("strangers", Strangers.class);
  private static final String KEY = "state";

  private final Rows rows;

  /** How the user stands with somebody. */
  enum Standing {
    ACCEPTED,
    ASKED,
    BLOCKED;

    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is none */
    @JsonCreator
    static Standing fromText(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** @param changed whether it was decided here and is not in sync yet */
  private record Row(Standing standing, boolean changed) {}

  /** @param ask whether they wait to be accepted */
  private record Strangers(boolean ask) {}

  Standings(Rows rows) {
    this.rows = rows;
  }

  Standing of(UserName user) {
    return rows.get(STANDINGS, user.value()).map(Row::standing).orElse(Standing.ACCEPTED);
  }

  boolean accepts(UserName user) {
    return of(user) == Standing.ACCEPTED;
  }

  boolean blocks(UserName user) {
    return of(user) == Standing.BLOCKED;
  }

  List<UserName> blocked() {
    return rows.list(STANDINGS, "").stream()
        .map(row -> new UserName(row.key()))
        .filter(this::blocks)
        .toList();
  }

  /** What the user decided on this device. */
  void decide(UserName user, Standing standing) {
    rows.put(STANDINGS, user.value(), new Row(standing, true));
    Sync.changed(rows);
  }

  /** Whoever is written to may write, unless they are blocked. */
  void writeTo(UserName user) {
    if (blocks(user)) {
      throw new IllegalStateException(user + " is blocked");
    }
    if (!accepts(user)) {
      decide(user, Standing.ACCEPTED);
    }
  }

  /** Erases what somebody sent who asks, and blocks them. */
  void decline(UserName user) {
    if (of(user) == Standing.ASKED) {
      erase(user);
      decide(user, Standing.BLOCKED);
    }
  }

  private void erase(UserName user) {
    new History(rows).erase(user);
    new Outbox(rows).withdrawAll(user);
  }

  /** The user wrote to somebody on another device, which tells the others by itself. */
  void wroteElsewhere(UserName user) {
    if (of(user) == Standing.ASKED) {
      rows.put(STANDINGS, user.value(), new Row(Standing.ACCEPTED, false));
    }
  }

  /** How strangers come in; the other devices are not told. */
  void setStrangersAsk(boolean ask) {
    rows.put(STRANGERS, KEY, new Strangers(ask));
  }

  /**
   * Somebody wrote, before they are known by it.
   *
   * @return whether they ask, from now on
   */
  boolean meet(UserName user, boolean isKnown) {
    boolean ask = rows.get(STRANGERS, KEY).filter(Strangers::ask).isPresent();
    boolean asks =
        ask
            && !isKnown
            && !Sync.isOpenToAll(rows)
            && rows.get(STANDINGS, user.value()).isEmpty();
    if (asks) {
      rows.put(STANDINGS, user.value(), new Row(Standing.ASKED, false));
    }
    return asks;
  }

  /** What a blob says of somebody; absent for whoever is accepted. */
  Optional<Standing> shared(UserName user) {
    return Optional.of(of(user)).filter(standing -> standing != Standing.ACCEPTED);
  }

  /** What another device put counts, unless it was decided here and it says something else. */
  void join(UserName user, Optional<Standing> theirs) {
    boolean isOurs = rows.get(STANDINGS, user.value()).filter(Row::changed).isPresent();
    Standing standing = theirs.orElse(Standing.ACCEPTED);
    boolean isSame = of(user) == standing;
    if (isOurs && !isSame || isSame && !isOurs) {
      return;
    }
    if (of(user) == Standing.ASKED && standing == Standing.BLOCKED) {
      erase(user);
    }
    rows.put(STANDINGS, user.value(), new Row(standing, false));
  }

  /** Sync has all of it. */
  void wasPut() {
    rows.list(STANDINGS, "")
        .forEach(row -> rows.put(STANDINGS, row.key(), new Row(row.value().standing, false)));
  }
}
