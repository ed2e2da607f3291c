package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Proof;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.RegistrationRules;
import chat.sotto.user.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The first frame of a connection. What costs nothing is checked first, then rates, then what
 * costs: database and password hash. Nothing here keeps an actor's thread for long.
 */
final class SignIn {
  private final Node node;
  private final ClientAddress client;
  private final Proofs proofs;

  SignIn(Node node, ClientAddress client) {
    this.node = node;
    this.client = client;
    this.proofs = new Proofs(node);
  }

  sealed interface Outcome {}

  /** Who this connection speaks for from now on. */
  record Granted(
      UserName user,
      DeviceId device,
      Bytes deviceKey,
      Secret token,
      long tokenExpiresAt,
      ServerFrame.SignedIn reply)
      implements Outcome {}

  /** The secret was right, and the device is in no list yet: it may become one of the user's. */
  record Invited(Caller caller, AccountReply.Linking reply) implements Outcome {}

  record Denied(ServerFrame.Failed reply) implements Outcome {}

  /** Never fails. */
  CompletionStage<Outcome> attempt(ClientFrame.First frame) {
    CompletionStage<Outcome> outcome;
    if (frame.nonce() % 2 != 0) {
      outcome = denied(frame, ErrorCode.BAD_NONCE);
    } else if (frame instanceof ClientFrame.Register register) {
      outcome = new Registration(node, client).attempt(register);
    } else if (frame instanceof ClientFrame.Login login) {
      outcome = prove(login, new Proof.Password(login.authSecret()));
    } else if (frame instanceof ClientFrame.Recover recover) {
      outcome = prove(recover, new Proof.Recovery(recover.recoverySecret()));
    } else {
      outcome = resume((ClientFrame.Resume) frame);
    }
    return outcome.exceptionally(failure -> new Denied(Errors.of(frame.nonce(), failure)));
  }

  // With a password, or a recovery code

  private CompletionStage<Outcome> prove(ClientFrame.First frame, Proof proof) {
    long since = System.nanoTime();
    if (!UserName.isValid(frame.user())) {
      return failed(frame, since);
    }
    Duration wait = node.rates().signInsFrom().take(client);
    return wait.isZero()
        ? AccountChanges.describe(node, new UserName(frame.user()))
            .thenCompose(found -> prove(frame, proof, found, since))
        : rateLimited(frame, wait);
  }

  private CompletionStage<Outcome> prove(
      ClientFrame.First frame,
      Proof proof,
      AccountAnswer.Description found,
      long since) {
    Duration wait = takeProof(Caller.of(frame), proof, found);
    if (!wait.isZero()) {
      return rateLimited(frame, wait);
    }
    return found instanceof AccountAnswer.Facts facts
        ? prove(frame, proof, facts, since)
        : proofs.checkNobody(proof.secret()).thenCompose(done -> failed(frame, since));
  }

  /** A recovery code is too long to guess, so that its limit is the address's alone. */
  private Duration takeProof(
      Caller caller, Proof proof, AccountAnswer.Description found) {
    if (proof instanceof Proof.Recovery) {
      return Duration.ZERO;
    }
    boolean isListed =
        found instanceof AccountAnswer.Facts facts
            && RegistrationRules.hasDevice(
                facts.deviceList(), caller.device(), caller.deviceKey());
    return isListed
        ? proofs.take(caller.user(), caller.device())
        : proofs.takeOfStranger(caller.user());
  }

  private static CompletionStage<Outcome> rateLimited(
      ClientFrame.First frame, Duration wait) {
    return Stages.now(new Denied(Errors.rateLimited(frame.nonce(), wait)));
  }

  private CompletionStage<Outcome> prove(
      ClientFrame.First frame, Proof proof, AccountAnswer.Facts facts, long since) {
    return proofs
        .open(new UserName(frame.user()), facts, proof)
        .thenCompose(
            vault -> {
              if (vault.isEmpty()) {
                return failed(frame, since);
              }
              return proof instanceof Proof.Password
                  ? grant(frame, facts, vault.get())
                  : new Linking(node, Caller.of(frame)).begin(frame.nonce(), facts, vault.get());
            });
  }

