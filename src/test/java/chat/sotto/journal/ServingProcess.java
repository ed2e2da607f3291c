package chat.sotto.journal;

import akka.actor.ActorSystem;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;

/** An actor system with a store in a process of its own, which writes until its disk fails. */
final class ServingProcess {
  private static final int BODY_BYTES = 100_000;

  private ServingProcess() {}

  /** Argument: data folder. */
  public static void main(String[] args) {
    var exits = ConfigFactory.parseString("akka.coordinated-shutdown.exit-jvm = on");
    ActorSystem system =
        ActorSystem.create(
            "serving", exits.withFallback(TestStore.config(Path.of(args[0]))));
    write(Store.get(system).bodies());
  }

  private static void write(Bodies bodies) {
    bodies.keep(bodies.newId(0), new byte[BODY_BYTES]).thenRun(() -> write(bodies));
  }
}
