package chat.sotto.client;

import chat.sotto.client.AccountChanges.Wish;
import chat.sotto.crypto.PasswordSecrets;
import chat.sotto.crypto.RecoveryCode;
import chat.sotto.model.DeviceId;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * What a user does with the devices and the password of the account (docs/protocol.md §12). What
 * needs the password keeps nothing of it. Every future fails with a {@link SottoException}.
 */
public final class OwnDevices {
  private static final int STALE_MAX = 5;

  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Engine engine;

  /** @param lastSeen milliseconds since 1970, 0 for never */
  public record OwnDevice(
      DeviceId id, Optional<String> name, long lastSeen, boolean connected, boolean isThis) {}

  OwnDevices(ClientStore store, Clock clock, SecureRandom random, Engine engine) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.engine = engine;
  }

  public CompletableFuture<List<OwnDevice>> all() {
    return engine
        .request(AccountRequest.OwnDevices::new)
        .thenApply(reply -> named((AccountReply.OwnDevices) reply));
  }

  private List<OwnDevice> named(AccountReply.OwnDevices reply) {
    return store.transaction(
        rows -> {
          Self self = Self.of(rows);
          var sync = new Sync(rows, self, random);
          return reply.devices().stream()
              .map(
                  device ->
                      new OwnDevice(
                          device.id(),
                          sync.nameOf(device.id()),
                          device.lastSeen(),
                          device.connected(),
                          device.id().equals(self.device())))
              .toList();
        });
  }

  /** As one of the own devices named it. */
  public Optional<String> nameOf(DeviceId device) {
    return store.transaction(
        rows -> new Sync(rows, Self.of(rows), random).nameOf(device));
  }

  /** @param name 1 to 64 characters */
  public void rename(DeviceId device, String name) {
    store.transaction(
        rows -> {
          new Sync(rows, Self.of(rows), random).name(device, name);
          return null;
        });
  }

  /** That device can do nothing more once the future completes, in any group either. */
  public CompletableFuture<Void> revoke(DeviceId device, String password) {
    return change(password, self -> new Wish.Revoke(device))
        .thenCompose(done -> engine.awaitGone(device));
  }

  /**
   * @param newAccountKey if somebody else may have had the password: contacts see the new key
   * @throws IllegalArgumentException if the new password is weak
   */
  public CompletableFuture<Void> changePassword(
      String password, String newPassword, boolean newAccountKey) {
    Passwords.requireStrong(newPassword, self().user());
    return change(
        password,
        self -> new Wish.Password(derive(self, newPassword), newAccountKey));
  }

  /** @return the code, to be written down; it is shown this once */
  public CompletableFuture<String> setRecoveryCode(String password) {
    RecoveryCode code = RecoveryCode.generate(random);
    return change(password, self -> new Wish.Recovery(Optional.of(code)))
        .thenApply(done -> code.text());
  }

  public CompletableFuture<Void> dropRecoveryCode(String password) {
    return change(password, self -> new Wish.Recovery(Optional.empty()));
  }

  /** Begins the wait after which this device may set a new password without the old one. */
  public CompletableFuture<Void> askReset() {
    return engine.request(AccountRequest.ResetAsk::new).thenAccept(done -> {});
  }

  public CompletableFuture<Void> cancelReset(String password) {
    return deriveLater(password)
        .thenCompose(
            secrets ->
                engine.request(
                    (nonce, token) ->
                        new AccountRequest.ResetCancel(
                            nonce, token, authSecret(secrets), Optional.empty())))
        .thenAccept(done -> {});
  }

  /** @throws IllegalArgumentException if the new password is weak */
  public CompletableFuture<Void> reset(String newPassword) {
    Passwords.requireStrong(newPassword, self().user());
    return deriveLater(newPassword)
        .thenCompose(
            secrets ->
                engine.request(
                    store.transaction(
                            rows ->
                                new AccountChanges(rows, random, clock.millis())
                                    .prepareReset(secrets))
                        ::frame))
        .thenAccept(done -> {});
  }

  private CompletableFuture<Void> change(String password, Function<Self, Wish> wish) {
    return CompletableFuture.supplyAsync(() -> wish.apply(self()))
        .thenCombine(deriveLater(password), (wanted, secrets) -> attempt(wanted, secrets, 0))
        .thenCompose(done -> done);
  }

  private CompletableFuture<Void> attempt(Wish wish, PasswordSecrets secrets, int stale) {
    return engine
        .request(
            (nonce, token) ->
                new AccountRequest.Vault(nonce, token, authSecret(secrets), Optional.empty()))
        .thenCompose(reply -> send(wish, (AccountReply.Vault) reply, secrets))
        .exceptionallyCompose(
            why ->
                isStale(why) && stale < STALE_MAX
                    ? attempt(wish, secrets, stale + 1)
                    : CompletableFuture.failedFuture(cause(why)));
  }

  private CompletableFuture<Void> send(
      Wish wish, AccountReply.Vault reply, PasswordSecrets secrets) {
    try {
      AccountChanges.Request request =
          store.transaction(
              rows ->
                  new AccountChanges(rows, random, clock.millis())
                      .prepare(wish, reply, secrets));
      return engine.request(request::frame).thenAccept(done -> {});
    } catch (Breach breach) {
      return CompletableFuture.failedFuture(
          new SottoException("the vault is refused: " + breach.alarm()));
    }
  }

  private static boolean isStale(Throwable why) {
    return cause(why) instanceof SottoException refused
        && refused.code().equals(Optional.of(ErrorCode.STALE));
  }

  private static Throwable cause(Throwable why) {
    return why instanceof CompletionException ? why.getCause() : why;
  }

  private CompletableFuture<PasswordSecrets> deriveLater(String password) {
    Self self = self();
    return CompletableFuture.supplyAsync(() -> derive(self, password));
  }

  private static PasswordSecrets derive(Self self, String password) {
    return PasswordSecrets.derive(password, self.serverHost(), self.user().value());
  }

  private static Optional<Secret> authSecret(PasswordSecrets secrets) {
    return Optional.of(Secret.of(secrets.authSecret()));
  }

  private Self self() {
    return store.transaction(Self::of);
  }
}
