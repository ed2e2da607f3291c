package chat.sotto.audit;

import static chat.sotto.audit.DoesNotHold.require;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Generations;
import chat.sotto.model.KeyChange;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.Account;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.Optional;

/**
 * What must hold when an account is made or changed: who may bring which device list, and that the
 * account key signed it. How lists, vaults and counters follow each other {@link UserState} knows.
 */
final class AccountJudge {
  private static final Bytes NO_HASH = Bytes.of(new byte[Bounds.HASH_BYTES]);

  private final Inquiry inquiry;
  private final UserName user;
  private final Signatures.Batch signatures;

  AccountJudge(Inquiry inquiry, UserName user, Signatures.Batch signatures) {
    this.inquiry = inquiry;
    this.user = user;
    this.signatures = signatures;
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.Registered event) {
    DeviceList list = event.deviceList();
    String host = inquiry.serverHost(list.serverHost());
    require(list.serverHost().equals(host), "an account at " + host, list.serverHost());
    require(
        list.keyChange().isEmpty(), "an account key that nobody had to announce", "an announcement");
    step.before()
        .account()
        .ifPresentOrElse(before -> requireAnew(before, list), () -> requireFirst(list));
    verify(step.number(), list);
  }

  private void requireFirst(DeviceList list) {
    require(
        list.version() == 1 && list.prevHash().equals(NO_HASH),
        "the first version of a device list",
        "version " + list.version());
    var start = new Point(0, Statements.inboxStart(user, Generations.FIRST));
    require(
        list.devices().stream().allMatch(device -> device.inboxStart().equals(start)),
        "devices whose inbox begins at its start",
        "others");
  }

  /** The name was opened again, for somebody who has nothing of the account before. */
  private static void requireAnew(Account before, DeviceList list) {
    requireNext(before, list);
    require(
        !list.accountKey().equals(before.deviceList().accountKey()),
        "another account key than that of the erased account",
        "the same");
    for (Device device : list.devices()) {
      require(
          before.deviceList().device(device.id()).isEmpty()
              && !before.removed().containsKey(device.id()),
          "a device that was in no list before",
          "device " + device.id());
    }
  }

  private static void requireNext(Account before, DeviceList list) {
    require(
        list.version() == before.deviceList().version() + 1
            && list.prevHash().equals(before.listHash()),
        "version %d of the device list, made in knowledge of the one before"
            .formatted(before.deviceList().version() + 1),
        "version " + list.version());
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.AccountChanged event) {
    Account before = step.before().account().orElseThrow();
    requireFields(before, event);
    event.deviceList().ifPresent(list -> judge(step, before, event, list));
    require(
        before.deviceList().device(event.device()).isPresent()
            || event.deviceList().filter(list -> has(list, event.device())).isPresent(),
        "a change by a device of the account",
        "device " + event.device());
    require(
        event.proof() != ChangeProof.RESTORED
            || step.before().inbox().generations().newest() > Generations.FIRST,
        "a restore, after which a device puts back its list",
        "none");
  }

  private static boolean has(DeviceList list, DeviceId device) {
    return list.device(device).isPresent();
  }

  /** Which parts come with which proof (docs/protocol.md §12.3). */
  private static void requireFields(Account before, UserEvent.AccountChanged event) {
    ChangeProof proof = event.proof();
    require(
        event.vault().isPresent()
            || event.credentials().isEmpty() && event.recovery().isEmpty(),
        "a vault, as password or code are changed",
        "none");
    require(
        event.credentials().isPresent()
            || proof == ChangeProof.PASSWORD
            || proof == ChangeProof.RESTORED,
        "a new password, as the old one was not given",
        "none");
    require(
        proof != ChangeProof.RECOVERY || before.secrets().recovery().isPresent(),
        "a recovery code that was set before",
        "none");
    require(
        event.deviceList().isPresent()
            || proof == ChangeProof.PASSWORD
            || proof == ChangeProof.RECOVERY,
        "a device list, as nothing else was proven",
        "none");
  }

  private void judge(
      Replay.Step<UserEvent, UserState> step,
      Account before,
      UserEvent.AccountChanged event,
      DeviceList list) {
    String host = before.deviceList().serverHost();
    require(list.serverHost().equals(host), "an account at " + host, list.serverHost());
    if (event.proof() != ChangeProof.RESTORED) {
      requireNext(before, list);
    }
    for (Device device : list.devices()) {
      Optional<Device> known = before.deviceList().device(device.id());
      require(
          known.isEmpty() || known.get().equals(device),
          "device %s as it was".formatted(device.id()),
          "another row");
      require(
          !before.removed().containsKey(device.id()),
          "a device that was not removed before",
          "device " + device.id());
    }
    judgeKey(step.number(), before.deviceList(), list, event);
    verify(step.number(), list);
  }

  /** Another account key is announced by the device that begins it. */
  private void judgeKey(
      long number, DeviceList before, DeviceList list, UserEvent.AccountChanged event) {
    boolean isSame = list.accountKey().equals(before.accountKey());
    require(
        event.proof() != ChangeProof.RESTORED || isSame && has(list, event.device()),
        "a list with the device that puts it back, under the account key that the server knew",
        "another");
    require(
        !isSame || event.proof() != ChangeProof.RESET, "a new account key by a reset", "the same");
    if (!isSame) {
      require(
          has(before, event.device())
              && list.keyChange().map(KeyChange::device).equals(Optional.of(event.device())),
          "a new account key that the device announces which changes it",
          list.keyChange().map(word -> "device " + word.device()).orElse("no announcement"));
      signatures.add(
          number,
          () -> "device %s over the new account key".formatted(event.device()),
          () -> Statements.verifyKeyChange(before, list));
    } else if (event.proof() != ChangeProof.RESTORED) {
      require(
          list.keyChange().isEmpty() || list.keyChange().equals(before.keyChange()),
          "the announcement of the account key as it was",
          "another");
    }
  }

  private void verify(long number, DeviceList list) {
    signatures.add(
        number,
        () -> "the account key over version %d of its device list".formatted(list.version()),
        () -> Statements.verifyDeviceList(list));
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.ResetAsked event) {
    requireListed(step, event.device());
    require(
        step.before()
            .account()
            .flatMap(Account::reset)
            .filter(reset -> reset.device().equals(event.device()))
            .isEmpty(),
        "a reset that does not wait already",
        "device " + event.device());
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.ResetCancelled event) {
    require(
        step.before().account().flatMap(Account::reset).isPresent(),
        "a reset that waits",
        "none at " + event.time());
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.SyncPut event) {
    requireListed(step, event.device());
    require(event.size() > 0, "something that devices share", event.size() + " bytes");
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.ArchiveAppended event) {
    requireListed(step, event.device());
    require(event.size() > 0, "a batch of the archive", event.size() + " bytes");
  }

  void requireListed(Replay.Step<UserEvent, UserState> step, DeviceId device) {
    require(
        step.before().account().orElseThrow().deviceList().device(device).isPresent(),
        "a device of the account's list",
        "device " + device);
  }
}
