package chat.sotto.user;

import java.util.HashSet;
import java.util.Set;

/** Which bodies a user's state leads to, by their ids. */
public final class KeptBodies {
  private KeptBodies() {}

  /** Those of all prekeys that may be given out, or were lately. */
  public static Set<String> prekeys(UserState state) {
    var ids = new HashSet<String>();
    state
        .devices()
        .forEach(
            (id, device) ->
                device
                    .prekeys()
                    .all()
                    .forEach(one -> ids.add(one.ref(state.user(), id).bodyId())));
    return ids;
  }

  /** All that are kept until something takes their place. */
  static Set<String> held(UserState state) {
    Set<String> ids = prekeys(state);
    if (state.hasAccount()) {
      Account account = state.account().orElseThrow();
      ids.addAll(account.secrets().bodies(state.user()));
      account.sync().digest().ifPresent(digest -> ids.add(BodyIds.sync(state.user(), digest)));
    }
    return ids;
  }

  /** What the last change of the account, and the last sync, took the place of. */
  static Set<String> former(UserState state) {
    var ids = new HashSet<String>();
    if (state.hasAccount()) {
      Account account = state.account().orElseThrow();
      account.former().ifPresent(secrets -> ids.addAll(secrets.bodies(state.user())));
      account.sync().former().ifPresent(digest -> ids.add(BodyIds.sync(state.user(), digest)));
      ids.removeAll(held(state));
    }
    return ids;
  }
}
