package chat.sotto.client;

import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The way of one person's outbox over one connection. Several items are in flight; their answers
 * are taken in the order of sending. At the first that is no acceptance the lane lets the others
 * come in, ignores them, rests, and begins again at its first item.
 */
final class Lane {
  private enum State {
    RUNNING,
    /** A question about the person is open. */
    ASKING,
    /** An item was refused. */
    DRAINING,
    /** Until a timer. */
    RESTING
  }

  /**
   * An item whose answer has not been taken.
   *
   * @param isFirst whether it was sent when nothing else was in flight
   */
  private record Flight(
      Sending.Step.Ready item,
      long n,
      boolean isFirst,
      CompletableFuture<ServerFrame.Reply> reply) {}

  private final Sender sender;
  private final UserName to;
  private final Link link;
  private final Deque<Flight> flights = new ArrayDeque<>();
  private final Backoff backoff;
  private State state = State.RUNNING;
  private Duration rest = Duration.ZERO;
  private String lastKey;
  private long nextNumber;
  private List<DeviceKeys> keys = List.of();

  Lane(Sender sender, UserName to, Link link) {
    this.sender = sender;
    this.to = to;
    this.link = link;
    backoff = sender.backoff();
    beginAgain();
  }

  UserName to() {
    return to;
  }

  private void beginAgain() {
    lastKey = "";
    nextNumber = sender.answer(answers -> answers.nextNumber(to));
  }

  /** Sends what can be sent. */
  void wake() {
    restIfRefused(this::sendOn);
  }

  /** One person's bad keys must not end the connection that serves all. */
  private void restIfRefused(Runnable step) {
    try {
      step.run();
    } catch (Breach breach) {
      sender.tell(new ClientEvent.PersonRefused(to, breach.alarm()));
      keys = List.of();
      rest(backoff.next());
    }
  }

  private void sendOn() {
    boolean more = sender.serves(this);
    while (more && state == State.RUNNING && flights.size() < link.limits().sendsInFlightMax()) {
      more = advance(sender.next(to, lastKey, keys)) && sender.serves(this);
    }
  }

  /** @return whether there may be another item to send at once */
  private boolean advance(Sending.Step step) {
    if (step instanceof Sending.Step.Ready item) {
      keys = List.of();
      send(item);
      return true;
    } else if (step instanceof Sending.Step.NeedsDevices) {
      ask((nonce, token) -> new ClientFrame.Devices(nonce, token, to));
    } else if (step instanceof Sending.Step.NeedsKeys && keys.isEmpty()) {
      ask((nonce, token) -> new ClientFrame.Keys(nonce, token, to));
    } else if (step instanceof Sending.Step.NeedsKeys) {
      // The server gave keys, but not those of every device of the list.
      keys = List.of();
      restAfter(ErrorCode.INTERNAL, Optional.empty());
    }
    return false;
  }

  private void send(Sending.Step.Ready item) {
    long n = nextNumber++;
    lastKey = item.key();
    CompletableFuture<ServerFrame.Reply> reply =
        link.request(
            (nonce, token) ->
                new ClientFrame.Send(
                    nonce,
                    token,
                    to,
                    n,
                    item.sealed().listVersion(),
                    item.messageId(),
                    item.sealed().copies()));
    flights.add(new Flight(item, n, flights.isEmpty(), reply));
    reply.whenComplete((answer, lost) -> sender.core().run(() -> restIfRefused(this::takeAnswers)));
  }

  private void takeAnswers() {
    while (sender.serves(this) && !flights.isEmpty() && flights.peek().reply.isDone()) {
      Flight flight = flights.remove();
      if (flight.reply.isCompletedExceptionally()) {
        return;
      }
      if (state != State.DRAINING) {
        take(flight, flight.reply.join());
      }
      if (state == State.DRAINING && flights.isEmpty()) {
        beginAgain();
        rest(rest);
      }
    }
    if (sender.serves(this)) {
      wake();
    }
  }

