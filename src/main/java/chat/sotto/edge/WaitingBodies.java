package chat.sotto.edge;

import chat.sotto.group.BodyIds;
import chat.sotto.group.Group;
import chat.sotto.group.GroupLogEntry;
import chat.sotto.group.GroupState;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.InboxEntry;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Finds in the journal which bodies wait for devices, and deletes them. */
final class WaitingBodies {
  private final Store store;

  WaitingBodies(Store store) {
    this.store = store;
  }

  /** What the user's inbox holds for the device after an event of the journal. */
  CompletionStage<Void> deleteCopies(UserName user, DeviceId device, long after) {
    List<String> copies = new ArrayList<>();
    return readAll(
            UserState.entity(user),
            after,
            stored -> {
              if (InboxEntry.of(user, stored.sequenceNr(), stored.entry()).orElse(null)
                  instanceof InboxEntry.OfDevice made) {
                made.copyFor(device).map(StoredCopy::bodyId).ifPresent(copies::add);
              }
            })
        .thenCompose(done -> store.bodies().delete(copies));
  }

  /** The pieces of these groups' commits that are for these devices, group after group. */
  CompletionStage<Void> deletePieces(List<GroupId> groups, Collection<DeviceId> devices) {
    CompletionStage<Void> done = Stages.now(null);
    for (GroupId group : groups) {
      done = done.thenCompose(before -> deletePieces(group, devices));
    }
    return done;
  }

  private CompletionStage<Void> deletePieces(GroupId group, Collection<DeviceId> devices) {
    List<String> pieces = new ArrayList<>();
    return readAll(
            GroupState.entity(group),
            0,
            stored -> {
              if (GroupLogEntry.of(group, stored.sequenceNr(), stored.entry())
                      instanceof GroupLogEntry.OfDevice made
                  && made.bodies() instanceof Group.CommitBodies commit) {
                devices.forEach(
                    device -> pieces.add(BodyIds.piece(group, commit.attempt(), device)));
              }
            })
        .thenCompose(done -> store.bodies().delete(pieces));
  }

  /** Every event of an entity after that one, in order. */
  CompletionStage<Void> readAll(String entity, long after, Consumer<StoredEntry> seer) {
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
