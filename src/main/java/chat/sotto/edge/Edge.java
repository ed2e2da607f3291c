package chat.sotto.edge;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import chat.sotto.crypto.Ed25519;
import chat.sotto.group.Group;
import chat.sotto.journal.Store;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Limits;
import chat.sotto.user.Sent;
import chat.sotto.user.User;
import chat.sotto.user.UserLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public side of a node: listens, greets, counts. */
public final class Edge {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final Duration FILE_SWEEP = Duration.ofHours(1);
  private static final Duration SEAL_KEY_CHECK = Duration.ofMinutes(1);

  /** Of each core: 20 sockets a second at least, if the pool begins tasks sooner. */
  private static final Duration SIGN_IN_PATIENCE = Duration.ofMillis(50);

  private static final Duration SPAWN_WITHIN = Duration.ofSeconds(3);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(10);
  private static final Duration UNBIND_WITHIN = Duration.ofSeconds(1);

  private final ActorSystem<Connections.Command> system;
  private final Configuration configuration;
  private final Store store;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Ed25519.SigningKey signKey;
  private final Places<ClientAddress> sockets;
  private final Turnstile turnstile;

  /**
   * What the operator decided.
   *
   * @param publicUrl empty: this machine only, at the port that was bound
   * @param software name and version, for people
   */
  public record Configuration(
      String host,
      int port,
      Optional<PublicUrl> publicUrl,
      Optional<SSLContext> tls,
      Set<InetAddress> trustedProxies,
      Limits limits,
      UserLimits userLimits,
      EdgeLimits edgeLimits,
      FileLimits fileLimits,
      String software) {}

  /** Where the server is, for the person who started it. */
  public record Listening(PublicUrl url, InetSocketAddress address, String fingerprint) {}

  private Edge(
      ActorSystem<Connections.Command> system, Configuration configuration, Clock clock) {
    this.system = system;
    this.configuration = configuration;
    this.clock = clock;
    this.store = Store.get(system);
    this.signKey = ServerKey.open(store.folder(), random);
    EdgeLimits limits = configuration.edgeLimits();
    this.sockets = new Places<>(limits.connectionsPerAddress(), limits.connectionsTotal());
    this.turnstile = Turnstile.of(system.executionContext(), SIGN_IN_PATIENCE);
  }

  /** @return fails if the address cannot be bound */
  public static CompletionStage<Listening> start(
      ActorSystem<Connections.Command> system, Configuration configuration, Clock clock) {
    return new Edge(system, configuration, clock).start();
  }

  private CompletionStage<Listening> start() {
    StaticFiles files = StaticFiles.load();
    var http =
        new HttpServer(system, configuration.edgeLimits(), configuration.trustedProxies());
    return http.bind(
            configuration.host(),
            configuration.port(),
            configuration.tls(),
            address -> routes(files, url(address)))
        .thenApply(
            binding -> {
              stopInOrder(binding);
              return new Listening(
                  url(binding.localAddress()),
                  binding.localAddress(),
                  Handshake.fingerprint(signKey.publicKey()));
            });
  }

  private PublicUrl url(InetSocketAddress address) {
    return configuration
        .publicUrl()
        .orElseGet(
            () -> PublicUrl.localhost(configuration.tls().isPresent(), address.getPort()));
  }

  private Routes routes(StaticFiles files, PublicUrl url) {
    Node node = node(files, url);
    byte[] wellKnown =
        WellKnown.of(url.host(), signKey.publicKey(), files.bundle(), configuration.software());
    return new Routes(
        url,
        configuration.publicUrl().isPresent(),
        configuration.trustedProxies(),
        files,
        wellKnown,
        (request, client) -> open(node, request, client),
        new FileRoutes(
            store, node.uploads(), configuration.edgeLimits().silenceMax(), materializer()),
        materializer());
  }

  private Materializer materializer() {
    return SystemMaterializer.get(system).materializer();
  }

