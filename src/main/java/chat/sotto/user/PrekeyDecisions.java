package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Prekeys put up and given out. */
final class PrekeyDecisions {
  private final Clock clock;

  PrekeyDecisions(Clock clock) {
    this.clock = clock;
  }

  Decision<UserEvent, User.PrekeysReply> put(UserState state, User.PutPrekeys command) {
    Optional<Prekeys> held = state.device(command.device()).map(DeviceState::prekeys);
    if (held.isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    if (!held.get().canPut(command.replace(), command.prekeys())) {
      return Decision.onlyReply(new User.PrekeysRefused());
    }
    List<PrekeyStatement> news = held.get().news(command.replace(), command.prekeys());
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (!held.get().put(command.replace(), news).equals(held.get())) {
      draft.add(
          time -> new UserEvent.PrekeysPut(time, command.device(), command.replace(), news));
    }
    return draft.reply(new User.Done());
  }

  Decision<UserEvent, User.KeysReply> give(UserState state, User.GiveKeys command) {
    var asker = new DeviceAddress(command.toUser(), command.toDevice());
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    return draft.reply(keys(state, device -> give(draft, device, asker)));
  }

  /** The signed ones alone, which are for everybody. */
  static User.KeysGiven signed(UserState state) {
    return keys(state, device -> keys(state, device, Optional.empty()));
  }

  private static User.KeysGiven keys(
      UserState state, Function<DeviceId, User.DeviceKeys> ofDevice) {
    DeviceList list = state.account().orElseThrow().deviceList();
    List<User.DeviceKeys> keys =
        list.devices().stream()
            .map(Device::id)
            .filter(device -> state.device(device).orElseThrow().prekeys().signed().isPresent())
            .map(ofDevice)
            .toList();
    return new User.KeysGiven(list, keys);
  }

  private static User.DeviceKeys keys(
      UserState state, DeviceId id, Optional<HeldPrekey> oneTime) {
    HeldPrekey signed = state.device(id).orElseThrow().prekeys().signed().orElseThrow();
    return new User.DeviceKeys(
        id,
        signed.ref(state.user(), id),
        oneTime.map(prekey -> prekey.ref(state.user(), id)));
  }

  /** The same asker gets the same again for a while, then for the rest of a day none. */
  private User.DeviceKeys give(
      Draft<UserEvent, UserState> draft, DeviceId id, DeviceAddress asker) {
    Prekeys prekeys = draft.state().device(id).orElseThrow().prekeys();
    Optional<Prekeys.Given> lately = prekeys.lately(asker, draft.now());
    Optional<HeldPrekey> oneTime;
    if (asker.equals(new DeviceAddress(draft.state().user(), id))) {
      // It opens no session with itself.
      oneTime = Optional.empty();
    } else if (lately.isPresent()) {
      oneTime = lately.filter(gift -> gift.isSameAgain(draft.now())).map(Prekeys.Given::prekey);
    } else {
      oneTime = prekeys.next();
      oneTime.ifPresent(prekey -> draft.add(time -> given(time, id, prekey, asker)));
    }
    return keys(draft.state(), id, oneTime);
  }

  private static UserEvent.PrekeyGiven given(
      long time, DeviceId device, HeldPrekey prekey, DeviceAddress asker) {
    return new UserEvent.PrekeyGiven(time, device, prekey.id(), asker.user(), asker.device());
  }
}
