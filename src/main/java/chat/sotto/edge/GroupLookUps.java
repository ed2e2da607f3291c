package chat.sotto.edge;

import chat.sotto.group.Group;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What a member may know of the people of a group. */
final class GroupLookUps {
  private static final int AT_A_TIME = 32;

  private final Node node;
  private final SignIn.Granted self;

  GroupLookUps(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
  }

  CompletionStage<Reply> keys(ClientFrame.GroupKeys frame) {
    return inTurn(frame.nonce(), () -> keys(frame, true));
  }

  private CompletionStage<Reply> inTurn(long nonce, Supplier<CompletionStage<Reply>> answer) {
    Duration wait = node.rates().groupLookUpsBy().take(self.user());
    return wait.isZero() ? answer.get() : Stages.now(Errors.rateLimited(nonce, wait));
  }

  /** @param again whether to look a second time if a prekey was replaced meanwhile */
  private CompletionStage<Reply> keys(ClientFrame.GroupKeys frame, boolean again) {
    return ofMembers(
        frame.group(),
        frame.nonce(),
        roster -> {
          List<UserName> rest =
              roster.stream()
                  .map(Group.RosterUser::user)
                  .filter(user -> frame.after().filter(at -> user.compareTo(at) <= 0).isEmpty())
                  .toList();
          boolean more = rest.size() > Limits.GROUP_PAGE_MAX;
          List<UserName> page = more ? rest.subList(0, Limits.GROUP_PAGE_MAX) : rest;
          return Stages.each(page, AT_A_TIME, this::userKeys)
              .thenCompose(found -> keyPage(frame, found, more, again));
        });
  }

  private CompletionStage<Reply> keyPage(
      ClientFrame.GroupKeys frame,
      List<Optional<ServerFrame.UserKeys>> found,
      boolean more,
      boolean again) {
    if (found.stream().allMatch(Optional::isPresent)) {
      List<ServerFrame.UserKeys> users = found.stream().map(Optional::get).toList();
      return Stages.now(new ServerFrame.GroupKeyPage(frame.nonce() + 1, users, more));
    }
    return again
        ? keys(frame, false)
        : Stages.now(Errors.of(frame.nonce(), ErrorCode.BUSY));
  }

  private CompletionStage<Optional<ServerFrame.UserKeys>> userKeys(UserName user) {
    return node.user(user)
        .<User.KeysReply>ask(User.GiveSignedKeys::new, timeout())
        .thenCompose(
            answer ->
                answer instanceof User.KeysGiven given
                    ? userKeys(given)
                    : Stages.now(Optional.empty()));
  }

  private CompletionStage<Optional<ServerFrame.UserKeys>> userKeys(User.KeysGiven given) {
    return Stages.all(given.keys().stream().map(this::signedKey).toList())
        .thenApply(
            keys ->
                keys.stream().allMatch(Optional::isPresent)
                    ? Optional.of(
                        new ServerFrame.UserKeys(
                            given.deviceList(), keys.stream().map(Optional::get).toList()))
                    : Optional.empty());
  }

  private CompletionStage<Optional<ServerFrame.SignedKey>> signedKey(User.DeviceKeys keys) {
    return PrekeyBodies.find(node.store().bodies(), keys.signedPrekey())
        .thenApply(found -> found.map(one -> new ServerFrame.SignedKey(keys.device(), one)));
  }

  CompletionStage<Reply> seen(ClientFrame.GroupSeen frame) {
    return inTurn(frame.nonce(), () -> unseen(frame));
  }

  private CompletionStage<Reply> unseen(ClientFrame.GroupSeen frame) {
    return ofMembers(
        frame.group(),
        frame.nonce(),
        roster ->
            Stages.each(roster, AT_A_TIME, one -> hasSeen(one, frame))
                .thenApply(
                    seen ->
                        new ServerFrame.GroupSeenBy(
                            frame.nonce() + 1,
                            IntStream.range(0, roster.size())
                                .filter(i -> !seen.get(i))
                                .mapToObj(i -> roster.get(i).user())
                                .toList())));
  }

  /** One that is not in the roster yet has nothing to see, and one that its user took away, neither. */
  private CompletionStage<Boolean> hasSeen(Group.RosterUser one, ClientFrame.GroupSeen frame) {
    return node.user(one.user())
        .<User.ProgressReply>ask(
            replyTo -> new User.FindProgress(frame.group(), replyTo), timeout())
        .thenApply(
            answer ->
                answer instanceof User.GroupProgress progress
                    && progress.haveAll(one.devices(), frame.sequenceNr()));
  }

  /** @param answer from everybody in the group, rising, if the asker is a member */
  private CompletionStage<Reply> ofMembers(
      GroupId group,
      long nonce,
      Function<List<Group.RosterUser>, CompletionStage<Reply>> answer) {
    return node.group(group)
        .<Group.RosterReply>ask(
            replyTo -> new Group.DescribeRoster(self.user(), replyTo), timeout())
        .thenCompose(
            reply ->
                reply instanceof Group.Roster roster
                    ? answer.apply(roster.users())
                    : Stages.now(Errors.of(nonce, ((Group.Refused) reply).why())));
  }

  private Duration timeout() {
    return node.edgeLimits().askTimeout();
  }
}
