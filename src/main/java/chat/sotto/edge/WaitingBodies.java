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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Finds in the journal which bodies wait for devices, and deletes them. */
final class WaitingBodies {
  private final Store store;

  WaitingBodies(Store store) {
    this.store = store;
  }

  /** What the user's inbox holds for the device after an event of the journal. */
  CompletionStage<Void> deleteCopies(UserName user, DeviceId device, long after) {
    return deleteAll(
        UserState.entity(user),
        after,
        Long.MAX_VALUE,
        stored ->
            InboxEntry.of(user, stored.sequenceNr(), stored.entry())
                .filter(InboxEntry.OfDevice.class::isInstance)
                .map(InboxEntry.OfDevice.class::cast)
                .flatMap(made -> made.copyFor(device))
                .map(StoredCopy::bodyId)
                .map(List::of)
                .orElse(List.of()));
  }

  /**
   * The pieces of these groups' commits that are for these devices, group after group.
   *
   * @param groups each with the number of the entry after which to look
   */
  CompletionStage<Void> deletePieces(Map<GroupId, Long> groups, Collection<DeviceId> devices) {
    CompletionStage<Void> done = Stages.now(null);
    for (Map.Entry<GroupId, Long> group : groups.entrySet()) {
      done = done.thenCompose(before -> deletePieces(group.getKey(), group.getValue(), devices));
    }
    return done;
  }

  private CompletionStage<Void> deletePieces(
      GroupId group, long after, Collection<DeviceId> devices) {
    return deleteAll(
        GroupState.entity(group),
        after,
        Long.MAX_VALUE,
        stored ->
            GroupLogEntry.of(group, stored.sequenceNr(), stored.entry())
                        instanceof GroupLogEntry.OfDevice made
                    && made.bodies() instanceof Group.CommitBodies commit
                ? devices.stream()
                    .map(device -> BodyIds.piece(group, commit.attempt(), device))
                    .toList()
                : List.of());
  }

  /**
   * What an entity's events after one and up to another lead to, page after page and each in steps,
   * so that nobody waits long for the store.
   */
  CompletionStage<Void> deleteAll(
      String entity, long after, long upTo, Function<StoredEntry, List<String>> bodies) {
    return store
        .journal()
        .read(entity, after, upTo)
        .thenCompose(
            page ->
                page.isEmpty()
                    ? Stages.now(null)
                    : store
                        .bodies()
                        .deleteInSteps(page.stream().map(bodies).flatMap(List::stream).toList())
                        .thenCompose(
                            done ->
                                deleteAll(
                                    entity,
                                    page.get(page.size() - 1).sequenceNr(),
                                    upTo,
                                    bodies)));
  }
}
