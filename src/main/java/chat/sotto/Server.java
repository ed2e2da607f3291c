package chat.sotto;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import chat.sotto.edge.AdminSocket;
import chat.sotto.edge.Connections;
import chat.sotto.edge.Edge;
import chat.sotto.edge.PublicUrl;
import chat.sotto.edge.RemovedDevices;
import chat.sotto.edge.TlsKeystore;
import chat.sotto.group.Group;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoreFailed;
import chat.sotto.user.ProgressListener;
import chat.sotto.user.UserSharding;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** One running server. Several can run in one JVM. */
public final class Server {
  private final ActorSystem<Connections.Command> system;
  private final Edge.Listening listening;

  private Server(ActorSystem<Connections.Command> system, Edge.Listening listening) {
    this.system = system;
    this.listening = listening;
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @throws chat.sotto.journal.DataFolderException if the data folder cannot be used
   * @throws chat.sotto.edge.TlsKeystoreException if the TLS key cannot be used
   * @throws java.util.concurrent.CompletionException if the address cannot be bound
   */
  public static Server start(Settings settings, Clock clock) {
    Optional<SSLContext> tls =
        settings.tls().map(key -> TlsKeystore.open(key.keystore(), key.password()));
    ActorSystem<Connections.Command> system = system(settings);
    try {
      startEntities(system, settings, clock);
      Edge.Listening listening =
          Edge.start(system, configuration(settings, tls), clock).toCompletableFuture().join();
      AdminSocket.open(Store.get(system).folder().path(), system)
          .ifPresent(socket -> closeInOrder(system, socket));
      return new Server(system, listening);
    } catch (RuntimeException e) {
      end(system);
      throw e;
    }
  }

  /**
   * Does something with the data of a server that does not run, without serving anybody.
   *
   * @throws chat.sotto.journal.DataFolderException if the data folder cannot be used
   * @throws java.util.concurrent.CompletionException if it fails
   */
  static <T> T withoutListening(
      Settings settings, Clock clock, Function<ActorSystem<?>, CompletionStage<T>> work) {
    ActorSystem<Connections.Command> system = system(settings);
    try {
      startEntities(system, settings, clock);
      return work.apply(system).toCompletableFuture().join();
    } finally {
      end(system);
    }
  }

  private static ActorSystem<Connections.Command> system(Settings settings) {
    return ActorSystem.create(Connections.create(), "sotto", settings.akka());
  }

  private static void end(ActorSystem<?> system) {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private static void startEntities(ActorSystem<?> system, Settings settings, Clock clock) {
    Store.get(system);
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    new UserSharding(
            clock, settings.userLimits(), progressOfGroups(system), new RemovedDevices(system))
        .init(system);
    Group.init(system, clock, settings.groupLimits());
  }

  private static void closeInOrder(ActorSystem<?> system, AdminSocket socket) {
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseServiceUnbind(),
            "close-admin-socket",
            () -> {
              socket.close();
              return CompletableFuture.completedFuture(Done.getInstance());
            });
  }

  /** Users do not know groups, and these not those. */
  private static ProgressListener progressOfGroups(ActorSystem<?> system) {
    return (user, group, sequenceNr) ->
        Group.ref(system, group).tell(new Group.Progress(user, sequenceNr));
  }

  private static Edge.Configuration configuration(
      Settings settings, Optional<SSLContext> tls) {
    return new Edge.Configuration(
        settings.host(),
        settings.port(),
        settings.publicUrl(),
        tls,
        settings.trustedProxies(),
        settings.limits(),
        settings.userLimits(),
        settings.edgeLimits(),
        settings.fileLimits(),
        "sotto/" + Main.version());
  }

  ActorSystem<?> system() {
    return system;
  }

  /** Where people open it. */
  public PublicUrl url() {
    return listening.url();
  }

  public InetSocketAddress address() {
    return listening.address();
  }

  public String fingerprint() {
    return listening.fingerprint();
  }

  /** Closes connections, lets requests end, and the store last. Completed when all is done. */
  public CompletionStage<Done> stop() {
    CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
    return system.getWhenTerminated();
  }

  /** Waits until the server has stopped. @return false if it stopped because a write failed */
  public boolean awaitEnd() {
    system.getWhenTerminated().toCompletableFuture().join();
    return CoordinatedShutdown.get(system)
        .getShutdownReason()
        .filter(reason -> reason == StoreFailed.INSTANCE)
        .isEmpty();
  }
}
