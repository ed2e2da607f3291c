package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.user.BodyIds;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.User;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Carries out an operator's decision to erase what is held of a person (docs/protocol.md §11). The
 * event comes first: who was interrupted after it erases again, which deletes what is left, as does
 * the first who asks for the name after the server started.
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
    return new Entity<>(User.ref(system, user))
        .<User.EraseReply>ask(
            replyTo -> new User.Erase(reason, proven, replyTo), ASK_TIMEOUT)
        .thenCompose(
            reply -> {
              if (reply instanceof User.Erased erased) {
                return deleteBodies(user, erased.journalNr())
                    .thenApply(
                        done -> erased.isRepeat() ? Outcome.ERASED_AGAIN : Outcome.ERASED);
              }
              return Stages.now(
                  reply instanceof User.Outdated
                      ? Outcome.NOT_PROVEN
                      : Outcome.UNKNOWN_USER);
            });
  }

  /**
   * Deletes what is kept of somebody who was erased. Secrets go first, by where they lie: an
   * attempt that a crash ended may have left some that no event names.
   *
   * @param upTo number of an event of the journal at which nobody had the name: what comes later is
   *     another's, if it was opened again
   */
  CompletionStage<Void> deleteBodies(UserName user, long upTo) {
    var traces = new Traces(user);
    var waiting = new WaitingBodies(store);
    List<CompletionStage<Void>> secrets = new ArrayList<>();
    BodyIds.secrets(user)
        .forEach(one -> secrets.add(store.bodies().deleteBetween(one, BodyIds.after(one))));
    return Stages.all(secrets)
        .thenCompose(done -> store.files().dropAll(user.value()))
        .thenCompose(
            done -> waiting.deleteAll(UserState.entity(user), 0, upTo, traces::bodies))
        .thenCompose(
            done ->
                store
                    .bodies()
                    .deleteBetween(
                        BodyIds.batches(user), BodyIds.batch(user, traces.lastBatch + 1)))
        .thenCompose(done -> waiting.deletePieces(traces.groups(), traces.everyDevice))
        .thenRun(store::eraseLog);
  }

  /** What a person's journal leads to. */
  private static final class Traces {
    private final UserName user;
    private final Set<DeviceId> everyDevice = new HashSet<>();
    private final Map<GroupId, Map<DeviceId, Long>> acknowledged = new HashMap<>();
    private List<Device> devices = List.of();
    private long lastBatch;

    Traces(UserName user) {
      this.user = user;
    }

    /** Each group with the last entry that all of the newest devices have acknowledged. */
    Map<GroupId, Long> groups() {
      Map<GroupId, Long> lowest = new HashMap<>();
      acknowledged.forEach(
          (group, cursors) ->
              lowest.put(
                  group,
                  devices.stream()
                      .mapToLong(device -> cursors.getOrDefault(device.id(), 0L))
                      .min()
                      .orElse(0)));
      return lowest;
    }

    /** The bodies that an event leads to. */
    List<String> bodies(StoredEntry stored) {
      UserEvent event = UserEvent.CODEC.decode(stored.entry().event());
      if (event instanceof UserEvent.Registered registered) {
        see(registered.deviceList());
      } else if (event instanceof UserEvent.AccountChanged changed) {
        changed.deviceList().ifPresent(this::see);
      } else if (event instanceof UserEvent.ArchiveAppended appended) {
        lastBatch = appended.nr();
      } else if (event instanceof UserEvent.GroupJoined joined) {
        acknowledged.put(joined.group(), new HashMap<>());
      } else if (event instanceof UserEvent.Acked acked) {
        acked.items().stream()
            .filter(item -> item.kind().equals(LogPoint.GROUP))
            .forEach(item -> see(acked.device(), item));
      } else if (event instanceof UserEvent.PrekeysPut put) {
        // The signed ones stay for the groups of the person (docs/protocol.md §11).
        return put.prekeys().stream()
            .filter(prekey -> prekey.kind() == Prekey.Kind.ONE_TIME)
            .map(prekey -> BodyIds.prekey(user, put.device(), prekey.id(), prekey.digest()))
            .toList();
      } else if (event instanceof UserEvent.Accepted accepted) {
        return accepted.copies().stream().map(StoredCopy::bodyId).toList();
      }
      return List.of();
    }

    private void see(DeviceList list) {
      devices = list.devices();
      devices.stream().map(Device::id).forEach(everyDevice::add);
    }

    private void see(DeviceId device, LogPoint item) {
      Map<DeviceId, Long> cursors = acknowledged.get(new GroupId(item.owner()));
      if (cursors != null) {
        cursors.merge(device, item.sequenceNr(), Math::max);
      }
    }
  }
}
