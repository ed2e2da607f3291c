package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.group.Group;
import chat.sotto.group.GroupLogEntry;
import chat.sotto.group.GroupState;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
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
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

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
    UNKNOWN_USER
  }

  /**
   * Erases a person.
   *
   * @param reason as in {@link UserEvent.Erased}
   * @return completed once what was deleted is deleted on disk; the log follows within the hour
   */
  public CompletionStage<Outcome> erase(UserName user, String reason) {
    return User.ref(system, user)
        .<User.EraseReply>ask(replyTo -> new User.Erase(reason, replyTo), ASK_TIMEOUT)
        .thenCompose(
            reply ->
                reply instanceof User.Erased erased
                    ? deleteBodies(user)
                        .thenApply(
                            done ->
                                erased.isRepeat() ? Outcome.ERASED_AGAIN : Outcome.ERASED)
                    : Stages.now(Outcome.UNKNOWN_USER));
  }

  private CompletionStage<Void> deleteBodies(UserName user) {
    var traces = new Traces(user);
    return readAll(UserState.entity(user), 0, traces::see)
        .thenCompose(done -> delete(traces.bodies))
        .thenCompose(done -> deleteArchive(user))
        .thenCompose(done -> inTurn(List.copyOf(traces.groups), traces.devices))
        .thenRun(store::eraseLog);
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
        registered.deviceList().devices().stream().map(Device::id).forEach(devices::add);
        bodies.add(BodyIds.credentials(user, registered.credentials()));
        bodies.add(BodyIds.vault(user, registered.vault()));
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
  }

  private CompletionStage<Void> inTurn(List<GroupId> groups, Set<DeviceId> devices) {
    CompletionStage<Void> done = Stages.now(null);
    for (GroupId group : groups) {
      done = done.thenCompose(before -> deletePieces(group, devices));
    }
    return done;
  }

  private CompletionStage<Void> deletePieces(GroupId group, Set<DeviceId> devices) {
    List<String> pieces = new ArrayList<>();
    return readAll(
            GroupState.entity(group),
            0,
            stored -> {
              if (GroupLogEntry.of(group, stored.sequenceNr(), stored.entry())
                      instanceof GroupLogEntry.OfDevice made
                  && made.bodies() instanceof Group.CommitBodies commit) {
                devices.forEach(
                    device ->
                        pieces.add(
                            chat.sotto.group.BodyIds.piece(group, commit.attempt(), device)));
              }
            })
        .thenCompose(done -> delete(pieces));
  }

  private CompletionStage<Void> deleteArchive(UserName user) {
    return store.bodies().deleteBetween(BodyIds.batches(user), BodyIds.afterBatches(user));
  }

  private CompletionStage<Void> delete(List<String> bodies) {
    return store.bodies().delete(bodies);
  }

  private CompletionStage<Void> readAll(
      String entity, long after, Consumer<StoredEntry> seer) {
    return store
        .journal()
        .read(entity, after, Long.MAX_VALUE)
        .thenCompose(
            page -> {
              page.forEach(seer);
              return page.isEmpty()
                  ? Stages.now(null)
                  : readAll(entity, page.get(page.size() - 1).sequenceNr(), seer);
            });
  }
}
