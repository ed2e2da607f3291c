package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Proof;
import chat.sotto.protocol.Secret;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.BodyIds;
import chat.sotto.user.DeviceAddress;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Checks passwords and recovery codes, and seals what they are to open (docs/protocol.md §3, §12.2).
 * What follows from a password is never kept, and hashing goes on on threads of its own.
 */
final class Proofs {
  /**
   * A failed proof is answered so long after it came: neither hashing nor loading a user shows in
   * the time, and guessing is slow.
   */
  static final Duration FAILURE_TAKES = Duration.ofSeconds(1);

  private final Node node;

  Proofs(Node node) {
    this.node = node;
  }

  /** What a client gives to be kept; the recovery vault may go with the code that there is. */
  record Given(
      Bytes vault,
      Optional<Bytes> recoveryVault,
      Optional<Secret> newAuthSecret,
      Optional<Secret> newRecoverySecret) {
    @Override
    public String toString() {
      return "Given[***]";
    }
  }

  /** Bodies as they are stored; credentials only for a new password. */
  record Sealed(Optional<Bytes> credentials, Bytes vault, Optional<Bytes> recovery) {
    @Override
    public String toString() {
      return "Sealed[***]";
    }
  }

  /**
   * How long to wait until a device of the user may give a proof again; zero for now. Strangers
   * have a count of their own: nobody can keep the owner from ending a thief's reset.
   */
  Duration take(UserName user, DeviceId device) {
    return node.rates().proofsBy().take(new DeviceAddress(user, device));
  }

  /** As {@link #take}, of whoever is no device of the user's. */
  Duration takeOfStranger(UserName user) {
    return node.rates().signInsOfUser().take(user);
  }

  /** @param since when the proof came, as {@link System#nanoTime} */
  static <T> CompletionStage<T> fail(long since, T reply) {
    long left = FAILURE_TAKES.toNanos() - (System.nanoTime() - since);
    return CompletableFuture.supplyAsync(
        () -> reply,
        CompletableFuture.delayedExecutor(Math.max(0, left), TimeUnit.NANOSECONDS));
  }

  /** The digest of what a proof is checked against. @param proof that was right */
  static Bytes proven(AccountAnswer.Facts facts, Proof proof) {
    return proof instanceof Proof.Password
        ? facts.secrets().credentials()
        : facts.secrets().recovery().orElseThrow();
  }

  /** Costs what checking a password costs. */
  CompletionStage<Void> checkNobody(Secret authSecret) {
    return node.passwords()
        .run(() -> PasswordVerifier.matches(Optional.empty(), authSecret.toArray()))
        .thenAccept(never -> {});
  }

  /** The vault that the proof stands for; empty if the proof is wrong. */
  CompletionStage<Optional<Bytes>> open(
      UserName user, AccountAnswer.Facts facts, Proof proof) {
    if (proof instanceof Proof.Recovery code) {
      return recoveryBody(user, facts)
          .thenApply(
              body ->
                  body.filter(bytes -> isOf(bytes, code.secret()))
                      .map(bytes -> bytes.slice(Bounds.HASH_BYTES, bytes.size())));
    }
    byte[] authSecret = proof.secret().toArray();
    return body(BodyIds.credentials(user, facts.secrets().credentials()))
        .thenCombine(
            body(BodyIds.vault(user, facts.secrets().vault())),
            (credentials, vault) ->
                node.passwords()
                    .run(
                        () ->
                            PasswordVerifier.unwrap(
                                user, Optional.of(credentials), Optional.of(vault), authSecret)))
        .thenCompose(opened -> opened);
  }

