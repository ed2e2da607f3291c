package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.BodyIds;
import chat.sotto.user.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The first frame of a connection. What costs nothing is checked first, then rates, then what
 * costs: database and password hash. Nothing here keeps an actor's thread for long.
 */
final class SignIn {
  /**
   * A failed login is answered so long after it came: neither hashing nor loading a user shows in
   * the time, and guessing is slow.
   */
  static final Duration FAILURE_TAKES = Duration.ofSeconds(1);

  private final Node node;
  private final ClientAddress client;

  SignIn(Node node, ClientAddress client) {
    this.node = node;
    this.client = client;
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

  record Denied(ServerFrame.Failed reply) implements Outcome {}

  /** Never fails. */
  CompletionStage<Outcome> attempt(ClientFrame.First frame) {
    CompletionStage<Outcome> outcome;
    if (frame.nonce() % 2 != 0) {
      outcome = denied(frame, ErrorCode.BAD_NONCE);
    } else if (frame instanceof ClientFrame.Register register) {
      outcome = new Registration(node, client).attempt(register);
    } else if (frame instanceof ClientFrame.Login login) {
      outcome = login(login);
    } else {
      outcome = resume((ClientFrame.Resume) frame);
    }
    return outcome.exceptionally(failure -> new Denied(Errors.of(frame.nonce(), failure)));
  }

  // Log in

  private CompletionStage<Outcome> login(ClientFrame.Login frame) {
    long since = System.nanoTime();
    if (!UserName.isValid(frame.user())) {
      return failedLogin(frame, since);
    }
    Duration wait = node.rates().signInsFrom().take(client);
    if (wait.isZero()) {
      wait = node.rates().signInsOfUser().take(frame.user());
    }
    if (!wait.isZero()) {
      return Stages.now(new Denied(Errors.rateLimited(frame.nonce(), wait)));
    }
    var user = new UserName(frame.user());
    return checkPassword(user, frame.authSecret().toArray())
        .thenCompose(right -> right ? grant(frame, user) : failedLogin(frame, since));
  }

  private CompletionStage<Boolean> checkPassword(UserName user, byte[] authSecret) {
    return findCredentials(user)
        .thenCompose(found -> credentials(user, found))
        .thenCompose(
            stored -> node.passwords().run(() -> PasswordVerifier.matches(stored, authSecret)));
  }

  private CompletionStage<Optional<byte[]>> credentials(
      UserName user, User.CredentialsReply found) {
    return found instanceof User.Credentials kept
        ? node.store().bodies().get(BodyIds.credentials(user, kept.credentials()))
        : Stages.now(Optional.empty());
  }

  private CompletionStage<Outcome> grant(ClientFrame.Login frame, UserName user) {
    Secret token = newToken(node.random());
    return node.user(user)
        .<User.SignInReply>ask(
            replyTo ->
                new User.SignIn(frame.deviceId(), frame.deviceKey(), tokenHash(token), replyTo),
            node.edgeLimits().askTimeout())
        .thenApply(answer -> outcome(frame, user, token, answer));
  }

  private CompletionStage<Outcome> failedLogin(ClientFrame.Login frame, long since) {
    long left = FAILURE_TAKES.toNanos() - (System.nanoTime() - since);
    return CompletableFuture.supplyAsync(
        () -> new Denied(Errors.of(frame.nonce(), ErrorCode.SIGN_IN_FAILED)),
        CompletableFuture.delayedExecutor(Math.max(0, left), TimeUnit.NANOSECONDS));
  }

  // Resume

  private CompletionStage<Outcome> resume(ClientFrame.Resume frame) {
    if (!UserName.isValid(frame.user())) {
      return denied(frame, ErrorCode.TOKEN_REFUSED);
    }
    var user = new UserName(frame.user());
    return node.user(user)
        .<User.SignInReply>ask(
            replyTo ->
                new User.Resume(
                    frame.deviceId(), frame.deviceKey(), tokenHash(frame.token()), replyTo),
            node.edgeLimits().askTimeout())
        .thenApply(answer -> outcome(frame, user, frame.token(), answer));
  }

  // All three

  private CompletionStage<User.CredentialsReply> findCredentials(UserName user) {
    return node.user(user).ask(User.FindCredentials::new, node.edgeLimits().askTimeout());
  }

  static Outcome outcome(
      ClientFrame.First frame, UserName user, Secret token, User.SignInReply answer) {
    if (answer instanceof User.SignedIn signedIn) {
      return new Granted(
          user,
          frame.deviceId(),
          frame.deviceKey(),
          token,
          signedIn.tokenExpiresAt(),
          reply(frame.nonce() + 1, token, signedIn));
    }
    return new Denied(Errors.of(frame.nonce(), code(frame, answer)));
  }

  private static ErrorCode code(ClientFrame.First frame, User.SignInReply answer) {
    if (answer instanceof User.NameTaken) {
      return ErrorCode.NAME_TAKEN;
    } else if (answer instanceof User.TokenExpired) {
      return ErrorCode.TOKEN_EXPIRED;
    } else if (frame instanceof ClientFrame.Resume) {
      // Whether it is the user, the device or the token that is unknown is nobody's business.
      return ErrorCode.TOKEN_REFUSED;
    } else if (answer instanceof User.UnknownDevice) {
      return ErrorCode.UNKNOWN_DEVICE;
    }
    return ErrorCode.INTERNAL;
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
