package chat.sotto.admin;

import chat.sotto.crypto.Ed25519;
import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.EntityState;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.OfflineDatabase;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import chat.sotto.user.KeptBodies;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/**
 * Derives every entity of a copy anew, which checks its chain and its rules, and appends the entry
 * that says that its log was restored. Holds the state of one entity at a time.
 */
final class RestoredLogs {
  private static final int ENTITIES_AT_A_TIME = 500;

  private final OfflineDatabase database;
  private final Server server;
  private final long copyTime;
  private final long now;
  private final String writer = UUID.randomUUID().toString();
  private long users;
  private long groups;

  /** Whose word the entries are. */
  record Server(Ed25519.SigningKey key, String host) {}

  record Count(long users, long groups) {}

  RestoredLogs(OfflineDatabase database, Server server, long copyTime, Clock clock) {
    this.database = database;
    this.server = server;
    this.copyTime = copyTime;
    this.now = Math.max(clock.millis(), copyTime);
  }

  Count write() {
    List<String> names = database.entities("", ENTITIES_AT_A_TIME);
    while (!names.isEmpty()) {
      names.forEach(this::restore);
      database.commit();
      names = database.entities(names.get(names.size() - 1), ENTITIES_AT_A_TIME);
    }
    // A cache that nobody has checked: it comes again.
    database.deleteSnapshots();
    database.expireBodies(now);
    return new Count(users, groups);
  }

  private void restore(String entity) {
    String owner = entity.substring(entity.indexOf('|') + 1);
    try {
      if (UserName.isValid(owner) && entity.equals(UserState.entity(new UserName(owner)))) {
        restoreUser(UserState.empty(new UserName(owner)));
      } else if (GroupId.isValid(owner)
          && entity.equals(GroupState.entity(new GroupId(owner)))) {
        restoreGroup(GroupState.empty(new GroupId(owner)));
      } else {
        throw new DataFolderException(
            "The copy holds %s, of a kind that this Sotto does not know.".formatted(entity));
      }
    } catch (DataFolderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DataFolderException(
          "The copy is damaged, in %s: %s.".formatted(entity, e.getMessage()), e);
    }
  }

  private void restoreUser(UserState empty) {
    UserState state = derive(empty);
    if (state.chain().isEmpty()) {
      return;
    }
    users++;
    Restored entry =
        entry(
            LogPoint.INBOX,
            state.user().value(),
            state.inbox().generations().newest(),
            state.inbox().head(),
            state.time());
    UserState after = append(state, UserEvent.CODEC.encode(UserEvent.Restored.of(entry)));
    var unneeded = new HashSet<>(KeptBodies.prekeys(state));
    unneeded.removeAll(KeptBodies.prekeys(after));
    database.deleteBodies(unneeded);
  }

  private void restoreGroup(GroupState empty) {
    GroupState state = derive(empty);
    if (state.chain().isEmpty()) {
      return;
    }
    groups++;
    Restored entry =
        entry(
            LogPoint.GROUP,
            state.group().value(),
            state.generations().newest(),
            state.head(),
            state.time());
    append(state, GroupEvent.CODEC.encode(GroupEvent.Restored.of(entry)));
  }

  private <S extends EntityState<?, S>> S derive(S empty) {
    var derived = new Object() {
      private S state = empty;
    };
    database.read(
        empty.chain().entity(), stored -> derived.state = derived.state.apply(stored.entry()));
    return derived.state;
  }

  private Restored entry(String kind, String owner, long generation, Point head, long last) {
    long time = Math.max(now, last + 1);
    // New even if this copy was restored before, whose entries somebody may have taken.
    long next = Math.max(generation + 1, now / 1000);
    return Restored.sign(server.key(), server.host(), kind, owner, next, head, time, copyTime);
  }

  private <S extends EntityState<?, S>> S append(S state, Bytes event) {
    JournalEntry entry = state.chain().entries(List.of(event)).get(0);
    S after = state.apply(entry);
    database.append(
        state.chain().entity(), after.chain().sequenceNr(), now, writer, entry);
    return after;
  }
}
