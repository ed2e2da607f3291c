package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.group.Group;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Takes a commit to a group's log, in steps of which each may be repeated: newcomers have the group
 * in their index before the group has them, so that a cut between the two loses nobody; an index
 * entry without a membership is dropped by whoever attaches there.
 */
final class GroupCommits {
  private static final int AT_A_TIME = 32;

  private final Node node;
  private final SignIn.Granted self;
  private final ClientFrame.GroupAppend frame;
  private final GroupContent.Commit commit;
  private final List<GroupPiece> pieces;
  private final List<UserName> newcomers;

  GroupCommits(
      Node node,
      SignIn.Granted self,
      ClientFrame.GroupAppend frame,
      GroupContent.Commit commit) {
    this.node = node;
    this.self = self;
    this.frame = frame;
    this.commit = commit;
    this.pieces = frame.pieces().orElseThrow();
    this.newcomers =
        commit.ops().stream()
            .filter(op -> op instanceof GroupOp.Found || op instanceof GroupOp.Invite)
            .map(GroupOp::user)
            .toList();
  }

  CompletionStage<Reply> append() {
    return review()
        .thenCompose(
            answer ->
                answer instanceof Group.Reviewed reviewed
                    ? append(new GroupDeviceLists(node, commit, reviewed.proposed()))
                    : Stages.now(answered(answer)));
  }

  private CompletionStage<Reply> append(GroupDeviceLists lists) {
    return Stages.unlessAnswered(
        lists.refusal(frame.nonce()), () -> Stages.unlessAnswered(join(), this::store));
  }

  /**
   * The group says whether it would take the commit, before anything is written, verified or said
   * about other people: who has no right to it gets no further.
   */
  private CompletionStage<Group.AppendReply> review() {
    return node.group(frame.group())
        .ask(
            replyTo ->
                new Group.Review(
                    self.user(),
                    self.device(),
                    frame.messageId(),
                    commit,
                    owners(),
                    replyTo),
            timeout());
  }

  private List<Group.PieceOwner> owners() {
    return pieces.stream()
        .map(piece -> new Group.PieceOwner(piece.user(), piece.device()))
        .toList();
  }

  private CompletionStage<Optional<Reply>> join() {
    for (UserName user : newcomers) {
      // Founding is no invitation.
      boolean isSelf = user.equals(self.user());
      Duration wait = isSelf ? Duration.ZERO : node.rates().invitationsOf().take(user);
      if (!wait.isZero()) {
        return Stages.now(Optional.of(Errors.rateLimited(frame.nonce(), wait)));
      }
    }
    return Stages.each(newcomers, AT_A_TIME, this::join)
        .thenApply(replies -> replies.stream().flatMap(Optional::stream).findFirst());
  }

  private CompletionStage<Optional<Reply>> join(UserName user) {
    return node.user(user)
        .<User.JoinReply>ask(
            replyTo -> new User.JoinGroup(frame.group(), replyTo), timeout())
        .thenApply(
            answer -> {
              if (answer instanceof User.TooManyGroups) {
                return Optional.of(Errors.of(frame.nonce(), ErrorCode.GROUP_FULL));
              }
              return answer instanceof User.Done
                  ? Optional.empty()
                  : Optional.of(Errors.of(frame.nonce(), ErrorCode.UNKNOWN_USER));
            });
  }

  private CompletionStage<Reply> store() {
    Bodies bodies = node.store().bodies();
    long now = node.clock().millis();
    var seed = new byte[Bounds.HASH_BYTES];
    node.random().nextBytes(seed);
    var attempt =
        new Group.CommitBodies(
            Bytes.of(seed),
            bodies.newId(now),
            owners(),
            now + node.userLimits().ageMax().toMillis());
    List<CompletionStage<Void>> puts =
        GroupBodies.put(bodies, frame.group(), attempt, pieces, frame.info().orElseThrow());
    Runnable drop = () -> GroupBodies.delete(bodies, frame.group(), attempt);
    return Stages.orElseUndo(
            Stages.afterPut(puts, () -> GroupAppends.tell(node, self, frame, attempt)), drop)
        .thenApply(
            answer -> {
              if (!GroupAppends.isStored(answer)) {
                drop.run();
              }
              return answered(answer);
            });
  }

  private Reply answered(Group.AppendReply answer) {
    if (answer instanceof Group.Accepted accepted && accepted.isRepeat()) {
      tellWhoIsStillThere();
    } else if (answer instanceof Group.Accepted) {
      newcomers.forEach(this::tellNews);
    }
    return GroupAppends.reply(frame, answer);
  }

  /** The stored attempt may have ended before its news; since then people may have left. */
  private void tellWhoIsStillThere() {
    node.group(frame.group())
        .<Group.RosterReply>ask(
            replyTo -> new Group.DescribeRoster(self.user(), replyTo), timeout())
        .thenAccept(
            answer -> {
              if (answer instanceof Group.Roster roster) {
                roster.users().stream()
                    .map(Group.RosterUser::user)
                    .filter(newcomers::contains)
                    .forEach(this::tellNews);
              }
            });
  }

  /** Who just left this group may have dropped it from the index since it was put there. */
  private void tellNews(UserName user) {
    ActorRef<User.JoinReply> nobody = node.system().ignoreRef();
    node.user(user).tell(new User.JoinGroup(frame.group(), nobody));
    node.user(user).tell(new User.GroupNews(frame.group()));
  }

  private Duration timeout() {
    return node.edgeLimits().askTimeout();
  }
}
