package chat.sotto.client;

import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.UserKeys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The way of one group's outbox over one connection: one entry at a time, and the next when the
 * log shows it. Nothing is sent before the log was read to its end on this connection, since what
 * was sent on the last one may stand there.
 */
final class GroupLane {
  private enum State {
    RUNNING,
    /** A question is open. */
    ASKING,
    /** An entry was sent and not answered. */
    SENT,
    /** It was accepted, and the log has not shown it. */
    ACCEPTED,
    /** Until a timer, or until the log has moved. */
    RESTING
  }

  /** What the server says of an entry that it would take if it were sent again. */
  static final Set<ErrorCode> PASSING =
      Set.of(
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.BUSY,
          ErrorCode.RATE_LIMITED,
          ErrorCode.SERVER_FULL,
          ErrorCode.INTERNAL);

  /** The log has moved, or is about to. */
  private static final Set<ErrorCode> STALE =
      Set.of(ErrorCode.EPOCH_STALE, ErrorCode.EPOCH_PENDING, ErrorCode.OUT_OF_ORDER);

  /** The keys were not the right ones. */
  private static final Set<ErrorCode> OTHER_KEYS =
      Set.of(ErrorCode.DEVICES_CHANGED, ErrorCode.PIECES_REFUSED);

  private final GroupSender sender;
  private final GroupId group;
  private final Link link;
  private final Backoff backoff;
  private final GroupTurn turn;
  private State state = State.RUNNING;
  private boolean isCaughtUp;
  private long acceptedNr;
  private int rests;
  private int looks;
  private GroupPrekeys keys = GroupPrekeys.NONE;
  private GroupSending.Step.Undone told = new GroupSending.Step.Undone(List.of(), List.of());

  GroupLane(GroupSender sender, GroupId group, Link link) {
    this.sender = sender;
    this.group = group;
    this.link = link;
    backoff = sender.backoff();
    turn = sender.turn();
  }

  GroupId group() {
    return group;
  }

  /** The log was read to its end. */
  void caughtUp() {
    isCaughtUp = true;
    wake();
  }

  /** An entry of the log was stored. */
  void moved(long sequenceNr) {
    if (state == State.ACCEPTED && sequenceNr >= acceptedNr) {
      sender.requireLanded(group);
      state = State.RUNNING;
    } else if (state == State.RESTING) {
      state = State.RUNNING;
    }
    wake();
  }

  /** Sends what can be sent. */
  void wake() {
    try {
      boolean more = sender.serves(this) && isAtTheEnd();
      while (more && sender.serves(this) && state == State.RUNNING) {
        more = advance(sender.next(group, keys, turn));
      }
    } catch (Breach breach) {
      keys = GroupPrekeys.NONE;
      sender.refuseFirst(group, breach.alarm());
      rest(ErrorCode.PREKEY_REFUSED, Optional.empty());
    }
  }

  /** Nothing comes of a group that is being made, or that this user is no longer in. */
  private boolean isAtTheEnd() {
    return isCaughtUp || !sender.isOpen(group);
  }

  /** @return whether there may be something else to do at once */
  private boolean advance(GroupSending.Step step) {
    if (step instanceof GroupSending.Step.Ready ready) {
      keys = GroupPrekeys.NONE;
      send(ready.flight());
    } else if (step instanceof GroupSending.Step.Settled settled) {
      sender.settle(group, settled.item(), settled.refusal());
      return true;
    } else if (step instanceof GroupSending.Step.NeedsKeys needs) {
      ask(needs);
    } else if (step instanceof GroupSending.Step.Blocked blocked) {
      sender.blocked(group, blocked.keys());
    } else if (step instanceof GroupSending.Step.Undone undone) {
      tellOnce(undone);
    } else if (step instanceof GroupSending.Step.Later later) {
      lookAgain(later.after());
    }
    return false;
  }

  private void tellOnce(GroupSending.Step.Undone undone) {
    if (!undone.equals(told)) {
      told = undone;
      sender.tell(
          new ClientEvent.GroupRemovalsMissed(group, undone.users(), undone.admins()));
    }
  }

