package chat.sotto.audit;

import chat.sotto.group.BodyIds;
import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.group.RosterBody;
import chat.sotto.group.Stretches;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.RosterRow;
import java.util.Optional;

/**
 * The bodies of a group: those of the newest entries, as long as somebody may still ask for them.
 * They are judged once it is known of everybody how far they came.
 */
final class GroupBodies {
  private final Inquiry inquiry;
  private final JournalFile.Entity entity;
  private final GroupId group;

  /** Before the first entry whose bodies may not have expired. */
  private Optional<Membership> membership = Optional.empty();

  private long from;

  GroupBodies(Inquiry inquiry, JournalFile.Entity entity, GroupId group) {
    this.inquiry = inquiry;
    this.entity = entity;
    this.group = group;
  }

  void remember(Replay.Step<GroupEvent, GroupState> step) {
    if (membership.isEmpty() && expiresAt(step.event()) > inquiry.momentMin()) {
      membership = Optional.of(step.before().membership());
      from = step.number() - 1;
    }
  }

  private static long expiresAt(GroupEvent event) {
    if (event instanceof GroupEvent.Posted posted) {
      return posted.expiresAt();
    }
    return event instanceof GroupEvent.Committed committed ? committed.expiresAt() : 0;
  }

  /** @param state after all events */
  void judge(GroupState state) {
    if (membership.isPresent()) {
      Stretches stretches = state.stretches();
      long last = state.chain().sequenceNr();
      inquiry.later(
          () -> inquiry.forEach(entity, from, last, row -> judge(stretches, row)));
    }
  }

  private void judge(Stretches stretches, EventRow row) {
    GroupEvent event = GroupEvent.CODEC.decode(Bytes.of(row.bytes()));
    Membership before = membership.orElseThrow();
    membership = Optional.of(after(before, event));
    if (expiresAt(event) <= inquiry.moment()) {
      return;
    } else if (event instanceof GroupEvent.Posted posted) {
      judge(stretches, posted);
    } else if (event instanceof GroupEvent.Committed committed) {
      judge(committed, before);
    }
  }

  private static Membership after(Membership before, GroupEvent event) {
    try {
      if (event instanceof GroupEvent.Signed signed) {
        Place place = Place.of(signed.entry());
        if (signed.content() instanceof Commit commit) {
          return before.commit(place, commit);
        } else if (signed.content() instanceof GroupContent.Proposal proposal) {
          return before.propose(place, proposal);
        } else if (signed.content() instanceof GroupContent.Confirm confirm) {
          return before.confirm(place, confirm);
        }
        return before;
      }
      return before.restored(event.sequenceNr());
    } catch (GroupRefusedException e) {
      throw new IllegalStateException("an entry that held before does not: " + e.refusal(), e);
    }
  }

  private void judge(Stretches stretches, GroupEvent.Posted event) {
    boolean mayBeNeeded =
        stretches
            .readers(event.sequenceNr())
            .flatMap(user -> inquiry.accounts().list(user).stream())
            .anyMatch(list -> mayNeed(stretches, list, event.sequenceNr()));
    if (mayBeNeeded) {
      Bodies.Needed needed =
          needed(
              event.sequenceNr(),
              "the ciphertext",
              event.bodyId(),
              Optional.of(event.content().digest()),
              event.expiresAt());
      inquiry
          .bodies()
          .require(needed)
          .filter(body -> body.size() != event.size())
          .ifPresent(
              body ->
                  inquiry
                      .bodies()
                      .altered(
                          needed,
                          "of %d bytes".formatted(event.size()),
                          body.size() + " bytes"));
    }
  }

  /** Of devices that came later the server waits for none. */
  private boolean mayNeed(Stretches stretches, DeviceList list, long sequenceNr) {
    return list.devices().stream()
        .map(Device::id)
        .filter(device -> stretches.mayHave(list.user(), device, sequenceNr))
        .anyMatch(
            device -> inquiry.progress().mayNeed(group, list.user(), device, sequenceNr));
  }

  private void judge(GroupEvent.Committed event, Membership before) {
    Commit commit = event.content();
    inquiry
        .bodies()
        .require(
            needed(
                event.sequenceNr(),
                "the sealed name",
                BodyIds.info(group, event.attempt()),
                Optional.of(commit.infoDigest()),
                event.expiresAt()));
    if (commit.ops().stream().anyMatch(op -> bringsDevices(op, before))) {
      judgeRoster(event);
    }
    for (RosterRow row : membership.orElseThrow().roster()) {
      for (Device device : row.deviceList().devices()) {
        boolean isOwn = device.id().equals(event.device()) && row.user().equals(event.user());
        if (!isOwn
            && inquiry.progress().mayNeed(group, row.user(), device.id(), event.sequenceNr())) {
          judgePiece(event, row, device);
        }
      }
    }
  }

  private static boolean bringsDevices(GroupOp op, Membership before) {
    return op instanceof GroupOp.Invite
        || op instanceof GroupOp.Devices devices
            && devices.deviceList().devices().stream()
                .anyMatch(device -> before.device(op.user(), device.id()).isEmpty());
  }

  /** What newcomers are given is the roster that the committer signed. */
  private void judgeRoster(GroupEvent.Committed event) {
    Bodies.Needed needed =
        needed(
            event.sequenceNr(),
            "the roster for newcomers",
            BodyIds.roster(group, event.attempt()),
            Optional.empty(),
            event.expiresAt());
    inquiry
        .bodies()
        .require(needed)
        .filter(body -> !isRoster(body, event.content().rosterHash()))
        .ifPresent(body -> inquiry.bodies().altered(needed, "that the commit names", "another"));
  }

  private boolean isRoster(Bytes body, Bytes rosterHash) {
    try {
      var rows = RosterBody.fromBytes(body.toArray()).rows();
      return GroupStatements.rosterHash(group, rows).equals(rosterHash);
    } catch (RuntimeException | StackOverflowError malformed) {
      return false;
    }
  }

  private void judgePiece(GroupEvent.Committed event, RosterRow row, Device device) {
    inquiry
        .bodies()
        .require(
            needed(
                event.sequenceNr(),
                "the piece for device %s of %s".formatted(device.id(), row.user()),
                BodyIds.piece(group, event.attempt(), device.id()),
                Optional.empty(),
                event.expiresAt()));
  }

  private Bodies.Needed needed(
      long number, String what, String id, Optional<Bytes> digest, long expiresAt) {
    return new Bodies.Needed(entity.name(), number, what, id, digest, Optional.of(expiresAt));
  }
}
