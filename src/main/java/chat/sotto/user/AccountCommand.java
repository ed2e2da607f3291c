package chat.sotto.user;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked about a user's account and its devices. Passwords, codes and signatures are checked
 * before; that what they were checked against still holds is checked here.
 */
public sealed interface AccountCommand extends User.Command {
  /** All that a sign-in, a proof and the user's own devices need to know. */
  record Describe(ActorRef<AccountAnswer.Description> replyTo) implements AccountCommand {}

  /**
   * What opens the account from now on; the bodies lie under {@link BodyIds}. Those that nothing
   * leads to afterwards are deleted by the entity.
   *
   * @param proven what the proof was checked against: the digest of the credentials, or of the
   *     recovery code's body; absent for a reset
   * @param credentials of a new password
   */
  record NewSecrets(
      Optional<Bytes> proven,
      Optional<Bytes> credentials,
      Bytes vault,
      long vaultVersion,
      Optional<Bytes> recovery) {}

  /**
   * Adds a device and signs it in.
   *
   * @param deviceList checked by {@link RegistrationRules}, as are the prekeys
   */
  record Link(
      DeviceId device,
      ChangeProof proof,
      DeviceList deviceList,
      List<PrekeyStatement> prekeys,
      NewSecrets secrets,
      Bytes tokenHash,
      ActorRef<User.SignInReply> replyTo)
      implements AccountCommand {}

  /**
   * Changes device list, vault, password or recovery code at a device's word.
   *
   * @param deviceList checked by {@link RegistrationRules}
   * @param secrets absent if the server was restored and only the list is put back
   */
  record Change(
      DeviceId device,
      ChangeProof proof,
      Optional<DeviceList> deviceList,
      Optional<NewSecrets> secrets,
      ActorRef<AccountAnswer.Change> replyTo)
      implements AccountCommand {}

  record AskReset(DeviceId device, ActorRef<User.DoneReply> replyTo) implements AccountCommand {}

  /** @param proven as in {@link NewSecrets} */
  record CancelReset(Bytes proven, ActorRef<User.DoneReply> replyTo)
      implements AccountCommand {}

  /** @param digest SHA-256 of the body under {@link BodyIds#sync} */
  record PutSync(
      DeviceId device,
      long counter,
      Bytes digest,
      long size,
      ActorRef<AccountAnswer.Change> replyTo)
      implements AccountCommand {}

  /**
   * Opens the name of an erased account again.
   *
   * @param reason the operator's, as in {@link UserEvent.Reopened}
   */
  record Reopen(String reason, ActorRef<AccountAnswer.Opening> replyTo)
      implements AccountCommand {}
}
