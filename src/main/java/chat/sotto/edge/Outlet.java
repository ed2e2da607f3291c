package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import chat.sotto.edge.Connection.Command;
import chat.sotto.protocol.ServerFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * What the logs of one connection share: the way out with its push numbers, and one read of the
 * disk at a time. Used by the connection's actor only.
 */
final class Outlet {
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Node node;
  private final SignIn.Granted self;
  private final Line line;
  private long lastNonce;
  private int reads;

  Outlet(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Node node,
      SignIn.Granted self,
      Line line) {
    this.context = context;
    this.timers = timers;
    this.node = node;
    this.self = self;
    this.line = line;
  }

  ActorContext<Command> context() {
    return context;
  }

  TimerScheduler<Command> timers() {
    return timers;
  }

  Node node() {
    return node;
  }

  /** The device that is pushed to. */
  SignIn.Granted self() {
    return self;
  }

  Line line() {
    return line;
  }

  /** For answers that nobody waits for. */
  <T> ActorRef<T> ignore() {
    return context.getSystem().ignoreRef();
  }

  long now() {
    return node.clock().millis();
  }

  /** @param push from its nonce */
  void say(LongFunction<? extends ServerFrame.Push> push) {
    lastNonce += 2;
    line.say(push.apply(lastNonce));
  }

  /** Whether a push with the number before this one was said. */
  boolean saidBefore(long nonce) {
    return nonce % 2 != 0 && nonce <= lastNonce + 1;
  }

  /** The network takes more, and nothing is being read for it. */
  boolean isFree() {
    return reads == 0 && line.isIdle();
  }

  /** Nothing that was said waits for the network. */
  boolean isTaken() {
    return line.socket().waiting() == 0;
  }

  /** @param take runs in the connection's actor, and at once if nothing has to be waited for */
  <T> void read(CompletionStage<T> read, Consumer<T> take) {
    CompletableFuture<T> known = read.toCompletableFuture();
    if (known.isDone() && !known.isCompletedExceptionally()) {
      take.accept(known.join());
      return;
    }
    reads++;
    context.pipeToSelf(
        read,
        (value, failure) ->
            failure == null
                ? new Connection.ReadDone(() -> take.accept(value))
                : new Connection.Failed(failure));
  }

  /** @param take runs in the connection's actor, with nothing if there was no answer */
  <T> void ask(CompletionStage<T> answer, Consumer<Optional<T>> take) {
    context.pipeToSelf(
        answer,
        (value, failure) ->
            new Connection.EntityAnswered(() -> take.accept(Optional.ofNullable(value))));
  }

  void onRead(Connection.ReadDone done) {
    reads--;
    done.take().run();
  }
}
