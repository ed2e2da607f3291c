package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import java.util.List;
import java.util.Optional;

/** What is answered to an {@link AccountCommand}, and what a sign-in learns of other devices. */
public final class AccountAnswer {
  private AccountAnswer() {}

  public sealed interface Description extends CborSerializable
      permits User.UnknownUser, Facts, Reopened {}

  public sealed interface Change extends CborSerializable
      permits User.UnknownUser, User.UnknownDevice, Changed, Stale, ListRefused, ResetRefused {}

  public sealed interface Opening extends CborSerializable
      permits User.UnknownUser, Opened, NotErased {}

  /**
   * The account as it stands.
   *
   * @param head of the inbox
   * @param devices in the list's order
   */
  public record Facts(
      DeviceList deviceList,
      Bytes listHash,
      Secrets secrets,
      long generation,
      Point head,
      Sync sync,
      List<SeenDevice> devices)
      implements Description {}

  /** @param lastSeen 0 for never */
  public record SeenDevice(DeviceId id, long lastSeen, boolean isConnected) {}

  /** The name may be registered once more, after this list and this entry of the inbox. */
  public record Reopened(DeviceList deviceList, Bytes listHash, long generation, Point head)
      implements Description, User.SignInReply {}

  public record Changed() implements Change {}

  /** Somebody was quicker: a version, the head of the inbox, or the password is another. */
  public record Stale() implements Change, User.SignInReply {}

  /** The list changes what it may not, or brings a device that was there before. */
  public record ListRefused() implements Change, User.SignInReply {}

  /** The account had as many devices as one ever may. */
  public record DevicesUsedUp() implements User.SignInReply {}

  /** The device has not asked for a reset, or its time has not come. */
  public record ResetRefused() implements Change {}

  /** The device was in the list once and is no more. */
  public record Revoked(DeviceList deviceList) implements User.SignInReply {}

  /** @param isRepeat whether it was open before */
  public record Opened(boolean isRepeat) implements Opening {}

  /** Somebody lives there: the operator erases first. */
  public record NotErased() implements Opening {}

  // What a connection is told

  /** The account as its devices see it. */
  public record Overview(
      DeviceList deviceList,
      long vaultVersion,
      long syncCounter,
      boolean hasRecovery,
      Optional<WaitingReset> reset) {
    static Overview of(Account account, UserLimits limits) {
      return new Overview(
          account.deviceList(),
          account.secrets().vaultVersion(),
          account.sync().counter(),
          account.secrets().recovery().isPresent(),
          account.reset().map(reset -> WaitingReset.of(reset, limits)));
    }
  }

  /** @param allowedAt when the device may carry it out */
  public record WaitingReset(DeviceId device, long allowedAt) {
    static WaitingReset of(Reset reset, UserLimits limits) {
      return new WaitingReset(
          reset.device(), reset.askedAt() + limits.resetWait().toMillis());
    }
  }
}
