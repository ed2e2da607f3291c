package chat.sotto.group;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Entries taken into the log, or refused. */
final class AppendDecisions {
  private final Clock clock;
  private final PostRate rate;

  AppendDecisions(Clock clock, PostRate rate) {
    this.clock = clock;
    this.rate = rate;
  }

  Decision<GroupEvent, Group.AppendReplies> append(GroupState state, Group.AppendAll command) {
    var draft = new Draft<>(GroupEvent.CODEC, state, clock);
    return draft.reply(
        new Group.AppendReplies(
            command.appends().stream().map(one -> append(draft, one)).toList()));
  }

  private Group.AppendReply append(Draft<GroupEvent, GroupState> draft, Group.Append append) {
    GroupState state = draft.state();
    var signer = signer(state, append.user(), append.device(), append.messageId());
    List<Group.PieceOwner> pieces =
        append.bodies() instanceof Group.CommitBodies bodies ? bodies.pieces() : List.of();
    Optional<Group.AppendReply> other =
        instead(draft, signer, append.content(), pieces).or(() -> tooFast(append.content()));
    if (other.isPresent()) {
      return other.get();
    }
    Optional<Bytes> seed =
        append.bodies() instanceof Group.CommitBodies bodies
            ? Optional.of(bodies.seed())
            : Optional.empty();
    draft.add(
        time -> {
          GroupEntry entry = state.next(time, signer, append.content(), seed);
          return GroupEvent.Signed.of(entry, append.bodies());
        });
    Recent taken = draft.state().recent().get(draft.state().recent().size() - 1);
    return taken.accepted(false);
  }

  Group.AppendReply review(GroupState state, Group.Review command) {
    var signer = signer(state, command.user(), command.device(), command.messageId());
    var draft = new Draft<>(GroupEvent.CODEC, state, clock);
    return instead(draft, signer, command.content(), command.pieces())
        .orElseGet(() -> new Group.Reviewed(proposedLists(state.membership())));
  }

  private static List<DeviceList> proposedLists(Membership membership) {
    return membership.pending().stream()
        .map(Membership.Pending::op)
        .filter(GroupProposal.Devices.class::isInstance)
        .map(op -> ((GroupProposal.Devices) op).deviceList())
        .toList();
  }

  private static GroupStatements.Signer signer(
      GroupState state,
      UserName user,
      DeviceId device,
      Bytes messageId) {
    return new GroupStatements.Signer(state.group(), user, device, messageId);
  }

  /** What is answered if the content does not become an entry now. */
  private static Optional<Group.AppendReply> instead(
      Draft<GroupEvent, GroupState> draft,
      GroupStatements.Signer signer,
      GroupContent content,
      List<Group.PieceOwner> pieces) {
    GroupState state = draft.state();
    // A repeat is answered first, whatever has changed since: it was accepted.
    Optional<Recent> earlier = state.repeated(signer, content);
    if (earlier.isPresent()) {
      return Optional.of(earlier.get().accepted(true));
    }
    if (content instanceof GroupContent.Commit commit
        && commit.kind() == GroupContent.Kind.CREATE
        && !state.isEmpty()) {
      return Optional.of(new Group.Taken());
    }
    var place =
        new Membership.Place(
            state.head().sequenceNr() + 1, draft.nextTime(), signer.user(), signer.device());
    try {
      Membership after = state.membershipAfter(place, content);
      return outOfPlace(state, place, content).or(() -> wrongPieces(after, place, content, pieces));
    } catch (GroupRefusedException e) {
      return Optional.of(new Group.Refused(e.refusal()));
    }
  }

  private static Optional<Group.AppendReply> outOfPlace(
      GroupState state, Membership.Place place, GroupContent content) {
    long expected = state.expectedCounter(place.device());
    return content instanceof GroupContent.Post post && post.counter() != expected
        ? Optional.of(new Group.OutOfOrder(expected))
        : Optional.empty();
  }

  /** One piece for each device of the roster after a commit, but none for the committer's own. */
  private static Optional<Group.AppendReply> wrongPieces(
      Membership after,
      Membership.Place place,
      GroupContent content,
      List<Group.PieceOwner> pieces) {
    if (!(content instanceof GroupContent.Commit)) {
      return Optional.empty();
    }
    Set<Group.PieceOwner> needed = new HashSet<>();
    after.roster()
        .forEach(
            row ->
                row.deviceList()
                    .devices()
                    .forEach(
                        device -> needed.add(new Group.PieceOwner(row.user(), device.id()))));
    needed.remove(new Group.PieceOwner(place.user(), place.device()));
    return pieces.size() == needed.size() && needed.equals(new HashSet<>(pieces))
        ? Optional.empty()
        : Optional.of(new Group.PiecesRefused());
  }

  private Optional<Group.AppendReply> tooFast(GroupContent content) {
    Duration wait = content instanceof GroupContent.Post ? rate.take() : Duration.ZERO;
    return wait.isZero()
        ? Optional.empty()
        : Optional.of(new Group.RateLimited(Math.max(1, wait.toMillis())));
  }
}