  private CompletionStage<Outcome> grant(
      ClientFrame.First frame, AccountAnswer.Facts facts, Bytes vault) {
    Secret token = newToken(node.random());
    Caller caller = Caller.of(frame);
    return node.user(caller.user())
        .<User.SignInReply>ask(
            replyTo ->
                new User.SignIn(
                    caller.device(),
                    caller.deviceKey(),
                    facts.secrets().credentials(),
                    tokenHash(token),
                    replyTo),
            node.edgeLimits().askTimeout())
        .thenCompose(
            answer ->
                answer instanceof User.UnknownDevice
                    ? new Linking(node, caller).begin(frame.nonce(), facts, vault)
                    : Stages.now(outcome(frame.nonce(), caller, token, answer)));
  }

  private static CompletionStage<Outcome> failed(ClientFrame.First frame, long since) {
    return Proofs.fail(
        since, new Denied(Errors.of(frame.nonce(), ErrorCode.SIGN_IN_FAILED)));
  }

  // Resume

  private CompletionStage<Outcome> resume(ClientFrame.Resume frame) {
    if (!UserName.isValid(frame.user())) {
      return denied(frame, ErrorCode.TOKEN_REFUSED);
    }
    Caller caller = Caller.of(frame);
    return node.user(caller.user())
        .<User.SignInReply>ask(
            replyTo ->
                new User.Resume(
                    caller.device(), caller.deviceKey(), tokenHash(frame.token()), replyTo),
            node.edgeLimits().askTimeout())
        .thenApply(
            answer ->
                // Whether user, device or token is unknown is nobody's business.
                answer instanceof User.UnknownUser || answer instanceof User.UnknownDevice
                    ? new Denied(Errors.of(frame.nonce(), ErrorCode.TOKEN_REFUSED))
                    : outcome(frame.nonce(), caller, frame.token(), answer));
  }

  // All of them

  static Outcome outcome(long nonce, Caller caller, Secret token, User.SignInReply answer) {
    if (answer instanceof User.SignedIn signedIn) {
      return new Granted(
          caller.user(),
          caller.device(),
          caller.deviceKey(),
          token,
          signedIn.tokenExpiresAt(),
          reply(nonce + 1, token, signedIn));
    } else if (answer instanceof AccountAnswer.Revoked revoked) {
      return new Denied(Errors.deviceRevoked(nonce, revoked.deviceList()));
    } else if (answer instanceof AccountAnswer.Reopened reopened) {
      return new Denied(Errors.accountReopened(nonce, reopened));
    }
    return new Denied(Errors.of(nonce, code(answer)));
  }

  private static ErrorCode code(User.SignInReply answer) {
    if (answer instanceof User.NameTaken) {
      return ErrorCode.NAME_TAKEN;
    } else if (answer instanceof User.TokenExpired) {
      return ErrorCode.TOKEN_EXPIRED;
    } else if (answer instanceof User.TokenRefused) {
      return ErrorCode.TOKEN_REFUSED;
    } else if (answer instanceof AccountAnswer.Stale) {
      return ErrorCode.STALE;
    } else if (answer instanceof AccountAnswer.ListRefused) {
      return ErrorCode.DEVICE_LIST_REFUSED;
    } else if (answer instanceof AccountAnswer.DevicesUsedUp) {
      return ErrorCode.DEVICES_USED_UP;
    }
    // The account was there a moment ago, or the password was right.
    return ErrorCode.SIGN_IN_FAILED;
  }

  private static ServerFrame.SignedIn reply(long nonce, Secret token, User.SignedIn signedIn) {
    return new ServerFrame.SignedIn(
        nonce,
        token,
        signedIn.tokenExpiresAt(),
        new ServerFrame.Inbox(signedIn.generation(), signedIn.cursor(), signedIn.head()),
        signedIn.deviceListVersion(),
        signedIn.deviceListHash(),
        signedIn.signedPrekeyId(),
        signedIn.oneTimePrekeyIds(),
        signedIn.visibility());
  }

  static Secret newToken(SecureRandom random) {
    var token = new byte[Bounds.TOKEN_BYTES];
    random.nextBytes(token);
    return Secret.of(token);
  }

  static Bytes tokenHash(Secret token) {
    return Bytes.of(Hash.sha256(token.toArray()));
  }

  private static CompletionStage<Outcome> denied(ClientFrame frame, ErrorCode code) {
    return Stages.now(new Denied(Errors.of(frame.nonce(), code)));
  }
}
