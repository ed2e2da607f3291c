package chat.sotto.user;

import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Prekeys put up and given out. */
final class PrekeyDecisions {
  private final Clock clock;

  PrekeyDecisions(Clock clock) {
    this.clock = clock;
  }

  Decision<User.PrekeysReply> put(UserState state, User.PutPrekeys command) {
    Optional<Prekeys> held = state.device(command.device()).map(DeviceState::prekeys);
    if (held.isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    if (!held.get().canPut(command.replace(), command.prekeys())) {
      return Decision.onlyReply(new User.PrekeysRefused());
    }
    List<PrekeyStatement> news = held.get().news(command.replace(), command.prekeys());
    var draft = new Draft(state, clock);
    if (!held.get().put(command.replace(), news).equals(held.get())) {
      draft.add(
          time -> new UserEvent.PrekeysPut(time, command.device(), command.replace(), news));
    }
    return draft.reply(new User.Done());
  }

  Decision<User.KeysReply> give(UserState state, User.GiveKeys command) {
    var asker = new DeviceAddress(command.toUser(), command.toDevice());
    DeviceList list = state.account().orElseThrow().deviceList();
    var draft = new Draft(state, clock);
    List<User.DeviceKeys> keys =
        list.devices().stream()
            .map(Device::id)
            .filter(device -> state.device(device).orElseThrow().prekeys().signed().isPresent())
            .map(device -> give(draft, device, asker))
            .toList();
    return draft.reply(new User.KeysGiven(list, keys));
  }

  /** The same asker gets the same again for a while, then for the rest of a day none. */
  private User.DeviceKeys give(Draft draft, DeviceId id, DeviceAddress asker) {
    Prekeys prekeys = draft.state().device(id).orElseThrow().prekeys();
    Optional<Prekeys.Given> lately = prekeys.lately(asker, draft.now());
    Optional<HeldPrekey> oneTime;
    if (lately.isPresent()) {
      oneTime = lately.filter(gift -> gift.isSameAgain(draft.now())).map(Prekeys.Given::prekey);
    } else {
      oneTime = prekeys.next();
      oneTime.ifPresent(prekey -> draft.add(time -> given(time, id, prekey, asker)));
    }
    return new User.DeviceKeys(
        id,
        prekeys.signed().orElseThrow().ref(draft.state().user(), id),
        oneTime.map(prekey -> prekey.ref(draft.state().user(), id)));
  }

  private static UserEvent.PrekeyGiven given(
      long time, DeviceId device, HeldPrekey prekey, DeviceAddress asker) {
    return new UserEvent.PrekeyGiven(time, device, prekey.id(), asker.user(), asker.device());
  }
}
