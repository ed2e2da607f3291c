package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.journal.Store;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.RemovalListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what waited for a device that is its user's no more (docs/protocol.md §12.3), and what is
 * left of people who were erased. What a crash leaves of the first expires like everything that
 * waits; the second is looked at again once in the life of a server.
 */
public final class RemovedDevices implements RemovalListener {
  private static final Logger LOG = LoggerFactory.getLogger(RemovedDevices.class);

  private final ActorSystem<?> system;
  private final Set<UserName> lookedAt = ConcurrentHashMap.newKeySet();

  public RemovedDevices(ActorSystem<?> system) {
    this.system = system;
  }

  @Override
  public void removed(
      UserName user, DeviceId device, long after, Map<GroupId, Long> groups) {
    Store store = Store.get(system);
    var waiting = new WaitingBodies(store);
    waiting
        .deleteCopies(user, device, after)
        .thenCompose(done -> waiting.deletePieces(groups, Set.of(device)))
        .whenComplete(
            (done, failure) -> {
              logFailure("What waited for a removed device was not deleted.", failure);
              store.eraseLog();
            });
  }

  @Override
  public void erased(UserName user, long upTo) {
    if (lookedAt.add(user)) {
      new Erasure(system)
          .deleteBodies(user, upTo)
          .whenComplete(
              (done, failure) ->
                  logFailure("What was left of an erased person was not deleted.", failure));
    }
  }

  private static void logFailure(String what, Throwable failure) {
    if (failure != null) {
      LOG.warn(what, failure);
    }
  }
}
