package chat.sotto.client;

import chat.sotto.client.Standings.Standing;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who may write to this user (docs/protocol.md §7.8). Unless {@link #setStrangersAsk} says so,
 * everybody may: for a program that is the usual case.
 */
public final class Requests {
  private final ClientStore store;
  private final Engine engine;

  Requests(ClientStore store, Engine engine) {
    this.store = store;
    this.engine = engine;
  }

  /**
   * Whether people who were never written to wait for {@link #accept}, and hear nothing until then.
   * It holds for who comes from now on, and for this device; but whom it lets in, the user's other
   * devices let in too.
   */
  public void setStrangersAsk(boolean ask) {
    change(standings -> standings.setStrangersAsk(ask));
  }

  /** Whether somebody waits to be accepted. */
  public boolean asks(UserName user) {
    return store.transaction(rows -> new Standings(rows).of(user) == Standing.ASKED);
  }

  /** They get what they are owed, and what they write is answered. So does writing to them. */
  public void accept(UserName user) {
    change(
        standings -> {
          if (standings.of(user) == Standing.ASKED) {
            standings.decide(user, Standing.ACCEPTED);
          }
        });
    wake(user);
  }

  /** Erases what somebody sent who asks, and blocks them. */
  public void decline(UserName user) {
    change(standings -> standings.decline(user));
  }

  /**
   * Nothing of them is shown any more, nor sent to them. They are not told. Whoever asks is
   * declined by it.
   */
  public void block(UserName user) {
    change(
        standings -> {
          standings.decline(user);
          standings.decide(user, Standing.BLOCKED);
        });
  }

  public void unblock(UserName user) {
    change(
        standings -> {
          if (standings.blocks(user)) {
            standings.decide(user, Standing.ACCEPTED);
          }
        });
    wake(user);
  }

  public List<UserName> blocked() {
    return store.transaction(rows -> new Standings(rows).blocked());
  }

  private void change(Consumer<Standings> change) {
    store.transaction(
        rows -> {
          change.accept(new Standings(rows));
          return null;
        });
  }

  private void wake(UserName user) {
    engine.core().execute(() -> engine.sender().wake(user));
  }
}
