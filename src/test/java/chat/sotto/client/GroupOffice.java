package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Confirm;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.OwnPiece;
import chat.sotto.protocol.ServerFrame.Push;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A group's log as a server keeps it, by the rules of docs/protocol.md §9. */
final class GroupOffice {
  /** An entry and what lies beside it. */
  record Kept(
      GroupEntry entry,
      Optional<Bytes> info,
      List<GroupPiece> pieces,
      Optional<Bytes> ciphertext) {}

  /** Somebody's part of the log. */
  private record Stretch(Point start, List<RosterRow> rows, long joinedNr) {}

  private final GroupId group;
  private final SecureRandom random = new SecureRandom();
  private final Map<UserName, Stretch> stretches;
  private final Map<UserName, Long> confirmed;
  private final Map<UserName, Long> ends;
  private final Map<DeviceId, Long> counters;
  private final NavigableMap<Long, Restored> restored;
  final List<Kept> log;
  Membership membership;
  Point head;
  long time = 1_700_000_000_000L;

  GroupOffice(GroupId group) {
    this.group = group;
    membership = Membership.of(group);
    head = GroupStatements.start(group);
    stretches = new HashMap<>();
    confirmed = new HashMap<>();
    ends = new HashMap<>();
    counters = new HashMap<>();
    restored = new TreeMap<>();
    log = new ArrayList<>();
  }

  /** The same up to now; what comes is another history. */
  GroupOffice(GroupOffice other) {
    group = other.group;
    membership = other.membership;
    head = other.head;
    time = other.time;
    stretches = new HashMap<>(other.stretches);
    confirmed = new HashMap<>(other.confirmed);
    ends = new HashMap<>(other.ends);
    counters = new HashMap<>(other.counters);
    restored = new TreeMap<>(other.restored);
    log = new ArrayList<>(other.log);
  }

  /** Goes on as a server does that was restored from what this is a copy of. */
  RestoredPush restore(long generation) {
    var entry =
        Restored.sign(
            TestServer.anyKey(),
            Party.HOST,
            LogPoint.GROUP,
            group.value(),
            generation,
            head,
            time + 1_000,
            time);
    head = entry.point();
    time = entry.time();
    membership = membership.restored(entry.sequenceNr());
    restored.put(entry.sequenceNr(), entry);
    return RestoredPush.of(2, entry);
  }

  /** The last entry of the copy. */
  long copiedNr() {
    return restored.lastEntry().getValue().previous().sequenceNr();
  }

  private long generation(long sequenceNr) {
    Map.Entry<Long, Restored> last = restored.floorEntry(sequenceNr);
    return last == null ? 1 : last.getValue().generation();
  }

  /** @return why it is refused; then nothing changed */
  Optional<ErrorCode> append(Party from, GroupFlight flight) {
    GroupEntry entry = entry(from.user, from.self().device(), flight);
    try {
      Membership after = judge(entry);
      if (entry.content() instanceof Post post && post.counter() != counter(entry) + 1) {
        return Optional.of(ErrorCode.OUT_OF_ORDER);
      }
      keep(entry, flight, after);
      return Optional.empty();
    } catch (GroupRefusedException e) {
      return Optional.of(ErrorCode.valueOf(e.refusal().name()));
    }
  }

  /** Keeps what an honest server would not. */
  Kept force(UserName user, DeviceId device, GroupFlight flight) {
    return keep(entry(user, device, flight), flight, membership);
  }

  private GroupEntry entry(UserName user, DeviceId device, GroupFlight flight) {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    boolean isCommit = flight.content() instanceof Commit;
    var unhashed =
        new GroupEntry(
            head.sequenceNr() + 1,
            time + 1,
            user,
            device,
            flight.messageId(),
            flight.content(),
            isCommit ? Optional.of(Bytes.of(seed)) : Optional.empty(),
            head.hash());
    return unhashed.with(GroupStatements.entryHash(head.hash(), group, unhashed));
  }