  private void take(Flight flight, ServerFrame.Reply reply) {
    if (reply instanceof ServerFrame.Accepted accepted && accepted.n() == flight.n) {
      if (accepted.digest().equals(flight.item.sealed().digest())) {
        accepted(flight, accepted.time());
      } else {
        sender.tell(new ClientEvent.StoreWasOld());
        change(answers -> answers.storeWasOld(to, flight.n));
        drain(Duration.ZERO);
      }
    } else if (reply instanceof ServerFrame.Failed failed) {
      refused(flight, failed);
    } else {
      drain(delay(ErrorCode.INTERNAL, Optional.empty()));
    }
  }

  private void accepted(Flight flight, long time) {
    backoff.reset();
    Sending.Step.Ready item = flight.item;
    sender
        .answer(
            answers -> answers.accepted(to, item.key(), flight.n, item.messageId(), time))
        .ifPresent(message -> sender.tell(new ClientEvent.StateChanged(message)));
  }

  private void refused(Flight flight, ServerFrame.Failed failed) {
    if (failed.code() == ErrorCode.DEVICES_CHANGED && failed.deviceList().isPresent()) {
      DeviceList list = failed.deviceList().get();
      sender.tell(to, sender.answer(answers -> answers.devicesChanged(to, list)));
      drain(backoff.next());
    } else if (failed.code() == ErrorCode.OUT_OF_ORDER && failed.expected().isPresent()) {
      // With others in flight before it, it may only have overtaken them.
      if (flight.isFirst) {
        renumber(flight.n, failed.expected().get());
      }
      drain(backoff.next());
    } else {
      drain(delay(failed.code(), failed.retryAfter()));
    }
  }

  private void renumber(long n, long expected) {
    if (expected > n) {
      sender.tell(new ClientEvent.StoreWasOld());
      change(answers -> answers.storeIsBehind(to, expected));
    } else {
      change(answers -> answers.renumber(to, expected));
    }
  }

  private void drain(Duration then) {
    state = State.DRAINING;
    rest = then;
  }

  private void rest(Duration delay) {
    state = State.RESTING;
    sender.core().after(delay, this::resume);
  }

  private void resume() {
    if (sender.serves(this) && state == State.RESTING) {
      state = State.RUNNING;
      wake();
    }
  }

  private void ask(Link.Request question) {
    state = State.ASKING;
    link.request(question)
        .whenComplete(
            (reply, lost) ->
                sender.core().run(() -> restIfRefused(() -> answered(reply, lost))));
  }

  private void answered(ServerFrame.Reply reply, Throwable lost) {
    if (!sender.serves(this) || lost != null) {
      return;
    }
    // An item in flight may have been refused meanwhile: then the lane drains all the same.
    if (state == State.ASKING) {
      state = State.RUNNING;
    }
    if (reply instanceof ServerFrame.DeviceListReply list) {
      sender.tell(to, sender.answer(answers -> answers.lookedUp(to, list.deviceList())));
    } else if (reply instanceof ServerFrame.KeyBundle bundle) {
      sender.tell(to, sender.answer(answers -> answers.lookedUp(to, bundle.deviceList())));
      keys = bundle.keys();
    } else if (reply instanceof ServerFrame.Failed failed) {
      restAfter(failed.code(), failed.retryAfter());
    } else {
      restAfter(ErrorCode.INTERNAL, Optional.empty());
    }
    wake();
  }

  private void restAfter(ErrorCode code, Optional<Long> retryAfter) {
    Duration delay = delay(code, retryAfter);
    if (state == State.RUNNING) {
      rest(delay);
    }
  }

  private Duration delay(ErrorCode code, Optional<Long> retryAfter) {
    sender.tell(new ClientEvent.SendingDelayed(to, code));
    Duration step = backoff.next();
    Duration least = Duration.ofMillis(retryAfter.orElse(0L));
    return least.compareTo(step) > 0 ? least : step;
  }

  private void change(Consumer<Answers> change) {
    sender.answer(
        answers -> {
          change.accept(answers);
          return null;
        });
  }
}
