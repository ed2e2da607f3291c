package chat.sotto.client;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Erases messages whose time is over: before anything is shown, and now and then. */
final class DisappearingDesk {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final ClientStore store;
  private final Core core;
  private final Clock clock;
  private final Consumer<ClientEvent> listener;

  DisappearingDesk(ClientStore store, Core core, Clock clock, Consumer<ClientEvent> listener) {
    this.store = store;
    this.core = core;
    this.clock = clock;
    this.listener = listener;
    look();
    core.every(LOOK, this::look);
  }

  /** Nothing that is over is there when this returns; what went is told on the client's thread. */
  void look() {
    List<ClientEvent> gone =
        store.transaction(rows -> new Disappearing(rows).erase(clock.millis()));
    if (!gone.isEmpty()) {
      core.execute(() -> gone.forEach(event -> Engine.tell(listener, event)));
    }
  }
}