  private void lookAgain(Duration after) {
    int mine = ++looks;
    sender
        .core()
        .after(
            after,
            () -> {
              if (mine == looks) {
                wake();
              }
            });
  }

  private void send(GroupFlight flight) {
    state = State.SENT;
    request(
        (nonce, token) -> flight.frame(nonce, token, group), reply -> answered(flight, reply));
  }

  private void request(Link.Request request, Consumer<ServerFrame.Reply> then) {
    link.request(request)
        .whenComplete(
            (reply, lost) ->
                sender
                    .core()
                    .run(
                        () -> {
                          if (lost == null && sender.serves(this)) {
                            then.accept(reply);
                          }
                        }));
  }

  private void answered(GroupFlight flight, ServerFrame.Reply reply) {
    if (reply instanceof ServerFrame.GroupAccepted accepted) {
      backoff.reset();
      acceptedNr = accepted.sequenceNr();
      state = State.ACCEPTED;
      moved(sender.headNr(group));
    } else if (reply instanceof ServerFrame.Failed failed) {
      refused(flight, failed.code(), failed.retryAfter());
    } else {
      rest(ErrorCode.INTERNAL, Optional.empty());
    }
  }

  private void refused(GroupFlight flight, ErrorCode code, Optional<Long> retryAfter) {
    if (PASSING.contains(code)) {
      rest(code, retryAfter);
    } else if (STALE.contains(code)) {
      rest(code, Optional.empty());
    } else if (OTHER_KEYS.contains(code)) {
      sender.land(group);
      rest(code, Optional.empty());
    } else {
      sender.refused(group, flight, code);
      if (flight.itemKey().isPresent()) {
        state = State.RUNNING;
        wake();
      } else {
        rest(code, Optional.empty());
      }
    }
  }

  private void rest(ErrorCode code, Optional<Long> retryAfter) {
    if (!STALE.contains(code)) {
      sender.tell(new ClientEvent.GroupDelayed(group, code));
    }
    Duration step = backoff.next();
    Duration least = Duration.ofMillis(retryAfter.orElse(0L));
    state = State.RESTING;
    int mine = ++rests;
    sender
        .core()
        .after(
            least.compareTo(step) > 0 ? least : step,
            () -> {
              if (state == State.RESTING && mine == rests) {
                state = State.RUNNING;
                wake();
              }
            });
  }

  // Questions

  private void ask(GroupSending.Step.NeedsKeys needs) {
    state = State.ASKING;
    if (needs.members()) {
      askForMembers(Optional.empty(), new TreeMap<>());
      return;
    }
    UserName user = needs.invited().iterator().next();
    request(
        (nonce, token) -> new ClientFrame.Keys(nonce, token, user),
        reply -> {
          if (reply instanceof ServerFrame.KeyBundle bundle) {
            keys = keys.withInvited(user, bundle);
            goOn();
          } else {
            unanswered(reply);
          }
        });
  }

  private void askForMembers(Optional<UserName> after, Map<UserName, UserKeys> known) {
    request(
        (nonce, token) -> new ClientFrame.GroupKeys(nonce, token, group, after),
        reply -> {
          if (!(reply instanceof ServerFrame.GroupKeyPage page)) {
            unanswered(reply);
            return;
          }
          page.users().forEach(user -> known.put(user.deviceList().user(), user));
          if (page.more() && !page.users().isEmpty()) {
            int last = page.users().size() - 1;
            askForMembers(Optional.of(page.users().get(last).deviceList().user()), known);
          } else {
            keys = keys.withMembers(known);
            goOn();
          }
        });
  }

  private void goOn() {
    state = State.RUNNING;
    wake();
  }

  private void unanswered(ServerFrame.Reply reply) {
    boolean isUnknown =
        reply instanceof ServerFrame.Failed failed && failed.code() == ErrorCode.UNKNOWN_USER;
    if (isUnknown) {
      sender.refuseFirst(group, ErrorCode.UNKNOWN_USER);
      goOn();
    } else if (reply instanceof ServerFrame.Failed failed) {
      rest(failed.code(), failed.retryAfter());
    } else {
      rest(ErrorCode.INTERNAL, Optional.empty());
    }
  }
}
