package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.edge.SignIn.Denied;
import chat.sotto.edge.SignIn.Outcome;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame.Register;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.BodyIds;
import chat.sotto.user.RegistrationRules;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The first frame of a new account. */
final class Registration {
  private final Node node;
  private final ClientAddress client;

  Registration(Node node, ClientAddress client) {
    this.node = node;
    this.client = client;
  }

  CompletionStage<Outcome> attempt(Register frame) {
    if (!UserName.isValid(frame.user())) {
      return denied(frame, ErrorCode.NAME_INVALID);
    }
    Duration wait = node.rates().registrationsFrom().take(client);
    if (!wait.isZero()) {
      return Stages.now(new Denied(Errors.rateLimited(frame.nonce(), wait)));
    }
    if (!node.store().hasRoom()) {
      return denied(frame, ErrorCode.SERVER_FULL);
    }
    var user = new UserName(frame.user());
    return AccountChanges.describe(node, user)
        .thenCompose(
            found -> {
              if (found instanceof AccountAnswer.Facts) {
                return denied(frame, ErrorCode.NAME_TAKEN);
              }
              return found instanceof AccountAnswer.Reopened reopened
                  ? beginAnew(frame, user, reopened)
                  : prepare(frame, user, RegistrationRules.Beginning.of(user));
            });
  }

  /** Of an account that was opened again the client learns first where it begins. */
  private CompletionStage<Outcome> beginAnew(
      Register frame, UserName user, AccountAnswer.Reopened reopened) {
    var beginning =
        new RegistrationRules.Beginning(
            reopened.deviceList().version() + 1, reopened.listHash(), reopened.head());
    return frame.deviceList().version() == beginning.version()
        ? prepare(frame, user, beginning)
        : Stages.now(new Denied(Errors.accountReopened(frame.nonce(), reopened)));
  }

  /** Signatures and password; what is badly signed is not worth a hash. */
  private CompletionStage<Outcome> prepare(
      Register frame, UserName user, RegistrationRules.Beginning beginning) {
    return node.passwords()
        .run(() -> refusal(frame, user, beginning))
        .thenCompose(
            refusal ->
                refusal.isPresent()
                    ? denied(frame, code(refusal.get()))
                    : node.passwords()
                        .run(() -> hash(frame, user))
                        .thenCompose(stored -> store(frame, user, stored)));
  }

  private Optional<RegistrationRules.Refusal> refusal(
      Register frame, UserName user, RegistrationRules.Beginning beginning) {
    return RegistrationRules.refusal(
        node.serverHost(),
        user,
        beginning,
        frame.deviceId(),
        frame.deviceKey(),
        frame.deviceList(),
        frame.prekeys());
  }

  private PasswordVerifier.Stored hash(Register frame, UserName user) {
    return PasswordVerifier.make(
        user, frame.authSecret().toArray(), frame.vault(), node.random());
  }

  static ErrorCode code(RegistrationRules.Refusal refusal) {
    return switch (refusal) {
      case DEVICE_LIST -> ErrorCode.DEVICE_LIST_REFUSED;
      case PREKEY -> ErrorCode.PREKEY_REFUSED;
    };
  }

  private CompletionStage<Outcome> store(
      Register frame, UserName user, PasswordVerifier.Stored stored) {
    Bytes credentials = sha256(stored.credentials());
    Bytes vault = sha256(stored.vault());
    String credentialsId = BodyIds.credentials(user, credentials);
    String vaultId = BodyIds.vault(user, vault);
    Bodies bodies = node.store().bodies();
    List<CompletionStage<Void>> puts = new ArrayList<>();
    puts.add(bodies.keep(credentialsId, stored.credentials().toArray()));
    puts.add(bodies.keep(vaultId, stored.vault().toArray()));
    puts.addAll(PrekeyBodies.keep(bodies, user, frame.deviceId(), frame.prekeys()));
    // Salt and nonce are this attempt's own, so these are nobody else's.
    Runnable drop = () -> bodies.delete(List.of(credentialsId, vaultId));
    Secret token = SignIn.newToken(node.random());
    return Stages.orElseUndo(
            Stages.afterPut(puts, () -> register(frame, user, credentials, vault, token)), drop)
        .thenApply(
            answer -> {
              if (!(answer instanceof User.SignedIn)) {
                drop.run();
              }
              return SignIn.outcome(frame.nonce(), Caller.of(frame), token, answer);
            });
  }

  private CompletionStage<User.SignInReply> register(
      Register frame, UserName user, Bytes credentials, Bytes vault, Secret token) {
    return node.user(user)
        .ask(
            replyTo ->
                new User.Register(
                    frame.deviceList(),
                    PrekeyBodies.statements(frame.prekeys()),
                    credentials,
                    vault,
                    SignIn.tokenHash(token),
                    replyTo),
            node.edgeLimits().askTimeout());
  }

  private static Bytes sha256(Bytes bytes) {
    return Bytes.of(Hash.sha256(bytes.toArray()));
  }

  private static CompletionStage<Outcome> denied(Register frame, ErrorCode code) {
    return Stages.now(new Denied(Errors.of(frame.nonce(), code)));
  }
}
