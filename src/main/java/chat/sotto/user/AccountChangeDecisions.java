package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Generations;
import java.time.Clock;
import java.util.Optional;

/** Devices, vault, password and recovery code changed; what devices share; names opened again. */
final class AccountChangeDecisions {
  private final Clock clock;
  private final UserLimits limits;
  private final AccountDecisions accounts;

  AccountChangeDecisions(Clock clock, UserLimits limits, AccountDecisions accounts) {
    this.clock = clock;
    this.limits = limits;
    this.accounts = accounts;
  }

  Decision<UserEvent, User.SignInReply> link(UserState state, AccountCommand.Link command) {
    Account account = state.account().orElseThrow();
    DeviceList list = command.deviceList();
    Device added = list.device(command.device()).orElseThrow();
    if (!isNext(account, command.secrets())
        || !DeviceListRules.isNext(account, list)
        || !added.inboxStart().equals(state.inbox().head())) {
      return Decision.onlyReply(new AccountAnswer.Stale());
    }
    if (!account.hasRoomForDevice()) {
      return Decision.onlyReply(new AccountAnswer.DevicesUsedUp());
    }
    if (!DeviceListRules.canBring(state, added)
        || !DeviceListRules.keepsRows(
            account.deviceList(), list, Optional.of(command.device()))) {
      return Decision.onlyReply(new AccountAnswer.ListRefused());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    changed(
        draft, command.device(), command.proof(), Optional.of(list), command.secrets());
    draft.add(
        time -> new UserEvent.PrekeysPut(time, command.device(), false, command.prekeys()));
    return accounts.signIn(draft, command.device(), command.tokenHash());
  }

  Decision<UserEvent, AccountAnswer.Change> change(
      UserState state, AccountCommand.Change command) {
    if (state.device(command.device()).isEmpty()
        && command.proof() != ChangeProof.RESTORED) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    return command.secrets().isPresent()
        ? change(state, command, command.secrets().get())
        : putBack(state, command);
  }

  private Decision<UserEvent, AccountAnswer.Change> change(
      UserState state, AccountCommand.Change command, AccountCommand.NewSecrets secrets) {
    Account account = state.account().orElseThrow();
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (command.proof() == ChangeProof.RESET
        && !mayReset(account, command.device(), draft.now())) {
      return Decision.onlyReply(new AccountAnswer.ResetRefused());
    }
    boolean listIsNext =
        command.deviceList().map(list -> DeviceListRules.isNext(account, list)).orElse(true);
    if (!isNext(account, secrets) || !listIsNext) {
      return Decision.onlyReply(new AccountAnswer.Stale());
    }
    boolean keepsRows =
        command
            .deviceList()
            .map(
                list ->
                    DeviceListRules.keepsRows(account.deviceList(), list, Optional.empty()))
            .orElse(true);
    if (!keepsRows) {
      return Decision.onlyReply(new AccountAnswer.ListRefused());
    }
    changed(draft, command.device(), command.proof(), command.deviceList(), secrets);
    return draft.reply(new AccountAnswer.Changed());
  }

  private boolean mayReset(Account account, DeviceId device, long now) {
    return account
        .reset()
        .map(reset -> AccountAnswer.WaitingReset.of(reset, limits))
        .filter(reset -> reset.device().equals(device) && now >= reset.allowedAt())
        .isPresent();
  }

  /** The next vault, made in knowledge of this one, by somebody whose proof still holds. */
  private static boolean isNext(Account account, AccountCommand.NewSecrets secrets) {
    Secrets present = account.secrets();
    boolean stillHolds = secrets.proven().map(present::standFor).orElse(true);
    return stillHolds && secrets.vaultVersion() == present.vaultVersion() + 1;
  }

  private static void changed(
      Draft<UserEvent, UserState> draft,
      DeviceId device,
      ChangeProof proof,
      Optional<DeviceList> list,
      AccountCommand.NewSecrets secrets) {
    draft.add(
        time ->
            new UserEvent.AccountChanged(
                time,
                device,
                list,
                secrets.credentials(),
                Optional.of(secrets.vault()),
                secrets.vaultVersion(),
                secrets.recovery(),
                proof));
  }

  /** What a restored server lost, and a device kept (docs/protocol.md §11). */
  private Decision<UserEvent, AccountAnswer.Change> putBack(
      UserState state, AccountCommand.Change command) {
    Account account = state.account().orElseThrow();
    DeviceList list = command.deviceList().orElseThrow();
    if (list.version() <= account.deviceList().version()) {
      return Decision.onlyReply(new AccountAnswer.Stale());
    }
    if (state.inbox().generations().newest() == Generations.FIRST
        || state.device(command.device()).isEmpty()
        || !DeviceListRules.canBePutBack(account, list)) {
      return Decision.onlyReply(new AccountAnswer.ListRefused());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(
        time ->
            new UserEvent.AccountChanged(
                time,
                command.device(),
                Optional.of(list),
                Optional.empty(),
                Optional.empty(),
                account.secrets().vaultVersion(),
                Optional.<Bytes>empty(),
                ChangeProof.RESTORED));
    return draft.reply(new AccountAnswer.Changed());
  }

  Decision<UserEvent, User.DoneReply> askReset(
      UserState state, AccountCommand.AskReset command) {
    if (state.device(command.device()).isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    boolean waits =
        state
            .account()
            .flatMap(Account::reset)
            .filter(reset -> reset.device().equals(command.device()))
            .isPresent();
    if (!waits) {
      draft.add(time -> new UserEvent.ResetAsked(time, command.device()));
    }
    return draft.reply(new User.Done());
  }

  Decision<UserEvent, User.DoneReply> cancelReset(
      UserState state, AccountCommand.CancelReset command) {
    if (!state.account().orElseThrow().secrets().standFor(command.proven())) {
      return Decision.onlyReply(new User.Outdated());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (state.account().flatMap(Account::reset).isPresent()) {
      draft.add(UserEvent.ResetCancelled::new);
    }
    return draft.reply(new User.Done());
  }

  Decision<UserEvent, AccountAnswer.Change> putSync(
      UserState state, AccountCommand.PutSync command) {
    if (state.device(command.device()).isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    if (!state.account().orElseThrow().sync().canPut(command.counter())) {
      return Decision.onlyReply(new AccountAnswer.Stale());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(
        time ->
            new UserEvent.SyncPut(
                time, command.device(), command.counter(), command.digest(), command.size()));
    return draft.reply(new AccountAnswer.Changed());
  }

  Decision<UserEvent, AccountAnswer.Opening> reopen(
      UserState state, AccountCommand.Reopen command) {
    if (!state.isErased()) {
      return Decision.onlyReply(new AccountAnswer.NotErased());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (!state.isReopened()) {
      draft.add(time -> new UserEvent.Reopened(time, command.reason()));
    }
    return draft.reply(new AccountAnswer.Opened(state.isReopened()));
  }
}