  private Node node(StaticFiles files, PublicUrl url) {
    store.putServer(url.host(), Bytes.of(signKey.publicKey()));
    var sealKeys = new SealKeys(store.folder(), signKey, url.host(), clock, random);
    system
        .scheduler()
        .scheduleAtFixedRate(
            SEAL_KEY_CHECK, SEAL_KEY_CHECK, sealKeys::rotateIfDue, system.executionContext());
    system
        .scheduler()
        .scheduleWithFixedDelay(
            Duration.ZERO, FILE_SWEEP, this::sweepFiles, system.executionContext());
    EdgeLimits limits = configuration.edgeLimits();
    var passwords = new PasswordWork(limits.passwordQueue());
    system.getWhenTerminated().whenComplete((done, failure) -> passwords.close());
    return new Node(
        system,
        url.host(),
        new Greeting.Greeter(
            sealKeys,
            signKey,
            url.host(),
            files.bundle(),
            configuration.limits(),
            clock,
            random),
        store,
        configuration.limits(),
        configuration.userLimits(),
        limits,
        RateLimits.of(limits),
        passwords,
        new Uploads(store.files(), configuration.fileLimits(), clock, random),
        deliveries(system, limits.askTimeout()),
        groupAppends(system, limits.askTimeout()),
        new Places<>(limits.connectionsPerUser(), Integer.MAX_VALUE),
        new Semaphore(limits.asksPerNode()),
        system.systemActorOf(Presence.create(), "presence", Props.empty()),
        clock,
        random);
  }

  private static Batches<UserName, Sent, User.AcceptReply> deliveries(
      ActorSystem<?> system, Duration timeout) {
    return new Batches<>(
        (to, messages) ->
            new Entity<>(User.ref(system, to))
                .<User.AcceptReplies>ask(
                    replyTo -> new User.Accept(messages, replyTo), timeout)
                .thenApply(User.AcceptReplies::each));
  }

  private static Batches<GroupId, Group.Append, Group.AppendReply> groupAppends(
      ActorSystem<?> system, Duration timeout) {
    return new Batches<>(
        (group, appends) ->
            new Entity<>(Group.ref(system, group))
                .<Group.AppendReplies>ask(
                    replyTo -> new Group.AppendAll(appends, replyTo), timeout)
                .thenApply(Group.AppendReplies::each));
  }

  private void sweepFiles() {
    store
        .files()
        .sweep(clock.millis())
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("Old files could not be looked for: again in an hour.", failure);
              }
            });
  }

  private CompletionStage<HttpResponse> open(
      Node node, WebSocketUpgrade request, ClientAddress client) {
    return sockets
        .take(client)
        .map(place -> open(node, request, client, place))
        .orElseGet(() -> Stages.now(upgrade(request, Optional.empty())));
  }

  private CompletionStage<HttpResponse> open(
      Node node, WebSocketUpgrade request, ClientAddress client, Places<?>.Place place) {
    return turnstile
        .pass()
        .thenCompose(
            isIn -> {
              if (!isIn) {
                place.close();
                return Stages.now(Routes.status(StatusCodes.SERVICE_UNAVAILABLE));
              }
              return enter(node, request, client, place);
            });
  }

  private CompletionStage<HttpResponse> enter(
      Node node, WebSocketUpgrade request, ClientAddress client, Places<?>.Place place) {
    CompletionStage<ActorRef<Connection.Command>> opened =
        AskPattern.ask(
            system,
            replyTo ->
                new Connections.Open(Connection.create(node, client), place, replyTo),
            SPAWN_WITHIN,
            system.scheduler());
    return Stages.here(opened)
        .thenApply(connection -> upgrade(request, Optional.of(connection)))
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                place.close();
              }
            });
  }

  /** @param connection empty: a socket that is told why it ends; a page sees no HTTP status */
  private HttpResponse upgrade(
      WebSocketUpgrade request, Optional<ActorRef<Connection.Command>> connection) {
    int bytesMax = configuration.limits().envelopeBytesMax();
    Duration silenceMax = configuration.edgeLimits().silenceMax();
    return new WebSocketFrames(bytesMax, silenceMax, connection)
        .upgrade(request, Routes.SUBPROTOCOL);
  }

  /** Nobody new, then those who are here, then what they asked; entities and store come after. */
  private void stopInOrder(ServerBinding binding) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "stop-listening",
        () -> binding.unbind());
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "close-connections",
        () ->
            AskPattern.<Connections.Command, Done>ask(
                system, Connections.StopAll::new, DRAIN_WITHIN, system.scheduler()));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceStop(),
        "close-http",
        () -> binding.terminate(UNBIND_WITHIN).thenApply(ended -> Done.getInstance()));
  }
}
