package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Statements;
import java.util.Optional;

/** What must hold of a group's entries beside the rules of {@link GroupState}. */
final class GroupJudge implements Replay.Judge<GroupEvent, GroupState> {
  private final Inquiry inquiry;
  private final GroupId group;
  private final Watcher watcher;
  private final Signatures.Batch signatures;
  private final GroupBodies bodies;

  GroupJudge(Inquiry inquiry, JournalFile.Entity entity, GroupId group) {
    this.inquiry = inquiry;
    this.group = group;
    this.watcher = inquiry.options().watchers().apply(entity.name());
    this.signatures = inquiry.signatures().of(entity.name());
    this.bodies = new GroupBodies(inquiry, entity, group);
  }

  @Override
  public void judge(Replay.Step<GroupEvent, GroupState> step) {
    if (step.event() instanceof GroupEvent.Signed event) {
      judge(step, event);
    } else if (step.event() instanceof GroupEvent.Restored restored) {
      String host = step.before().membership().roster().get(0).deviceList().serverHost();
      inquiry.serverWord().judge(signatures, step.number(), restored.entry(group), host);
    }
    bodies.remember(step);
    watcher.saw(group, step.entry(), step.event(), step.after());
  }

  private void judge(Replay.Step<GroupEvent, GroupState> step, GroupEvent.Signed event) {
    requireSigned(step, event);
    requireListed(step.number(), event);
    if (event.content() instanceof GroupContent.Commit commit) {
      commit.ops().forEach(op -> list(op).ifPresent(list -> requireKnown(step.number(), list)));
    } else if (event.content() instanceof GroupContent.Proposal proposal
        && proposal.op() instanceof GroupProposal.Devices devices) {
      requireKnown(step.number(), devices.deviceList());
    } else if (event.content() instanceof GroupContent.Post) {
      inquiry.tally().count(Counted.POSTS);
      inquiry.tally().count(Counted.CIPHERTEXTS);
    }
  }

  /** By the device as the roster before the entry has it; who makes a group, or is new, brings it. */
  private void requireSigned(
      Replay.Step<GroupEvent, GroupState> step, GroupEvent.Signed event) {
    Device device =
        step.before()
            .membership()
            .signer(event.user(), event.device(), event.content())
            .or(() -> founder(event))
            .orElseThrow();
    var signer =
        new GroupStatements.Signer(group, event.user(), event.device(), event.messageId());
    signatures.add(
        step.number(),
        () ->
            "device %s of %s over its %s"
                .formatted(event.device(), event.user(), event.content().entryKind()),
        () -> GroupStatements.verify(device.signKey(), signer, event.content()));
  }

  /** Of an account of which nothing is known its lists say so. */
  private void requireListed(long number, GroupEvent.Signed event) {
    Accounts accounts = inquiry.accounts();
    if (accounts.list(event.user()).isPresent()
        && !accounts.haveDevice(event.user(), event.device(), event.time())) {
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.SENDER_UNKNOWN,
                  GroupState.entity(group),
                  number,
                  "an entry from a device that its account had then",
                  "device %s of %s".formatted(event.device(), event.user())));
    }
  }

  private static Optional<Device> founder(GroupEvent.Signed event) {
    if (!(event.content() instanceof GroupContent.Commit commit)) {
      return Optional.empty();
    }
    return commit.ops().stream()
        .filter(GroupOp.Found.class::isInstance)
        .flatMap(op -> list(op).stream())
        .filter(list -> list.user().equals(event.user()))
        .findFirst()
        .flatMap(list -> list.device(event.device()));
  }

  private static Optional<DeviceList> list(GroupOp op) {
    if (op instanceof GroupOp.Found found) {
      return Optional.of(found.deviceList());
    } else if (op instanceof GroupOp.Invite invite) {
      return Optional.of(invite.deviceList());
    } else if (op instanceof GroupOp.Devices devices) {
      return Optional.of(devices.deviceList());
    }
    return Optional.empty();
  }

  /** The list is the account's own, whose signature is verified there. */
  private void requireKnown(long number, DeviceList list) {
    if (!inquiry.accounts().know(list)) {
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.DEVICE_LIST_UNKNOWN,
                  GroupState.entity(group),
                  number,
                  "a device list that the account %s had".formatted(list.user()),
                  "another version " + list.version()));
      signatures.add(
          number,
          () -> "the account key over the device list of " + list.user(),
          () -> Statements.verifyDeviceList(list));
    }
  }

  @Override
  public void ended(GroupState state, boolean isWhole) {
    if (isWhole && !inquiry.bodies().areLeftOut()) {
      bodies.judge(state);
    }
    inquiry.sawTime(state.time());
    signatures.submit();
    watcher.ended();
  }
}
