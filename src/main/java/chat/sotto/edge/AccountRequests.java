package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Proof;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.AccountCommand;
import chat.sotto.user.BodyIds;
import chat.sotto.user.DeviceAddress;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a device asks about its own account (docs/protocol.md §12.3, §13). */
final class AccountRequests {
  static final String DELETED = "deleted by its owner";

  private final Node node;
  private final SignIn.Granted self;

  AccountRequests(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
  }

  CompletionStage<Reply> answer(AccountRequest frame) {
    if (frame instanceof AccountRequest.Change change) {
      return new AccountChanges(node, self).change(change);
    } else if (frame instanceof AccountRequest.Vault vault) {
      return proven(
          vault, vault.proof(), (facts, opened) -> Stages.now(vault(vault, facts, opened)));
    } else if (frame instanceof AccountRequest.OwnDevices own) {
      return withFacts(own, facts -> Stages.now(ownDevices(own, facts)));
    } else if (frame instanceof AccountRequest.ResetAsk ask) {
      return limited(
          ask,
          () -> done(ask, replyTo -> new AccountCommand.AskReset(self.device(), replyTo)));
    } else if (frame instanceof AccountRequest.ResetCancel cancel) {
      return proven(
          cancel,
          cancel.proof(),
          (facts, opened) -> {
            Bytes proven = Proofs.proven(facts, cancel.proof());
            return done(cancel, replyTo -> new AccountCommand.CancelReset(proven, replyTo));
          });
    } else if (frame instanceof AccountRequest.Delete delete) {
      return proven(delete, delete.proof(), (facts, opened) -> delete(delete, facts));
    } else if (frame instanceof AccountRequest.Sync sync) {
      return withFacts(sync, facts -> sync(sync, facts));
    }
    var put = (AccountRequest.SyncPut) frame;
    return limited(put, () -> put(put));
  }

  private CompletionStage<Reply> limited(
      AccountRequest frame, Supplier<CompletionStage<Reply>> then) {
    Duration wait = takeChange(node, self);
    return wait.isZero()
        ? then.get()
        : Stages.now(Errors.rateLimited(frame.nonce(), wait));
  }

  /** How long the device must wait before it changes something without a proof; zero for now. */
  static Duration takeChange(Node node, SignIn.Granted self) {
    return node.rates()
        .accountChangesBy()
        .take(new DeviceAddress(self.user(), self.device()));
  }

  // With a proof

  /** @param then what the right proof leads to, from the account and the vault that it opens */
  private CompletionStage<Reply> proven(
      AccountRequest frame,
      Proof proof,
      BiFunction<AccountAnswer.Facts, Bytes, CompletionStage<Reply>> then) {
    long since = System.nanoTime();
    var proofs = new Proofs(node);
    Duration wait = proofs.take(self.user(), self.device());
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    return withFacts(
        frame,
        facts ->
            proofs
                .open(self.user(), facts, proof)
                .thenCompose(
                    opened ->
                        opened.isPresent()
                            ? then.apply(facts, opened.get())
                            : Proofs.fail(
                                since, Errors.of(frame.nonce(), ErrorCode.SIGN_IN_FAILED))));
  }

  private static Reply vault(
      AccountRequest.Vault frame, AccountAnswer.Facts facts, Bytes opened) {
    return new AccountReply.Vault(
        frame.nonce() + 1,
        opened,
        facts.secrets().vaultVersion(),
        facts.deviceList(),
        facts.secrets().recovery().isPresent());
  }

  /** Bodies too are gone when it is answered; then all connections of the user end. */
  private CompletionStage<Reply> delete(
      AccountRequest.Delete frame, AccountAnswer.Facts facts) {
    return new Erasure(node.system())
        .erase(self.user(), DELETED, Optional.of(Proofs.proven(facts, frame.proof())))
        .thenApply(
            outcome ->
                outcome == Erasure.Outcome.NOT_PROVEN
                    ? Errors.of(frame.nonce(), ErrorCode.SIGN_IN_FAILED)
                    : new ServerFrame.Done(frame.nonce() + 1));
  }

  // Without

  private CompletionStage<Reply> withFacts(
      AccountRequest frame, Function<AccountAnswer.Facts, CompletionStage<Reply>> then) {
    return AccountChanges.describe(node, self.user())
        .thenCompose(
            found ->
                found instanceof AccountAnswer.Facts facts
                    ? then.apply(facts)
                    : refused(frame, ErrorCode.TOKEN_REFUSED));
  }

  private static Reply ownDevices(AccountRequest.OwnDevices frame, AccountAnswer.Facts facts) {
    return new AccountReply.OwnDevices(
        frame.nonce() + 1,
        facts.devices().stream()
            .map(
                seen ->
                    new AccountReply.OwnDevice(
                        seen.id(), seen.lastSeen(), seen.isConnected()))
            .toList());
  }

  private CompletionStage<Reply> done(
      AccountRequest frame,
      Function<ActorRef<User.DoneReply>, User.Command> command) {
    return node.user(self.user())
        .<User.DoneReply>ask(command::apply, node.edgeLimits().askTimeout())
        .thenApply(
            answer -> {
              if (answer instanceof User.Done) {
                return new ServerFrame.Done(frame.nonce() + 1);
              }
              return Errors.of(
                  frame.nonce(),
                  answer instanceof User.Outdated
                      ? ErrorCode.SIGN_IN_FAILED
                      : ErrorCode.TOKEN_REFUSED);
            });
  }

  private CompletionStage<Reply> sync(AccountRequest.Sync frame, AccountAnswer.Facts facts) {
    return syncBody(node, self.user(), facts)
        .thenApply(
            blob -> new AccountReply.Sync(frame.nonce() + 1, facts.sync().counter(), blob));
  }

  static CompletionStage<Optional<Bytes>> syncBody(
      Node node, UserName user, AccountAnswer.Facts facts) {
    return facts
        .sync()
        .digest()
        .map(
            digest ->
                node.store()
                    .bodies()
                    .get(BodyIds.sync(user, digest))
                    .thenApply(found -> Optional.of(Bytes.of(Proofs.present(found)))))
        .orElseGet(() -> Stages.now(Optional.empty()));
  }

  private CompletionStage<Reply> put(AccountRequest.SyncPut frame) {
    if (!node.store().hasRoom()) {
      return refused(frame, ErrorCode.SERVER_FULL);
    }
    Bytes digest = AccountChanges.digest(frame.blob());
    CompletionStage<Void> put =
        node.store()
            .bodies()
            .keep(BodyIds.sync(self.user(), digest), frame.blob().toArray());
    return Stages.afterPut(
            List.of(put),
            () ->
                node.user(self.user())
                    .<AccountAnswer.Change>ask(
                        replyTo ->
                            new AccountCommand.PutSync(
                                self.device(),
                                frame.counter(),
                                digest,
                                frame.blob().size(),
                                replyTo),
                        node.edgeLimits().askTimeout()))
        .thenApply(answer -> AccountChanges.reply(frame.nonce(), answer));
  }

  private static CompletionStage<Reply> refused(AccountRequest frame, ErrorCode code) {
    return Stages.now(Errors.of(frame.nonce(), code));
  }
}
