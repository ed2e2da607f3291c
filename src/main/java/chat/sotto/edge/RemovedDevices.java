package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.journal.Store;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.RemovalListener;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what waited for a device that is its user's no more (docs/protocol.md §12.3). What a crash
 * leaves expires like everything that waits.
 */
public final class RemovedDevices implements RemovalListener {
  private static final Logger LOG = LoggerFactory.getLogger(RemovedDevices.class);

  private final ActorSystem<?> system;

  public RemovedDevices(ActorSystem<?> system) {
    this.system = system;
  }

  @Override
  public void removed(UserName user, DeviceId device, long after, List<GroupId> groups) {
    Store store = Store.get(system);
    var waiting = new WaitingBodies(store);
    waiting
        .deleteCopies(user, device, after)
        .thenCompose(done -> waiting.deletePieces(groups, Set.of(device)))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("What waited for a removed device was not deleted.", failure);
              }
              store.eraseLog();
            });
  }
}
