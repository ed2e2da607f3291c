package chat.sotto.client;

import chat.sotto.crypto.GroupEpoch;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Confirm;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one entry makes of a device's view of a group, by the rules of docs/protocol.md §9. Pure:
 * it reads what it is given and writes nothing. The server's word is not believed in anything
 * that a signature could say.
 */
final class GroupLog {
  private final GroupView view;
  private final Self self;
  private final Held held;

  /** What else this device has, read when it is needed. */
  interface Held {
    Optional<X25519.KeyPair> prekey(Prekey.Kind kind, long id);

    /** {@code f} of a commit that this device made itself. */
    Optional<Secret> fresh(Bytes messageId);

    /** The log's hash at that number, where this device knows one. */
    Optional<Bytes> hash(long sequenceNr);

    /** The user's own list of that version, if this device has seen it. */
    Optional<DeviceList> ownList(long version);

    /** How far a device has posted in this epoch. */
    GroupChain chain(DeviceId device);
  }

  /**
   * What an entry comes to.
   *
   * @param chains those that change
   * @param isNewEpoch whether there are no other chains than these
   * @param line what is shown of it
   * @param usedPrekey the one-time prekey that must go
   * @param typingKey that a text of somebody else brings
   */
  record Taken(
      GroupView view,
      Map<DeviceId, GroupChain> chains,
      boolean isNewEpoch,
      List<GroupLine> lines,
      Optional<Long> usedPrekey,
      Optional<Secret> typingKey) {
    Taken(
        GroupView view,
        Map<DeviceId, GroupChain> chains,
        boolean isNewEpoch,
        List<GroupLine> lines,
        Optional<Long> usedPrekey) {
      this(view, chains, isNewEpoch, lines, usedPrekey, Optional.empty());
    }

    Taken with(List<GroupLine> shown) {
      return new Taken(view, chains, isNewEpoch, shown, usedPrekey, typingKey);
    }

    Taken missing(List<UserName> gone) {
      return new Taken(
          view.missing(gone), chains, isNewEpoch, lines, usedPrekey, typingKey);
    }
  }

  GroupLog(GroupView view, Self self, Held held) {
    this.view = view;
    this.self = self;
    this.held = held;
  }

  /**
   * Takes the entry after the view's head.
   *
   * @throws Breach if it may not stand there; then the view is the last one
   */
  Taken take(GroupEntryPush push) {
    GroupEntry entry = push.entry();
    requireNext(view.group(), view.head(), view.time(), entry);
    requireSigned(entry);
    Membership after = judge(entry);
    requireHead(entry);
    GroupContent content = entry.content();
    if (content instanceof Commit commit) {
      requireLists(commit.ops());
      return commit(push, commit, after);
    } else if (content instanceof Post post) {
      return new GroupPost(view, self, held).take(push, post);
    } else if (content instanceof Proposal proposal) {
      if (proposal.op() instanceof GroupProposal.Devices devices) {
        requireList(devices.deviceList());
      }
      return changed(entry, after, GroupNotices.of(proposal, entry));
    }
    var confirm = (Confirm) content;
    return changed(entry, after, GroupNotices.of(confirm, entry, view));
  }

  /** @throws Breach unless the entry continues that chain */
  static void requireNext(
      GroupId group, Point head, long time, GroupEntry entry) {
    boolean isNext =
        entry.sequenceNr() == head.sequenceNr() + 1
            && entry.time() > time
            && GroupStatements.entryHash(head.hash(), group, entry).equals(entry.hash());
    requireUnaltered(isNext);
  }

  private void requireSigned(GroupEntry entry) {
    Optional<Device> device =
        view.membership()
            .signer(entry.fromUser(), entry.fromDevice(), entry.content())
            .or(() -> founder(entry));
    requireUnaltered(device.isPresent());
    Signer signer = Signer.of(view.group(), entry);
    requireUnaltered(
        GroupStatements.verify(device.get().signKey(), signer, entry.content()));
  }

  /** Who makes a group signs with a device of the list that the first entry brings. */
  private static Optional<Device> founder(GroupEntry entry) {
    if (entry.sequenceNr() != 1 || !(entry.content() instanceof Commit commit)) {
      return Optional.empty();
    }
    return commit.ops().stream()
        .filter(GroupOp.Found.class::isInstance)
        .map(op -> ((GroupOp.Found) op).deviceList())
        .findFirst()
        .flatMap(list -> list.device(entry.fromDevice()));
  }

  private Membership judge(GroupEntry entry) {
    Place place = Place.of(entry);
    Membership before = view.membership();
    try {
      if (entry.content() instanceof Commit commit) {
        return before.commit(place, commit);
      } else if (entry.content() instanceof Proposal proposal) {
        return before.propose(place, proposal);
      } else if (entry.content() instanceof Confirm confirm) {
        return before.confirm(place, confirm);
      }
      before.post(place, (Post) entry.content());
      return before;
    } catch (GroupRefusedException e) {
      throw new Breach(Alarm.GROUP_ALTERED);
    }
  }

