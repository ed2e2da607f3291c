package chat.sotto.edge;

import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.InboxHead;
import chat.sotto.protocol.Secret;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.AccountCommand;
import chat.sotto.user.RegistrationRules;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A device that is in no list yet becomes one of its user's (docs/protocol.md §12.1). */
final class Linking {
  /** Proofs on one connection, which began with a right one. */
  private static final int PROOFS_MAX = 3;

  private static final Duration PROOFS_AGAIN = Duration.ofSeconds(10);

  private final Node node;
  private final Caller caller;
  private final Proofs proofs;
  private int proofsTaken;

  Linking(Node node, Caller caller) {
    this.node = node;
    this.caller = caller;
    this.proofs = new Proofs(node);
  }

  /** What the device needs for it. @param vault that its proof opened */
  CompletionStage<SignIn.Outcome> begin(long nonce, AccountAnswer.Facts facts, Bytes vault) {
    return AccountRequests.syncBody(node, caller.user(), facts)
        .thenApply(
            sync ->
                new SignIn.Invited(
                    caller,
                    new AccountReply.Linking(
                        nonce + 1,
                        vault,
                        facts.secrets().vaultVersion(),
                        facts.deviceList(),
                        new InboxHead(facts.generation(), facts.head()),
                        sync.map(
                            blob ->
                                new AccountReply.SyncBlob(facts.sync().counter(), blob)),
                        facts.devices().stream()
                            .map(seen -> new AccountReply.Seen(seen.id(), seen.lastSeen()))
                            .toList())));
  }

  /** Never fails. */
  CompletionStage<SignIn.Outcome> link(ClientFrame.Link frame) {
    return attempt(frame)
        .exceptionally(failure -> new SignIn.Denied(Errors.of(frame.nonce(), failure)));
  }

  private CompletionStage<SignIn.Outcome> attempt(ClientFrame.Link frame) {
    long since = System.nanoTime();
    if (AccountChanges.isFull(node, Optional.of(frame.deviceList()))) {
      return denied(frame, ErrorCode.DEVICES_FULL);
    }
    if (!node.store().hasRoom()) {
      return denied(frame, ErrorCode.SERVER_FULL);
    }
    return AccountChanges.describe(node, caller.user())
        .thenCompose(
            found ->
                found instanceof AccountAnswer.Facts facts
                    ? check(frame, facts, since)
                    : Proofs.fail(since, refusal(frame, ErrorCode.SIGN_IN_FAILED)));
  }

  private CompletionStage<SignIn.Outcome> check(
      ClientFrame.Link frame, AccountAnswer.Facts facts, long since) {
    boolean lacksCode =
        frame.recoveryVault().isPresent() && facts.secrets().recovery().isEmpty();
    boolean isNext =
        AccountChanges.isNext(facts, frame.deviceList())
            && frame.vaultVersion() == facts.secrets().vaultVersion() + 1;
    if (!isNext) {
      return denied(frame, ErrorCode.STALE);
    }
    if (lacksCode) {
      return denied(frame, ErrorCode.BAD_FRAME);
    }
    return node.passwords()
        .run(() -> refusal(frame, facts))
        .thenCompose(
            refusal ->
                refusal.isPresent()
                    ? denied(frame, Registration.code(refusal.get()))
                    : seal(frame, facts, since));
  }

  private Optional<RegistrationRules.Refusal> refusal(
      ClientFrame.Link frame, AccountAnswer.Facts facts) {
    boolean listIsGood =
        RegistrationRules.hasDevice(frame.deviceList(), caller.device(), caller.deviceKey())
            && RegistrationRules.nextListIsGood(
                node.serverHost(),
                facts.deviceList(),
                frame.deviceList(),
                false,
                Optional.empty());
    if (!listIsGood) {
      return Optional.of(RegistrationRules.Refusal.DEVICE_LIST);
    }
    return RegistrationRules.prekeysAreComplete(
            caller.user(), caller.device(), caller.deviceKey(), frame.prekeys())
        ? Optional.empty()
        : Optional.of(RegistrationRules.Refusal.PREKEY);
  }

  private CompletionStage<SignIn.Outcome> seal(
      ClientFrame.Link frame, AccountAnswer.Facts facts, long since) {
    if (proofsTaken == PROOFS_MAX) {
      return Stages.now(new SignIn.Denied(Errors.rateLimited(frame.nonce(), PROOFS_AGAIN)));
    }
    proofsTaken++;
    var given =
        new Proofs.Given(
            frame.vault(), frame.recoveryVault(), frame.newAuthSecret(), Optional.empty());
    return proofs
        .seal(caller.user(), facts, Optional.of(frame.proof()), given)
        .thenCompose(
            sealed ->
                sealed.isEmpty()
                    ? Proofs.fail(since, refusal(frame, ErrorCode.SIGN_IN_FAILED))
                    : store(frame, facts, sealed.get()));
  }

  private CompletionStage<SignIn.Outcome> store(
      ClientFrame.Link frame, AccountAnswer.Facts facts, Proofs.Sealed sealed) {
    Secret token = SignIn.newToken(node.random());
    List<Prekey> prekeys = frame.prekeys();
    return AccountChanges.<User.SignInReply>store(
            node,
            caller.user(),
            AccountChanges.secrets(
                facts, Optional.of(frame.proof()), sealed, frame.vaultVersion()),
            sealed,
            PrekeyBodies.keep(node.store().bodies(), caller.user(), caller.device(), prekeys),
            secrets ->
                node.user(caller.user())
                    .ask(
                        replyTo ->
                            new AccountCommand.Link(
                                caller.device(),
                                AccountChanges.kind(Optional.of(frame.proof())),
                                frame.deviceList(),
                                PrekeyBodies.statements(prekeys),
                                secrets,
                                SignIn.tokenHash(token),
                                replyTo),
                        node.edgeLimits().askTimeout()))
        .thenApply(answer -> SignIn.outcome(frame.nonce(), caller, token, answer));
  }

  private static SignIn.Outcome refusal(ClientFrame.Link frame, ErrorCode code) {
    return new SignIn.Denied(Errors.of(frame.nonce(), code));
  }

  private static CompletionStage<SignIn.Outcome> denied(
      ClientFrame.Link frame, ErrorCode code) {
    return Stages.now(refusal(frame, code));
  }
}
