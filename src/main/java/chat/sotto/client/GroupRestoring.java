package chat.sotto.client;

import chat.sotto.client.GroupReceiving.Fate;
import chat.sotto.client.GroupReceiving.Outcome;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.Membership;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a device goes back in a group when its server was restored from a copy (docs/protocol.md
 * §10). What it knows to be undone does not come back unseen: who was removed stays so for it.
 */
final class GroupRestoring {
  private final Rows rows;
  private final Self self;
  private final SecureRandom random;
  private final GroupRows groups;
  private final GroupOutbox outbox;

  GroupRestoring(Rows rows, Self self, SecureRandom random) {
    this.rows = rows;
    this.self = self;
    this.random = random;
    groups = new GroupRows(rows);
    outbox = new GroupOutbox(rows);
  }

  /** @throws Breach if the entry is not the server's or cannot be true, or lies too far back */
  Outcome take(Restored entry) {
    var group = new GroupId(entry.owner());
    Optional<GroupView> view = groups.find(group);
    if (groups.alarm(group).isPresent()) {
      return Outcome.of(Fate.IGNORED);
    } else if (view.isEmpty() || groups.joining(group).isPresent()) {
      return Outcome.of(Fate.GAP);
    } else if (entry.generation() <= view.get().generation()) {
      return repeat(view.get(), entry);
    } else if (isOver(view.get(), entry)) {
      return Outcome.of(Fate.IGNORED);
    } else if (entry.previous().sequenceNr() > view.get().head().sequenceNr()) {
      return Outcome.of(Fate.GAP);
    }
    requireTrue(view.get(), entry);
    return goBack(view.get(), entry);
  }

  /** Who was removed does not come back by itself; who left has to leave again. */
  private boolean isOver(GroupView view, Restored entry) {
    boolean hasLeft = view.ending().equals(Optional.of(GroupView.Ending.LEFT));
    return view.ending().isPresent()
        && !(hasLeft && then(view, entry.previous().sequenceNr()).isPresent());
  }

  /** The membership after that entry, as far as this user had one. */
  private Optional<Membership> then(GroupView view, long sequenceNr) {
    // Stores that were written before anything was remembered have only the present one.
    Optional<Membership> then =
        view.membership().changedNr() <= sequenceNr
            ? Optional.of(view.membership())
            : new GroupPast(rows).at(view.group(), sequenceNr);
    return then.filter(roster -> roster.row(self.user()).isPresent())
        .filter(roster -> !roster.isLeaving(self.user()));
  }

  private Outcome repeat(GroupView view, Restored entry) {
    Optional<Bytes> known = groups.hash(view.group(), entry.sequenceNr());
    GroupLog.requireUnaltered(
        entry.sequenceNr() <= view.head().sequenceNr()
            && known.map(entry.hash()::equals).orElse(true));
    return Outcome.of(known.isPresent() ? Fate.STORED : Fate.IGNORED);
  }

  /** What lies before this device's part of the log, it cannot know. */
  private void requireTrue(GroupView view, Restored entry) {
    Bytes serverKey = new ServerPin(rows).signKey().orElseThrow();
    boolean isAtHead = entry.previous().equals(view.head());
    Optional<Bytes> known = groups.hash(view.group(), entry.previous().sequenceNr());
    boolean isTrue =
        entry.verify(serverKey, self.serverHost())
            && known.map(entry.previous().hash()::equals).orElse(true)
            && (!isAtHead || entry.time() > view.time());
    if (!isTrue) {
      throw new Breach(Alarm.RESTORE_REFUSED);
    }
  }

  private Outcome goBack(GroupView view, Restored entry) {
    GroupId group = view.group();
    long lastNr = entry.previous().sequenceNr();
    long lost = view.head().sequenceNr() - lastNr;
    Membership then =
        then(view, lastNr).orElseThrow(() -> new Breach(Alarm.GROUP_RESTORED_TOO_OLD));
    groups.forgetAfter(group, lastNr);
    GroupView restored = view.restored(entry, then, missed(view, then));
    groups.put(
        new GroupLog.Taken(restored, Map.of(), true, List.of(), Optional.empty()),
        Optional.empty());
    new GroupLines(rows).loseAfter(group, lastNr).forEach(this::sendAgain);
    decision(view, restored)
        .ifPresent(
            wish ->
                outbox.addFirst(group, MessageIds.make(random), wish, entry.time()));
    return new Outcome(
        Fate.STORED,
        Optional.empty(),
        List.of(
            new ClientEvent.GroupRestored(group, entry.copyTime(), lost),
            new ClientEvent.GroupChanged(group)));
  }

  /** People who had gone since then, by what this device had taken, and those of earlier times. */
  private List<UserName> missed(GroupView view, Membership then) {
    Membership now = view.membership();
    Stream<UserName> gone =
        then.rows().keySet().stream()
            .filter(user -> !user.equals(self.user()))
            .filter(user -> now.row(user).isEmpty() || now.isLeaving(user));
    return Stream.concat(view.missed().stream(), gone).distinct().sorted().toList();
  }

  private void sendAgain(GroupLine line) {
    line.said()
        .map(said -> new GroupWish.Say(ContentJson.of(said)))
        .ifPresent(say -> outbox.addAgain(line.group(), line.id(), say, line.sentAt()));
  }

  /** What the user had decided since is undone as well: to come, or to go. */
  private Optional<GroupWish> decision(GroupView view, GroupView restored) {
    boolean isInvited = restored.isInvited(self);
    if (view.ending().isPresent()) {
      return Optional.of(isInvited ? new GroupWish.Decline() : new GroupWish.Leave());
    }
    return isInvited && !view.isInvited(self)
        ? Optional.of(new GroupWish.Accept())
        : Optional.empty();
  }
}
