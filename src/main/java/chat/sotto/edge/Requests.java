package chat.sotto.edge;

import akka.actor.typed.javadsl.AskPattern;
import chat.sotto.group.Group;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ArchiveRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FileRequest;
import chat.sotto.protocol.OnlineUsers;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.protocol.TypingRequest;
import chat.sotto.user.RegistrationRules;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * What a signed-in device may ask: the one place where frames become commands, and answers frames.
 * What is asked of one entity reaches it in the order of the calls; sends do so among themselves.
 */
final class Requests {
  private final Node node;
  private final SignIn.Granted self;
  private final Sends sends;

  /** @param heardFrom whether the user heard from somebody, as far as this connection knows */
  Requests(Node node, SignIn.Granted self, Predicate<UserName> heardFrom) {
    this.node = node;
    this.self = self;
    this.sends = new Sends(node, self, heardFrom);
  }

  /**
   * The one reply to a request. Never fails.
   *
   * @param strangers how many of those {@link #lookedUp} the user never heard from
   */
  CompletionStage<Reply> answer(ClientFrame.Later frame, int strangers) {
    return Stages.run(() -> lookUp(frame, strangers).orElseGet(() -> answer(frame)))
        .exceptionally(failure -> Errors.of(frame.nonce(), failure));
  }

  private CompletionStage<Reply> answer(ClientFrame.Later frame) {
    if (frame instanceof ClientFrame.Send send) {
      return sends.send(send);
    } else if (frame instanceof ClientFrame.Keys keys) {
      return keys(keys, true);
    } else if (frame instanceof ClientFrame.Devices devices) {
      return devices(devices);
    } else if (frame instanceof ClientFrame.Online online) {
      return online(online);
    } else if (frame instanceof ClientFrame.SetVisibility visibility) {
      return visibility(visibility);
    } else if (frame instanceof ClientFrame.PutPrekeys prekeys) {
      return prekeys(prekeys);
    } else if (frame instanceof ClientFrame.SignOut signOut) {
      return signOut(signOut);
    } else if (frame instanceof ClientFrame.GroupAppend append) {
      return new GroupAppends(node, self).append(append);
    } else if (frame instanceof ClientFrame.GroupKeys keys) {
      return new GroupLookUps(node, self).keys(keys);
    } else if (frame instanceof ClientFrame.GroupSeen seen) {
      return new GroupLookUps(node, self).seen(seen);
    } else if (frame instanceof ArchiveRequest archive) {
      return new Archives(node, self).answer(archive);
    } else if (frame instanceof FileRequest file) {
      return new FileRequests(node, self).answer(file);
    } else if (frame instanceof TypingRequest typing) {
      return typing(typing);
    } else if (frame instanceof AccountRequest account) {
      return new AccountRequests(node, self).answer(account);
    }
    return refused(frame, ErrorCode.UNKNOWN_TYPE);
  }

  /** Which others a request looks up, which tells that they exist. */
  List<UserName> lookedUp(ClientFrame.Later frame) {
    return named(frame).stream().filter(user -> !user.equals(self.user())).toList();
  }

  private static Collection<UserName> named(ClientFrame.Later frame) {
    if (frame instanceof ClientFrame.Keys keys) {
      return List.of(keys.user());
    } else if (frame instanceof ClientFrame.Devices devices) {
      return List.of(devices.user());
    }
    return frame instanceof ClientFrame.GroupAppend append
        ? GroupDeviceLists.users(append.content())
        : List.of();
  }

  private Optional<CompletionStage<Reply>> lookUp(ClientFrame.Later frame, int strangers) {
    Duration wait =
        strangers > 0 ? node.rates().lookUpsBy().take(self.user(), strangers) : Duration.ZERO;
    return wait.isZero()
        ? Optional.empty()
        : Optional.of(Stages.now(Errors.rateLimited(frame.nonce(), wait)));
  }

  private CompletionStage<Reply> devices(ClientFrame.Devices frame) {
    return node.user(frame.user())
        .<User.DevicesReply>ask(User.DescribeDevices::new, timeout())
        .thenApply(
            answer ->
                answer instanceof User.Devices devices
                    ? new ServerFrame.DeviceListReply(frame.nonce() + 1, devices.deviceList())
                    : Errors.of(frame.nonce(), ErrorCode.UNKNOWN_USER));
  }

  private CompletionStage<Reply> keys(ClientFrame.Keys frame, boolean again) {
    return node.user(frame.user())
        .<User.KeysReply>ask(
            replyTo -> new User.GiveKeys(self.user(), self.device(), replyTo), timeout())
        .thenCompose(
            answer ->
                answer instanceof User.KeysGiven given
                    ? keyBundle(frame, given, again)
                    : refused(frame, ErrorCode.UNKNOWN_USER));
  }

