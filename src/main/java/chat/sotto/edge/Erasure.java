package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.user.BodyIds;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.User;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Carries out an operator's decision to erase what is held of a person (docs/protocol.md §11). The
 * event comes first: whoever was interrupted after it erases again, which deletes what is left.
 */
public final class Erasure {
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(30);

  private final ActorSystem<?> system;
  private final Store store;

  public Erasure(ActorSystem<?> system) {
    this.system = system;
    this.store = Store.get(system);
  }

  public enum Outcome {
    ERASED,
    /** It was before, and what was left is gone now. */
    ERASED_AGAIN,
    UNKNOWN_USER,
    /** The owner's proof was right for what was replaced meanwhile. */
    NOT_PROVEN
  }

  /**
   * Erases a person.
   *
   * @param reason as in {@link UserEvent.Erased}
   * @return completed once what was deleted is deleted on disk; the log follows within the hour
   */
  public CompletionStage<Outcome> erase(UserName user, String reason) {
    return erase(user, reason, Optional.empty());
  }

  /** @param proven as in {@link User.Erase} */
  CompletionStage<Outcome> erase(UserName user, String reason, Optional<Bytes> proven) {
    return User.ref(system, user)
        .<User.EraseReply>ask(
            replyTo -> new User.Erase(reason, proven, replyTo), ASK_TIMEOUT)
        .thenCompose(
            reply -> {
              if (reply instanceof User.Erased erased) {
                return deleteBodies(user)
                    .thenApply(
                        done -> erased.isRepeat() ? Outcome.ERASED_AGAIN : Outcome.ERASED);
              }
              return Stages.now(
                  reply instanceof User.Outdated
                      ? Outcome.NOT_PROVEN
                      : Outcome.UNKNOWN_USER);
            });
  }

  private CompletionStage<Void> deleteBodies(UserName user) {
    var traces = new Traces(user);
    var waiting = new WaitingBodies(store);
    return waiting
        .readAll(UserState.entity(user), 0, traces::see)
        .thenCompose(done -> store.bodies().delete(traces.bodies))
        .thenCompose(done -> deleteArchive(user))
        .thenCompose(
            done -> waiting.deletePieces(List.copyOf(traces.groups), traces.devices))
        .thenRun(store::eraseLog);
  }

  private CompletionStage<Void> deleteArchive(UserName user) {
    return store.bodies().deleteBetween(BodyIds.batches(user), BodyIds.afterBatches(user));
  }

  /** What a person's journal leads to. */
  private static final class Traces {
    private final UserName user;
    private final List<String> bodies = new ArrayList<>();
    private final Set<GroupId> groups = new HashSet<>();
    private final Set<DeviceId> devices = new HashSet<>();

    Traces(UserName user) {
      this.user = user;
    }

    void see(StoredEntry stored) {
      UserEvent event = UserEvent.CODEC.decode(stored.entry().event());
      if (event instanceof UserEvent.Registered registered) {
        see(registered.deviceList());
        bodies.add(BodyIds.credentials(user, registered.credentials()));
        bodies.add(BodyIds.vault(user, registered.vault()));
      } else if (event instanceof UserEvent.AccountChanged changed) {
        changed.deviceList().ifPresent(this::see);
        changed.credentials().ifPresent(of -> bodies.add(BodyIds.credentials(user, of)));
        changed.vault().ifPresent(of -> bodies.add(BodyIds.vault(user, of)));
        changed.recovery().ifPresent(of -> bodies.add(BodyIds.recovery(user, of)));
      } else if (event instanceof UserEvent.SyncPut put) {
        bodies.add(BodyIds.sync(user, put.digest()));
      } else if (event instanceof UserEvent.PrekeysPut put) {
        // The signed ones stay for the groups of the person (docs/protocol.md §11).
        put.prekeys().stream()
            .filter(prekey -> prekey.kind() == Prekey.Kind.ONE_TIME)
            .map(prekey -> BodyIds.prekey(user, put.device(), prekey.id(), prekey.digest()))
            .forEach(bodies::add);
      } else if (event instanceof UserEvent.Accepted accepted) {
        accepted.copies().stream().map(StoredCopy::bodyId).forEach(bodies::add);
      } else if (event instanceof UserEvent.GroupJoined joined) {
        groups.add(joined.group());
      }
    }

    private void see(DeviceList list) {
      list.devices().stream().map(Device::id).forEach(devices::add);
    }
  }
}