  private Membership judge(GroupEntry entry) throws GroupRefusedException {
    Membership.Place place = Membership.Place.of(entry);
    GroupContent content = entry.content();
    if (content instanceof Commit commit) {
      return membership.commit(place, commit);
    } else if (content instanceof Proposal proposal) {
      return membership.propose(place, proposal);
    } else if (content instanceof Confirm confirm) {
      return membership.confirm(place, confirm);
    }
    membership.post(place, (Post) content);
    return membership;
  }

  private long counter(GroupEntry entry) {
    return counters.getOrDefault(entry.fromDevice(), 0L);
  }

  private Kept keep(GroupEntry entry, GroupFlight flight, Membership after) {
    if (entry.content() instanceof Commit commit) {
      counters.clear();
      commit.ops().forEach(op -> begin(op, commit, entry, after));
    } else if (entry.content() instanceof Confirm) {
      confirmed.put(entry.fromUser(), entry.sequenceNr());
    } else if (entry.content() instanceof Post post) {
      counters.put(entry.fromDevice(), post.counter());
    }
    for (UserName user : stretches.keySet()) {
      boolean isOut = after.row(user).isEmpty() || after.isLeaving(user);
      if (isOut) {
        ends.putIfAbsent(user, entry.sequenceNr());
      }
    }
    membership = after;
    head = entry.point();
    time = entry.time();
    var kept =
        new Kept(entry, flight.info(), flight.pieces().orElse(List.of()), flight.ciphertext());
    log.add(kept);
    return kept;
  }

  private void begin(GroupOp op, Commit commit, GroupEntry entry, Membership after) {
    boolean isFounder = op instanceof GroupOp.Found;
    if (isFounder || op instanceof GroupOp.Invite) {
      var rows = isFounder ? List.<RosterRow>of() : after.roster();
      stretches.put(op.user(), new Stretch(commit.head(), rows, entry.sequenceNr()));
      ends.remove(op.user());
      confirmed.remove(op.user());
      if (isFounder) {
        confirmed.put(op.user(), entry.sequenceNr());
      }
    }
  }

  /** What is pushed to a device that acknowledged up to a number. */
  List<Push> pushes(Party to, long after) {
    Stretch stretch = stretches.get(to.user);
    if (stretch == null) {
      return List.of();
    }
    var pushes = new ArrayList<Push>();
    long from = after;
    boolean begins = after < stretch.joinedNr;
    if (begins) {
      from = stretch.start.sequenceNr();
      pushes.add(
          new GroupStart(
              2, group, generation(from), from, stretch.start.hash(), stretch.rows, false,
              Optional.empty()));
    }
    long end = ends.getOrDefault(to.user, Long.MAX_VALUE);
    var entries = new TreeMap<Long, Push>();
    restored.forEach((number, entry) -> entries.put(number, RestoredPush.of(2, entry)));
    log.forEach(kept -> entries.put(kept.entry.sequenceNr(), push(kept, to)));
    pushes.addAll(entries.subMap(from, false, end, true).values());
    return pushes;
  }

  GroupEntryPush push(Kept kept, Party to) {
    GroupEntry entry = kept.entry;
    boolean reads =
        entry.sequenceNr() > confirmed.getOrDefault(to.user, Long.MAX_VALUE);
    Optional<OwnPiece> piece =
        kept.pieces.stream()
            .filter(one -> one.device().equals(to.self().device()))
            .map(one -> new OwnPiece(one.prekeyKind(), one.prekeyId(), one.piece()))
            .findFirst();
    boolean isNewestCommit = entry.sequenceNr() == membership.commitNr();
    return new GroupEntryPush(
        2,
        group,
        generation(entry.sequenceNr()),
        entry.sequenceNr(),
        entry.time(),
        entry.fromUser(),
        entry.fromDevice(),
        entry.messageId(),
        entry.content(),
        entry.hash(),
        entry.seed(),
        isNewestCommit ? kept.info : Optional.empty(),
        piece,
        reads ? kept.ciphertext : Optional.empty());
  }

  Signer signer(Kept kept) {
    return Signer.of(group, kept.entry);
  }

  Kept last() {
    return log.get(log.size() - 1);
  }
}
