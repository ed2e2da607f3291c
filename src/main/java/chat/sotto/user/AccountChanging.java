package chat.sotto.user;

import static chat.sotto.user.UserState.require;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** What follows when an account is made, changed and made anew. Pure. */
final class AccountChanging {
  private AccountChanging() {}

  /** @throws IllegalStateException if it cannot have happened */
  static UserState after(UserState before, UserEvent.Registered event) {
    require(event.deviceList().user().equals(before.user()), "the device list is another user's");
    PMap<DeviceId, DeviceState> devices = HashTreePMap.empty();
    for (Device device : event.deviceList().devices()) {
      require(
          !before.isReopened() || device.inboxStart().equals(before.inbox().head()),
          "the device does not begin at the head of the inbox");
      var start = new Position(device.inboxStart(), before.chain().sequenceNr(), 0);
      devices = devices.plus(device.id(), DeviceState.startingAt(start));
    }
    var secrets =
        new Secrets(
            event.credentials(), event.vault(), Secrets.FIRST_VERSION, Optional.empty());
    PMap<DeviceId, Bytes> removed =
        before.account().map(Account::everUsed).orElse(HashTreePMap.empty());
    return before.with(
        Account.registered(event.deviceList(), secrets, removed), devices, before.groups());
  }

  /** @throws IllegalStateException if it cannot have happened */
  static UserState after(UserState before, UserEvent.AccountChanged event) {
    Account account = before.account().orElseThrow();
    require(
        event.vault().isPresent() != (event.proof() == ChangeProof.RESTORED),
        "a change brings a vault, unless the server was restored");
    require(
        event.proof() != ChangeProof.RESET
            || account.reset().filter(of -> of.device().equals(event.device())).isPresent(),
        "the device has not asked for a reset");
    UserState next = before.with(account.with(secrets(account.secrets(), event)));
    if (event.deviceList().isPresent()) {
      next = with(next, event.deviceList().get(), event);
    }
    if (event.credentials().isPresent()) {
      next = withoutTokens(next, event.device());
    }
    return endReset(next, event);
  }

  private static Secrets secrets(Secrets before, UserEvent.AccountChanged event) {
    if (event.vault().isEmpty()) {
      require(event.vaultVersion() == before.vaultVersion(), "the vault is the same");
      return before;
    }
    require(
        event.vaultVersion() == before.vaultVersion() + 1, "the vault is not the next one");
    return new Secrets(
        event.credentials().orElse(before.credentials()),
        event.vault().get(),
        event.vaultVersion(),
        event.recovery());
  }

  private static UserState with(
      UserState before, DeviceList list, UserEvent.AccountChanged event) {
    Account account = before.account().orElseThrow();
    require(list.user().equals(before.user()), "the device list is another user's");
    boolean isPutBack = event.proof() == ChangeProof.RESTORED;
    require(
        isPutBack
            ? list.version() > account.deviceList().version()
            : DeviceListRules.isNext(account, list),
        "the device list does not follow");
    PMap<DeviceId, DeviceState> devices = before.devices();
    Groups groups = before.groups();
    for (Device device : account.deviceList().devices()) {
      if (list.device(device.id()).isEmpty()) {
        devices = devices.minus(device.id());
        groups = groups.without(device.id());
      }
    }
    for (Device device : list.devices()) {
      if (account.deviceList().device(device.id()).isEmpty()) {
        require(
            isPutBack || device.id().equals(event.device()), "a change brings its own device");
        devices = devices.plus(device.id(), added(before, device, isPutBack));
      }
    }
    return before.with(account.with(list), devices, groups);
  }

  /** What a restore made the server forget of a device begins at the head too. */
  private static DeviceState added(UserState before, Device device, boolean isPutBack) {
    require(
        isPutBack
            || DeviceListRules.canBring(before, device)
                && device.inboxStart().equals(before.inbox().head()),
        "the device is not new, or does not begin at the head of the inbox");
    var start = new Position(before.inbox().head(), before.chain().sequenceNr(), 0);
    return DeviceState.startingAt(start);
  }

  /** A new password: whoever signed in with the old one does so again. */
  private static UserState withoutTokens(UserState before, DeviceId but) {
    UserState next = before;
    for (DeviceId id : before.devices().keySet()) {
      if (!id.equals(but)) {
        next = next.with(id, device -> device.with(Optional.<Token>empty()));
      }
    }
    return next;
  }

  /** Whoever has the password or the code does not want it, and a device that is gone cannot. */
  private static UserState endReset(UserState before, UserEvent.AccountChanged event) {
    Account account = before.account().orElseThrow();
    boolean goesOn =
        event.proof() == ChangeProof.RESTORED
            && account
                .reset()
                .filter(reset -> before.device(reset.device()).isPresent())
                .isPresent();
    return goesOn ? before : before.with(account.with(Optional.<Reset>empty()));
  }
}
