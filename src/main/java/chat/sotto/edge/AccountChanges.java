package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Generations;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Proof;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.AccountCommand;
import chat.sotto.user.BodyIds;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.RegistrationRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Device list, vault, password and recovery code replaced at a device's word (docs/protocol.md
 * §12.3). What costs nothing is checked first, and what is badly signed is not worth a hash.
 */
final class AccountChanges {
  private final Node node;
  private final SignIn.Granted self;
  private final Proofs proofs;

  AccountChanges(Node node, SignIn.Granted self) {
    this.node = node;
    this.self = self;
    this.proofs = new Proofs(node);
  }

  CompletionStage<Reply> change(AccountRequest.Change frame) {
    long since = System.nanoTime();
    if (isFull(node, frame.deviceList())) {
      return refused(frame, ErrorCode.DEVICES_FULL);
    }
    boolean isProven = frame.proof().isPresent();
    Duration wait =
        isProven
            ? proofs.take(self.user(), self.device())
            : AccountRequests.takeChange(node, self);
    if (!wait.isZero()) {
      return Stages.now(Errors.rateLimited(frame.nonce(), wait));
    }
    if (!isProven && !node.store().hasRoom()) {
      return refused(frame, ErrorCode.SERVER_FULL);
    }
    return describe(node, self.user())
        .thenCompose(
            found ->
                found instanceof AccountAnswer.Facts facts
                    ? change(frame, facts, since)
                    : refused(frame, ErrorCode.TOKEN_REFUSED));
  }

  static boolean isFull(Node node, Optional<DeviceList> list) {
    return list.filter(one -> one.devices().size() > node.limits().devicesMax()).isPresent();
  }

  static CompletionStage<AccountAnswer.Description> describe(Node node, UserName user) {
    return node.user(user).ask(AccountCommand.Describe::new, node.edgeLimits().askTimeout());
  }

  private CompletionStage<Reply> change(
      AccountRequest.Change frame, AccountAnswer.Facts facts, long since) {
    boolean isPutBack = frame.vault().isEmpty();
    boolean isNext =
        isPutBack
            || frame.deviceList().map(list -> isNext(facts, list)).orElse(true)
                && frame.vaultVersion().orElseThrow() == facts.secrets().vaultVersion() + 1;
    boolean lacksCode =
        frame.recoveryVault().isPresent()
            && frame.newRecoverySecret().isEmpty()
            && facts.secrets().recovery().isEmpty();
    boolean isOld =
        isPutBack
            && frame
                .deviceList()
                .filter(list -> list.version() > facts.deviceList().version())
                .isEmpty();
    if (!isNext || isOld) {
      return refused(frame, ErrorCode.STALE);
    }
    if (lacksCode) {
      return refused(frame, ErrorCode.BAD_FRAME);
    }
    if (isPutBack && facts.generation() == Generations.FIRST) {
      return refused(frame, ErrorCode.DEVICE_LIST_REFUSED);
    }
    return node.passwords()
        .run(() -> listIsGood(frame, facts, isPutBack))
        .thenCompose(
            isGood -> {
              if (!isGood) {
                return refused(frame, ErrorCode.DEVICE_LIST_REFUSED);
              }
              return isPutBack
                  ? ask(frame, ChangeProof.RESTORED, Optional.empty())
                  : seal(frame, facts, since);
            });
  }

  static boolean isNext(AccountAnswer.Facts facts, DeviceList list) {
    return list.version() == facts.deviceList().version() + 1
        && list.prevHash().equals(facts.listHash());
  }

  private boolean listIsGood(
      AccountRequest.Change frame, AccountAnswer.Facts facts, boolean isPutBack) {
    if (frame.deviceList().isEmpty()) {
      return true;
    }
    DeviceList list = frame.deviceList().get();
    boolean isReset = frame.proof().isEmpty() && !isPutBack;
    boolean hasNewKey = !list.accountKey().equals(facts.deviceList().accountKey());
    boolean fitsKind =
        isPutBack
            ? !hasNewKey
                && list.device(self.device())
                    .filter(row -> row.signKey().equals(self.deviceKey()))
                    .isPresent()
            : !isReset || hasNewKey;
    return fitsKind
        && RegistrationRules.nextListIsGood(
            node.serverHost(), facts.deviceList(), list, isPutBack, Optional.of(self.device()));
  }

