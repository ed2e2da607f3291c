package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Registering, tokens, visibility. */
final class AccountDecisions {
  /** A token's use is written down once a day, so that resuming costs no event. */
  private static final long TOKEN_USE_MILLIS = Duration.ofDays(1).toMillis();

  private final Clock clock;
  private final long tokenIdleMillis;

  AccountDecisions(Clock clock, UserLimits limits) {
    this.clock = clock;
    this.tokenIdleMillis = limits.tokenIdleMax().toMillis();
  }

  Decision<UserEvent, User.SignInReply> register(UserState state, User.Register command) {
    if (!state.canRegister()) {
      return Decision.onlyReply(new User.NameTaken());
    }
    if (state.isReopened() && !canBeginAnew(state, command.deviceList())) {
      return Decision.onlyReply(reopened(state));
    }
    DeviceId device = command.deviceList().devices().get(0).id();
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(
        time ->
            new UserEvent.Registered(
                time, command.deviceList(), command.credentials(), command.vault()));
    draft.add(time -> new UserEvent.PrekeysPut(time, device, false, command.prekeys()));
    return signIn(draft, device, command.tokenHash());
  }

  /** It follows the erased account's list, under a key that had nothing to do with that. */
  private static boolean canBeginAnew(UserState state, DeviceList list) {
    Account before = state.account().orElseThrow();
    Device device = list.devices().get(0);
    return DeviceListRules.isNext(before, list)
        && !list.accountKey().equals(before.deviceList().accountKey())
        && !before.everUsed().containsKey(device.id())
        && device.inboxStart().equals(state.inbox().head());
  }

  static AccountAnswer.Reopened reopened(UserState state) {
    Account before = state.account().orElseThrow();
    return new AccountAnswer.Reopened(
        before.deviceList(),
        before.listHash(),
        state.inbox().generations().newest(),
        state.inbox().head());
  }

  Decision<UserEvent, User.SignInReply> signIn(UserState state, User.SignIn command) {
    if (!state.account().orElseThrow().secrets().standFor(command.proven())) {
      return Decision.onlyReply(new User.Outdated());
    }
    return state.device(command.device(), command.deviceKey()).isPresent()
        ? signIn(
            new Draft<>(UserEvent.CODEC, state, clock), command.device(), command.tokenHash())
        : Decision.onlyReply(stranger(state, command.device(), command.deviceKey()));
  }

  private static User.SignInReply stranger(UserState state, DeviceId device, Bytes deviceKey) {
    Account account = state.account().orElseThrow();
    return account.hasRemoved(device, deviceKey)
        ? new AccountAnswer.Revoked(account.deviceList())
        : new User.UnknownDevice();
  }

  /** The device is in the list; the account's other events may come with it. */
  Decision<UserEvent, User.SignInReply> signIn(
      Draft<UserEvent, UserState> draft, DeviceId device, Bytes tokenHash) {
    draft.add(
        time -> new UserEvent.SignedIn(time, device, tokenHash, time + tokenIdleMillis));
    return draft.reply(facts(draft.state(), device));
  }

  Decision<UserEvent, User.SignInReply> resume(UserState state, User.Resume command) {
    Optional<DeviceState> device = state.device(command.device(), command.deviceKey());
    if (device.isEmpty()) {
      return Decision.onlyReply(stranger(state, command.device(), command.deviceKey()));
    }
    Optional<Token> token =
        device.get().token().filter(one -> one.hash().equals(command.tokenHash()));
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (token.isEmpty()) {
      return Decision.onlyReply(new User.TokenRefused());
    }
    if (draft.now() >= token.get().expiresAt()) {
      return Decision.onlyReply(new User.TokenExpired());
    }
    if (draft.now() + tokenIdleMillis - token.get().expiresAt() >= TOKEN_USE_MILLIS) {
      draft.add(
          time -> new UserEvent.TokenUsed(time, command.device(), time + tokenIdleMillis));
    }
    return draft.reply(facts(draft.state(), command.device()));
  }

  Decision<UserEvent, User.DoneReply> signOut(UserState state, User.SignOut command) {
    Optional<DeviceState> device = state.device(command.device());
    if (device.isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (device.get().token().isPresent()) {
      draft.add(time -> new UserEvent.SignedOut(time, command.device()));
    }
    return draft.reply(new User.Done());
  }

  Decision<UserEvent, User.DoneReply> setVisibility(UserState state, User.SetVisibility command) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (state.account().orElseThrow().visibility() != command.visibility()) {
      draft.add(time -> new UserEvent.VisibilitySet(time, command.visibility()));
    }
    return draft.reply(new User.Done());
  }

  Decision<UserEvent, User.EraseReply> erase(UserState state, User.Erase command) {
    if (state.isErased()) {
      return Decision.onlyReply(new User.Erased(true, state.chain().sequenceNr()));
    }
    Secrets secrets = state.account().orElseThrow().secrets();
    if (command.proven().filter(proven -> !secrets.standFor(proven)).isPresent()) {
      return Decision.onlyReply(new User.Outdated());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(time -> new UserEvent.Erased(time, command.reason()));
    return draft.reply(new User.Erased(false, draft.state().chain().sequenceNr()));
  }

  private static User.SignedIn facts(UserState state, DeviceId id) {
    Account account = state.account().orElseThrow();
    DeviceState device = state.device(id).orElseThrow();
    return new User.SignedIn(
        device.token().orElseThrow().expiresAt(),
        state.inbox().generations().newest(),
        device.cursor().point(),
        state.inbox().head(),
        account.deviceList().version(),
        account.listHash(),
        device.prekeys().signed().map(HeldPrekey::id).orElse(0L),
        List.copyOf(device.prekeys().oneTime().keySet()),
        account.visibility());
  }
}
