package chat.sotto.client;

import chat.sotto.model.GroupId;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Point;
import chat.sotto.protocol.GroupWaiting;
import chat.sotto.protocol.ServerFrame;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups of this user that this device is not in yet (docs/protocol.md §9.8): it proposes the list
 * in which it stands, and the server's next words are those to a newcomer. Nothing of it is stored:
 * the server says on each connection where this device waits.
 */
final class GroupEntering {
  private final ClientStore store;
  private final Core core;
  private final SecureRandom random;
  private final Link link;
  private final Backoff backoff;

  /** The server's newest word on each. */
  private final Map<GroupId, GroupWaiting> waiting = new HashMap<>();

  GroupEntering(ClientStore store, Core core, SecureRandom random, Link link) {
    this.store = store;
    this.core = core;
    this.random = random;
    this.link = link;
    backoff = new Backoff(random);
  }

  void take(GroupWaiting push) {
    waiting.put(push.owner(), push);
    propose(push);
  }

  /** The own list is another one: what was refused may be taken now. */
  void proposeAgain() {
    List.copyOf(waiting.values()).forEach(this::propose);
  }

  /** This device's part of the log begins. */
  void entered(GroupId group) {
    waiting.remove(group);
  }

  /** Nothing more comes of it. */
  void close() {
    waiting.clear();
  }

  private void propose(GroupWaiting push) {
    if (push.pending() || waiting.get(push.owner()) != push) {
      return;
    }
    GroupFlight flight = store.transaction(rows -> proposal(Self.of(rows), push));
    link.request((nonce, token) -> flight.frame(nonce, token, push.owner()))
        .whenComplete((reply, lost) -> core.run(() -> answered(push, reply, lost)));
  }

  private GroupFlight proposal(Self self, GroupWaiting push) {
    var head = new Point(push.sequenceNr(), push.hash());
    GroupView view = GroupView.before(push.owner(), push.generation(), head);
    return new GroupEntries(view, self, random)
        .proposal(Optional.empty(), new GroupProposal.Devices(self.list()));
  }

  /** If the log has moved on, or the list is an old one, the server's next push says so. */
  private void answered(GroupWaiting push, ServerFrame.Reply reply, Throwable lost) {
    if (lost == null
        && reply instanceof ServerFrame.Failed failed
        && GroupLane.PASSING.contains(failed.code())) {
      Duration least = Duration.ofMillis(failed.retryAfter().orElse(0L));
      Duration step = backoff.next();
      core.after(
          least.compareTo(step) > 0 ? least : step, () -> propose(push));
    }
  }
}
