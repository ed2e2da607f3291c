package chat.sotto.client;

import chat.sotto.model.GroupId;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.GroupWaiting;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes what one connection pushes of groups. What may not stand in a group's log stops that group
 * for good, a fault of this program for the time of the connection, and neither stops anything
 * else.
 */
final class GroupIntake {
  private final ClientStore store;
  private final SecureRandom random;
  private final GroupSender sender;
  private final Consumer<ClientEvent> events;
  private final Link link;
  private final GroupEntering entering;

  /** Those of which an entry could not be taken for a fault that is not the server's. */
  private final Set<GroupId> stuck = new HashSet<>();

  /** From where a group's log was asked for once more. */
  private final Map<GroupId, Long> followed = new HashMap<>();

  GroupIntake(
      ClientStore store,
      SecureRandom random,
      GroupSender sender,
      Consumer<ClientEvent> events,
      Link link) {
    this.store = store;
    this.random = random;
    this.sender = sender;
    this.events = events;
    this.link = link;
    entering = new GroupEntering(store, sender.core(), random, link);
  }

  void close() {
    entering.close();
  }

  /** This device is not in a group of its user yet. */
  void take(GroupWaiting push) {
    if (store.transaction(rows -> new GroupAwaited(rows).add(push.owner()))) {
      events.accept(new ClientEvent.GroupAwaited(push.owner()));
    }
    entering.take(push);
  }

  /** The server has said what the own devices are: every group hears of it. */
  void ownListCame() {
    entering.proposeAgain();
    sender.ownListCame();
  }

  void take(GroupStart push) {
    entering.entered(push.owner());
    receive(push.owner(), receiving -> receiving.take(push));
  }

  /** @return whether the entry may be acknowledged */
  boolean take(GroupEntryPush push) {
    GroupReceiving.Outcome outcome =
        receive(push.owner(), receiving -> receiving.take(push));
    boolean isStored = outcome.fate() == GroupReceiving.Fate.STORED;
    if (isStored) {
      sender.moved(push.owner(), push.sequenceNr(), outcome.settled());
    }
    return isStored;
  }

  /** @return as above */
  boolean take(RestoredPush push) {
    var group = new GroupId(push.owner());
    GroupReceiving.Outcome outcome = receive(group, receiving -> receiving.take(push));
    boolean isStored = outcome.fate() == GroupReceiving.Fate.STORED;
    if (isStored) {
      sender.moved(group, push.sequenceNr(), outcome.settled());
    }
    return isStored;
  }

  void take(CaughtUp push) {
    var group = new GroupId(push.owner());
    GroupReceiving.Outcome outcome = receive(group, receiving -> receiving.reached(push));
    if (outcome.fate() == GroupReceiving.Fate.STORED) {
      sender.caughtUp(group);
    }
  }

  private GroupReceiving.Outcome receive(
      GroupId group, Function<GroupReceiving, GroupReceiving.Outcome> step) {
    if (stuck.contains(group)) {
      return GroupReceiving.Outcome.of(GroupReceiving.Fate.IGNORED);
    }
    GroupReceiving.Outcome outcome;
    try {
      outcome = store.transaction(rows -> step.apply(new GroupReceiving(rows, random, sender.now())));
    } catch (Breach breach) {
      sender.stop(group, breach.alarm());
      return GroupReceiving.Outcome.of(GroupReceiving.Fate.IGNORED);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      // The inbox and the other groups go on; the next connection tries this one again.
      stuck.add(group);
      events.accept(new ClientEvent.GroupDelayed(group, ErrorCode.INTERNAL));
      return GroupReceiving.Outcome.of(GroupReceiving.Fate.IGNORED);
    }
    outcome.events().forEach(events);
    if (outcome.fate() == GroupReceiving.Fate.GAP) {
      follow(group);
    }
    return outcome;
  }

  /** Asks for what is missing, once from the same entry: the answer would be the same again. */
  private void follow(GroupId group) {
    long after = store.transaction(rows -> new GroupRows(rows).headNr(group));
    if (!Objects.equals(followed.put(group, after), after)) {
      link.request((nonce, token) -> new ClientFrame.Follow(nonce, token, group, after));
    }
  }
}