  private CompletionStage<Reply> seal(
      AccountRequest.Change frame, AccountAnswer.Facts facts, long since) {
    var given =
        new Proofs.Given(
            frame.vault().orElseThrow(),
            frame.recoveryVault(),
            frame.newAuthSecret(),
            frame.newRecoverySecret());
    return proofs
        .seal(self.user(), facts, frame.proof(), given)
        .thenCompose(
            sealed ->
                sealed.isEmpty()
                    ? Proofs.fail(since, Errors.of(frame.nonce(), ErrorCode.SIGN_IN_FAILED))
                    : store(
                        node,
                        self.user(),
                        secrets(
                            facts, frame.proof(), sealed.get(), frame.vaultVersion().orElseThrow()),
                        sealed.get(),
                        List.of(),
                        secrets ->
                            ask(frame, kind(frame.proof()), Optional.of(secrets))));
  }

  static ChangeProof kind(Optional<Proof> proof) {
    return proof
        .map(
            given ->
                given instanceof Proof.Password ? ChangeProof.PASSWORD : ChangeProof.RECOVERY)
        .orElse(ChangeProof.RESET);
  }

  static AccountCommand.NewSecrets secrets(
      AccountAnswer.Facts facts,
      Optional<Proof> proof,
      Proofs.Sealed sealed,
      long vaultVersion) {
    return new AccountCommand.NewSecrets(
        proof.map(given -> Proofs.proven(facts, given)),
        sealed.credentials().map(AccountChanges::digest),
        digest(sealed.vault()),
        vaultVersion,
        sealed.recovery().map(AccountChanges::digest));
  }

  /**
   * Stores the bodies, then asks the entity, which deletes those that nothing leads to.
   *
   * @param more puts that go with them
   */
  static <T> CompletionStage<T> store(
      Node node,
      UserName user,
      AccountCommand.NewSecrets secrets,
      Proofs.Sealed sealed,
      List<CompletionStage<Void>> more,
      Function<AccountCommand.NewSecrets, CompletionStage<T>> ask) {
    Bodies bodies = node.store().bodies();
    List<CompletionStage<Void>> puts = new ArrayList<>(more);
    List<String> ofThisAttempt = new ArrayList<>();
    secrets
        .credentials()
        .map(of -> BodyIds.credentials(user, of))
        .ifPresent(
            id -> {
              ofThisAttempt.add(id);
              puts.add(bodies.keep(id, sealed.credentials().orElseThrow().toArray()));
            });
    String vaultId = BodyIds.vault(user, secrets.vault());
    ofThisAttempt.add(vaultId);
    puts.add(bodies.keep(vaultId, sealed.vault().toArray()));
    secrets
        .recovery()
        .ifPresent(
            of ->
                puts.add(
                    bodies.keep(
                        BodyIds.recovery(user, of), sealed.recovery().orElseThrow().toArray())));
    // Salt and nonce of these are new, so they are nobody else's; a recovery body may be in use.
    return Stages.orElseUndo(
            Stages.afterPut(puts, () -> ask.apply(secrets)), () -> bodies.delete(ofThisAttempt))
        .whenComplete((answer, failure) -> node.store().eraseLog());
  }

  private CompletionStage<Reply> ask(
      AccountRequest.Change frame,
      ChangeProof proof,
      Optional<AccountCommand.NewSecrets> secrets) {
    DeviceId device = self.device();
    return node.user(self.user())
        .<AccountAnswer.Change>ask(
            replyTo ->
                new AccountCommand.Change(
                    device, proof, frame.deviceList(), secrets, replyTo),
            node.edgeLimits().askTimeout())
        .thenApply(answer -> reply(frame.nonce(), answer));
  }

  static Reply reply(long nonce, AccountAnswer.Change answer) {
    if (answer instanceof AccountAnswer.Changed) {
      return new ServerFrame.Done(nonce + 1);
    } else if (answer instanceof AccountAnswer.Stale) {
      return Errors.of(nonce, ErrorCode.STALE);
    } else if (answer instanceof AccountAnswer.ListRefused) {
      return Errors.of(nonce, ErrorCode.DEVICE_LIST_REFUSED);
    } else if (answer instanceof AccountAnswer.ResetRefused) {
      return Errors.of(nonce, ErrorCode.RESET_REFUSED);
    }
    // A user or device that is gone has no token either.
    return Errors.of(nonce, ErrorCode.TOKEN_REFUSED);
  }

  static Bytes digest(Bytes body) {
    return Bytes.of(Hash.sha256(body.toArray()));
  }

  private static CompletionStage<Reply> refused(AccountRequest frame, ErrorCode code) {
    return Stages.now(Errors.of(frame.nonce(), code));
  }
}