  private CompletionStage<Reply> keyBundle(
      ClientFrame.Keys frame, User.KeysGiven given, boolean again) {
    List<CompletionStage<Optional<ServerFrame.DeviceKeys>>> devices =
        given.keys().stream().map(this::deviceKeys).toList();
    return Stages.all(devices)
        .thenCompose(
            found -> {
              if (found.stream().allMatch(Optional::isPresent)) {
                return Stages.now(
                    new ServerFrame.KeyBundle(
                        frame.nonce() + 1,
                        given.deviceList(),
                        found.stream().map(Optional::get).toList()));
              }
              // A prekey was replaced between the answer and the reading of its body.
              return again ? keys(frame, false) : refused(frame, ErrorCode.BUSY);
            });
  }

  private CompletionStage<Optional<ServerFrame.DeviceKeys>> deviceKeys(User.DeviceKeys keys) {
    Bodies bodies = node.store().bodies();
    CompletionStage<Optional<Prekey>> oneTime =
        keys.oneTimePrekey()
            .map(ref -> PrekeyBodies.find(bodies, ref))
            .orElseGet(() -> Stages.now(Optional.empty()));
    return PrekeyBodies.find(bodies, keys.signedPrekey())
        .thenCombine(
            oneTime,
            (signed, once) ->
                signed
                    .filter(found -> once.isPresent() == keys.oneTimePrekey().isPresent())
                    .map(found -> new ServerFrame.DeviceKeys(keys.device(), found, once)));
  }

  // The device's own affairs

  private CompletionStage<Reply> online(ClientFrame.Online frame) {
    CompletionStage<Presence.Found> found =
        AskPattern.ask(
            node.presence(),
            replyTo ->
                new Presence.Find(
                    self.user(), frame.prefix().orElse(""), frame.after(), replyTo),
            timeout(),
            node.system().scheduler());
    return Stages.here(found)
        .thenApply(
            users ->
                new OnlineUsers(frame.nonce() + 1, users.users(), users.more()));
  }

  /** Nobody is told who gets it, nor whether there is anybody. */
  private CompletionStage<Reply> typing(TypingRequest frame) {
    Duration wait = node.rates().typingBy().take(self.user());
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    UserName user = self.user();
    frame
        .group()
        .ifPresent(
            group ->
                node.group(group).tell(new Group.Typing(user, self.device(), frame.sealed())));
    var typed =
        new Connection.Typed(new Typist(user, self.device(), Optional.empty()), frame.sealed());
    frame.to().ifPresent(to -> node.presence().tell(new Presence.Typed(typed, to)));
    return Stages.now(new ServerFrame.Done(frame.nonce() + 1));
  }

  private CompletionStage<Reply> visibility(ClientFrame.SetVisibility frame) {
    return node.user(self.user())
        .<User.DoneReply>ask(
            replyTo -> new User.SetVisibility(frame.visibility(), replyTo), timeout())
        .thenApply(
            answer -> {
              node.presence().tell(new Presence.Changed(self.user(), frame.visibility()));
              return done(frame, answer instanceof User.Done);
            });
  }

  private CompletionStage<Reply> prekeys(ClientFrame.PutPrekeys frame) {
    Duration wait = node.rates().prekeyChangesBy().take(self.user());
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    if (!RegistrationRules.prekeysAreGood(
        self.user(), self.device(), self.deviceKey(), frame.prekeys())) {
      return refused(frame, ErrorCode.PREKEY_REFUSED);
    }
    if (!node.store().hasRoom()) {
      return refused(frame, ErrorCode.SERVER_FULL);
    }
    List<CompletionStage<Void>> puts =
        PrekeyBodies.keep(node.store().bodies(), self.user(), self.device(), frame.prekeys());
    return Stages.afterPut(puts, () -> putPrekeys(frame))
        .thenApply(
            answer ->
                answer instanceof User.PrekeysRefused
                    ? Errors.of(frame.nonce(), ErrorCode.PREKEY_REFUSED)
                    : done(frame, answer instanceof User.Done));
  }

  private CompletionStage<User.PrekeysReply> putPrekeys(ClientFrame.PutPrekeys frame) {
    return node.user(self.user())
        .ask(
            replyTo ->
                new User.PutPrekeys(
                    self.device(),
                    frame.replace(),
                    PrekeyBodies.statements(frame.prekeys()),
                    replyTo),
            timeout());
  }

  private CompletionStage<Reply> signOut(ClientFrame.SignOut frame) {
    return node.user(self.user())
        .<User.DoneReply>ask(replyTo -> new User.SignOut(self.device(), replyTo), timeout())
        .thenApply(answer -> done(frame, answer instanceof User.Done));
  }

  /** A user or device that is gone has no token either. */
  private static Reply done(ClientFrame frame, boolean done) {
    return done
        ? new ServerFrame.Done(frame.nonce() + 1)
        : Errors.of(frame.nonce(), ErrorCode.TOKEN_REFUSED);
  }

  private Duration timeout() {
    return node.edgeLimits().askTimeout();
  }

  private static CompletionStage<Reply> refused(ClientFrame frame, ErrorCode code) {
    return Stages.now(Errors.of(frame.nonce(), code));
  }
}