  /**
   * What the signer had taken must be what this device has taken. The rules let no head lie before
   * this device's part of the log, of which it has every hash.
   */
  private void requireHead(GroupEntry entry) {
    Point head = entry.content().head();
    requireUnaltered(head.sequenceNr() < entry.sequenceNr());
    if (!held.hash(head.sequenceNr()).equals(Optional.of(head.hash()))) {
      throw new Breach(Alarm.GROUP_FORKED);
    }
  }

  private void requireLists(List<GroupOp> ops) {
    for (GroupOp op : ops) {
      if (op instanceof GroupOp.Found found) {
        requireList(found.deviceList());
      } else if (op instanceof GroupOp.Invite invite) {
        requireList(invite.deviceList());
      } else if (op instanceof GroupOp.Devices devices) {
        requireList(devices.deviceList());
      }
    }
  }

  private void requireList(DeviceList list) {
    requireUnaltered(isListOf(self.serverHost(), list));
  }

  static boolean isListOf(String serverHost, DeviceList list) {
    return list.serverHost().equals(serverHost) && Statements.verifyDeviceList(list);
  }

  /** A proposal or a confirmation. */
  private Taken changed(GroupEntry entry, Membership after, List<String> notices) {
    GroupView next = view.with(entry.point(), entry.time(), after, view.posts());
    if (after.isLeaving(self.user())) {
      next = next.ended(GroupView.Ending.LEFT);
    } else if (after.isClosed()) {
      // The last member left: nobody is there who could let the invited in.
      next = next.ended(GroupView.Ending.REMOVED);
    }
    return new Taken(
        next, Map.of(), next.ending().isPresent(), lines(entry, notices), Optional.empty());
  }

  private Taken commit(GroupEntryPush push, Commit commit, Membership after) {
    GroupEntry entry = push.entry();
    if (after.device(self.user(), self.device()).isEmpty()) {
      GroupView gone =
          view.with(entry.point(), entry.time(), after, 0).ended(GroupView.Ending.REMOVED);
      List<String> notices = GroupNotices.of(commit, entry);
      return new Taken(gone, Map.of(), true, lines(entry, notices), Optional.empty());
    }
    var secrets = new GroupSecret(view, self, held);
    return begun(push, commit, after, secrets.epoch(push, commit));
  }

  /** The first entry that a newcomer takes: the commit that invites it. */
  Taken joined(GroupEntryPush push, Commit commit, Membership after) {
    requireLists(commit.ops());
    return begun(push, commit, after, new GroupSecret(view, self, held).epoch(push, commit));
  }

  private Taken begun(
      GroupEntryPush push, Commit commit, Membership after, Optional<GroupEpoch> epoch) {
    GroupEntry entry = push.entry();
    GroupView next =
        view.inEpoch(entry.point(), entry.time(), after, epoch.map(GroupKeys::of));
    var notices = new ArrayList<>(GroupNotices.of(commit, entry));
    Optional<String> name = name(push, commit, next);
    if (name.isPresent() && view.name().isPresent()) {
      notices.add(
          mayName(entry)
              ? GroupNotices.named(entry, name.get())
              : GroupNotices.namedInVain(entry, name.get()));
    }
    if (name.isPresent() && mayName(entry)) {
      next = next.named(name.get());
    }
    boolean isOneTime =
        epoch.isPresent()
            && push.piece().filter(own -> own.prekeyKind() == Prekey.Kind.ONE_TIME).isPresent();
    return new Taken(
        next,
        GroupChain.all(after, epoch),
        true,
        lines(entry, notices),
        isOneTime ? push.piece().map(own -> own.prekeyId()) : Optional.empty());
  }

  /** Only an admin names a group; whoever knows no name takes the one there is. */
  private boolean mayName(GroupEntry entry) {
    return view.name().isEmpty() || view.membership().isAdmin(entry.fromUser());
  }

  /** The name in this commit, if it is another one than is known. */
  private Optional<String> name(GroupEntryPush push, Commit commit, GroupView next) {
    Optional<Bytes> info = push.info();
    info.ifPresent(
        bytes ->
            requireUnaltered(
                Bytes.of(Hash.sha256(bytes.toArray())).equals(commit.infoDigest())));
    if (info.isEmpty() || next.keys().isEmpty()) {
      return Optional.empty();
    }
    Secret infoKey = next.keys().get().infoKey();
    return GroupName.open(infoKey, view.group(), commit.epoch(), info.get())
        .map(GroupName::value)
        .filter(read -> !view.name().equals(Optional.of(read)));
  }

  private List<GroupLine> lines(GroupEntry entry, List<String> notices) {
    if (notices.isEmpty()) {
      return List.of();
    }
    return List.of(
        new GroupLine(
            view.group(),
            entry.sequenceNr(),
            entry.fromUser(),
            entry.messageId(),
            entry.fromUser().equals(self.user()),
            entry.time(),
            GroupLine.State.NOTICE,
            String.join("; ", notices)));
  }

  static void requireUnaltered(boolean holds) {
    if (!holds) {
      throw new Breach(Alarm.GROUP_ALTERED);
    }
  }
}