  /**
   * What is to be stored.
   *
   * @param proof nobody is asked for one if it is empty
   * @return empty if the proof is wrong
   */
  CompletionStage<Optional<Sealed>> seal(
      UserName user, AccountAnswer.Facts facts, Optional<Proof> proof, Given given) {
    CompletionStage<Optional<Sealed>> sealed;
    if (proof.isPresent() && proof.get() instanceof Proof.Password password) {
      sealed = sealWithPassword(user, facts, password, given);
    } else if (proof.isPresent()) {
      sealed =
          recoveryBody(user, facts)
              .thenCompose(
                  body ->
                      body.filter(bytes -> isOf(bytes, proof.get().secret())).isPresent()
                          ? sealAnew(user, given)
                          : Stages.now(Optional.empty()));
    } else {
      sealed = sealAnew(user, given);
    }
    return sealed.thenCombine(recovery(user, facts, given), Proofs::with);
  }

  private CompletionStage<Optional<Sealed>> sealWithPassword(
      UserName user, AccountAnswer.Facts facts, Proof.Password password, Given given) {
    byte[] authSecret = password.secret().toArray();
    return body(BodyIds.credentials(user, facts.secrets().credentials()))
        .thenCompose(
            credentials ->
                node.passwords()
                    .run(
                        () ->
                            PasswordVerifier.wrap(
                                user,
                                Optional.of(credentials),
                                authSecret,
                                given.vault(),
                                node.random())))
        .thenCompose(
            wrapped ->
                wrapped.isPresent() && given.newAuthSecret().isPresent()
                    ? sealAnew(user, given)
                    : Stages.now(
                        wrapped.map(
                            vault -> new Sealed(Optional.empty(), vault, Optional.empty()))));
  }

  private CompletionStage<Optional<Sealed>> sealAnew(UserName user, Given given) {
    byte[] authSecret = given.newAuthSecret().orElseThrow().toArray();
    return node.passwords()
        .run(() -> PasswordVerifier.make(user, authSecret, given.vault(), node.random()))
        .thenApply(
            made ->
                Optional.of(
                    new Sealed(
                        Optional.of(made.credentials()), made.vault(), Optional.empty())));
  }

  private static Optional<Sealed> with(Optional<Sealed> sealed, Optional<Bytes> recovery) {
    return sealed.map(one -> new Sealed(one.credentials(), one.vault(), recovery));
  }

  // The recovery code: its body is the hash of its secret, and the vault that it opens

  private CompletionStage<Optional<Bytes>> recovery(
      UserName user, AccountAnswer.Facts facts, Given given) {
    if (given.recoveryVault().isEmpty()) {
      return Stages.now(Optional.empty());
    }
    Bytes vault = given.recoveryVault().get();
    return given.newRecoverySecret().isPresent()
        ? Stages.now(Optional.of(hash(given.newRecoverySecret().get()).concat(vault)))
        : recoveryBody(user, facts)
            .thenApply(body -> body.map(bytes -> bytes.slice(0, Bounds.HASH_BYTES).concat(vault)));
  }

  private CompletionStage<Optional<Bytes>> recoveryBody(
      UserName user, AccountAnswer.Facts facts) {
    return facts
        .secrets()
        .recovery()
        .map(
            digest ->
                body(BodyIds.recovery(user, digest))
                    .thenApply(bytes -> Optional.of(Bytes.of(bytes))))
        .orElseGet(() -> Stages.now(Optional.empty()));
  }

  private static boolean isOf(Bytes body, Secret secret) {
    return MessageDigest.isEqual(
        body.slice(0, Bounds.HASH_BYTES).toArray(), hash(secret).toArray());
  }

  private static Bytes hash(Secret secret) {
    return Bytes.of(Hash.sha256(secret.toArray()));
  }

  private CompletionStage<byte[]> body(String id) {
    return node.store().bodies().get(id).thenApply(Proofs::present);
  }

  /**
   * A body that an account names.
   *
   * @throws RejectedExecutionException if it was replaced a moment ago: whoever asks again finds the
   *     new one
   */
  static byte[] present(Optional<byte[]> body) {
    return body.orElseThrow(() -> new RejectedExecutionException("replaced meanwhile"));
  }
}
