package chat.sotto.edge;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.HttpsConnectionContext;
import akka.http.javadsl.IncomingConnection;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * Listens and hands requests to {@link Routes}. Bounds the connections of one address and of all,
 * how often one address connects, and the time until a request is complete, which Akka HTTP does
 * not. A connection counts here until it becomes a WebSocket; those are counted where they are
 * opened.
 */
final class HttpServer {
  private static final Duration IDLE_ABOVE_SILENCE = Duration.ofSeconds(10);

  /** Of each core: 200 connections a second at least, if the pool begins tasks sooner. */
  private static final Duration PATIENCE = Duration.ofMillis(5);

  private final ActorSystem<?> system;
  private final EdgeLimits limits;
  private final Set<InetAddress> trustedProxies;
  private final RateLimit<ClientAddress> connects;
  private final Places<ClientAddress> places;
  private final Materializer materializer;
  private final Silence<HttpRequest> silence;
  private final Turnstile turnstile;
  private final CompletableFuture<Routes> routes = new CompletableFuture<>();

  HttpServer(ActorSystem<?> system, EdgeLimits limits, Set<InetAddress> trustedProxies) {
    this.system = system;
    this.limits = limits;
    this.trustedProxies = trustedProxies;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.turnstile = Turnstile.of(system.executionContext(), PATIENCE);
    this.silence = new Silence<>(limits.firstFrameWithin());
    this.connects = new RateLimit<>(limits.connectsPerAddress(), System::nanoTime);
    this.places = new Places<>(limits.connectionsPerAddress(), limits.connectionsTotal());
  }

  /**
   * Binds.
   *
   * @param makeRoutes from the address that was bound
   * @return fails if the address cannot be bound
   */
  CompletionStage<ServerBinding> bind(
      String host,
      int port,
      Optional<SSLContext> tls,
      Function<InetSocketAddress, Routes> makeRoutes) {
    ServerBuilder builder =
        Http.get(system)
            .newServerAt(host, port)
            .withSettings(settings());
    CompletionStage<ServerBinding> bound =
        tls.map(context -> builder.enableHttps(https(context)))
            .orElse(builder)
            .connectionSource()
            .mapAsync(1, this::accept)
            .to(Sink.ignore())
            .run(materializer);
    return bound.thenApply(
        binding -> {
          routes.complete(makeRoutes.apply(binding.localAddress()));
          return binding;
        });
  }

  private ServerSettings settings() {
    ServerSettings defaults = ServerSettings.create(system.settings().config());
    // Ends what is silent too long without a close code; ours come first.
    Duration idle = limits.silenceMax().plus(IDLE_ABOVE_SILENCE);
    return defaults.withTimeouts(defaults.getTimeouts().withIdleTimeout(scala(idle)));
  }

  private static HttpsConnectionContext https(SSLContext context) {
    return ConnectionContext.httpsServer(
        () -> {
          var engine = context.createSSLEngine();
          engine.setUseClientMode(false);
          engine.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
          return engine;
        });
  }

  private static scala.concurrent.duration.Duration scala(Duration duration) {
    return scala.concurrent.duration.Duration.fromNanos(duration.toNanos());
  }

  /** Whoever is one too many is turned away without a turn of its own. */
  private CompletionStage<Done> accept(IncomingConnection connection) {
    InetAddress peer = connection.remoteAddress().getAddress();
    // A proxy's connections are those of many clients, whom it names with each request; it may
    // open one for each, of which a page has dozens.
    if (trustedProxies.contains(peer)) {
      return Stages.now(serve(connection, peer, () -> {}));
    }
    ClientAddress client = ClientAddress.of(peer);
    Optional<Places<ClientAddress>.Place> place =
        connects.take(client).isZero() ? places.take(client) : Optional.empty();
    if (place.isEmpty()) {
      connection.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), materializer);
      return Stages.now(Done.getInstance());
    }
    return turnstile.pass().thenApply(isIn -> serve(connection, peer, place.get()::close));
  }

  private Done serve(IncomingConnection connection, InetAddress peer, Runnable whenItEnds) {
    Stages.here(connection.handleWith(requests(peer), materializer))
        .whenComplete((done, failure) -> whenItEnds.run());
    return Done.getInstance();
  }

  private Flow<HttpRequest, HttpResponse, CompletionStage<Done>> requests(InetAddress peer) {
    return Flow.fromGraph(silence)
        .mapAsync(1, request -> routes.thenCompose(ready -> ready.answer(request, peer)))
        .watchTermination(Keep.right());
  }
}
