package chat.sotto.client;

import chat.sotto.crypto.PasswordSecrets;
import chat.sotto.crypto.RecoveryCode;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The ways by which a store comes to an account, or back to it with the password. */
final class Entrance {
  private final String serverHost;
  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Engine engine;

  Entrance(
      String serverHost, ClientStore store, Clock clock, SecureRandom random, Engine engine) {
    this.serverHost = serverHost;
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.engine = engine;
  }

  CompletableFuture<Void> register(UserName user, String password) {
    Passwords.requireStrong(password, user);
    Optional<Self> before = store.transaction(Self::find);
    if (before.filter(Self::registered).isPresent()) {
      throw new IllegalStateException("this store has an account");
    }
    boolean isUnsure = before.filter(self -> self.user().equals(user)).isPresent();
    return derive(user, password)
        .thenCompose(
            secrets ->
                isUnsure
                    ? signIn(secrets).exceptionallyCompose(why -> unknown(why, user, secrets))
                    : create(user, secrets));
  }

  /** An earlier attempt did not reach the server, unless the failure says something else. */
  private CompletableFuture<Void> unknown(Throwable why, UserName user, PasswordSecrets secrets) {
    Throwable cause = why instanceof CompletionException ? why.getCause() : why;
    boolean isUnknown =
        cause instanceof SottoException refused
            && refused.code().filter(ErrorCode.SIGN_IN_FAILED::equals).isPresent();
    return isUnknown ? create(user, secrets) : CompletableFuture.failedFuture(cause);
  }

  private CompletableFuture<Void> create(UserName user, PasswordSecrets secrets) {
    return engine.signIn(
        store.transaction(
            rows ->
                new Account(rows, random, clock.millis()).register(user, serverHost, secrets)));
  }

  CompletableFuture<Void> login(UserName user, String password) {
    return derive(user, password).thenCompose(this::signIn);
  }

  private CompletableFuture<Void> signIn(PasswordSecrets secrets) {
    return engine.signIn(
        store.transaction(rows -> new Account(rows, random, clock.millis()).login(secrets)));
  }

  CompletableFuture<Void> link(UserName user, String password, Optional<DeviceId> replaced) {
    return derive(user, password)
        .thenCompose(secrets -> link(user, Credentials.of(secrets), replaced));
  }

  CompletableFuture<Void> recover(UserName user, String code, String newPassword) {
    Passwords.requireStrong(newPassword, user);
    RecoveryCode recovery = readCode(code);
    return derive(user, newPassword)
        .thenCompose(
            secrets ->
                link(user, new Credentials(secrets, Optional.of(recovery)), Optional.empty()));
  }

  private static RecoveryCode readCode(String typed) {
    try {
      return RecoveryCode.read(typed);
    } catch (RefusedException e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  private CompletableFuture<Void> link(
      UserName user, Credentials credentials, Optional<DeviceId> replaced) {
    Account.First first =
        store.transaction(
            rows ->
                Account.signIn(Newcomer.of(rows, user, serverHost, random), credentials));
    return engine.signIn(
        first,
        Optional.of(
            (rows, offer) ->
                new Linking(rows, random, clock.millis())
                    .prepare(offer, credentials, replaced)));
  }

  private CompletableFuture<PasswordSecrets> derive(UserName user, String password) {
    return CompletableFuture.supplyAsync(
        () -> PasswordSecrets.derive(password, serverHost, user.value()));
  }
}
