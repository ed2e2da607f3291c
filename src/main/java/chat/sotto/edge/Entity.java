package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.japi.function.Function;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The entity of a user or group, as the edge speaks to it. */
record Entity<C>(EntityRef<C> ref) {
  void tell(C command) {
    ref.tell(command);
  }

  /** @return what follows it runs where the answer arrives, as of {@link Stages#here} */
  <T> CompletionStage<T> ask(Function<ActorRef<T>, C> command, Duration timeout) {
    return Stages.here(ref.ask(command, timeout));
  }
}
