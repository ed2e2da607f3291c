package chat.sotto.edge;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.ContentEncoding;
import akka.http.javadsl.model.headers.HttpEncodings;
import akka.http.javadsl.model.headers.Location;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.stream.Materializer;
import akka.util.ByteString;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every path of the HTTP side. Answers GET and HEAD, and PUT of ciphertexts; nothing sent to it is
 * decoded.
 */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  static final String SUBPROTOCOL = "sotto.v1";
  private static final String WEB_SOCKET = "/ws";
  private static final String HEALTH = "/healthz";
  private static final String WELL_KNOWN = "/.well-known/sotto";
  /** What every browser sends; a client that weighs encodings gets the plain file. */
  private static final Pattern GZIP = Pattern.compile("(^|,)\\s*gzip\\s*(,|$)");

  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[?::1]?");

  private final PublicUrl url;
  private final boolean urlIsGiven;
  private final SecurityHeaders security;
  private final Set<InetAddress> trustedProxies;
  private final StaticFiles files;
  private final StaticFile wellKnown;
  private final Sockets sockets;
  private final FileRoutes uploads;
  private final Materializer materializer;

  /** Opens sockets for clients. */
  interface Sockets {
    /** The answer to a well-formed WebSocket request from the right origin. */
    CompletionStage<HttpResponse> open(WebSocketUpgrade request, ClientAddress client);
  }

  /**
   * @param urlIsGiven the operator named the public URL, so every other name leads to it; else only
   *     a loopback address does, and the page itself says why it cannot work elsewhere
   * @param wellKnown JSON
   */
  Routes(
      PublicUrl url,
      boolean urlIsGiven,
      Set<InetAddress> trustedProxies,
      StaticFiles files,
      byte[] wellKnown,
      Sockets sockets,
      FileRoutes uploads,
      Materializer materializer) {
    this.url = url;
    this.urlIsGiven = urlIsGiven;
    this.security = SecurityHeaders.of(url);
    this.trustedProxies = trustedProxies;
    this.files = files;
    this.wellKnown = StaticFile.of("well-known.json", wellKnown);
    this.sockets = sockets;
    this.uploads = uploads;
    this.materializer = materializer;
  }

  CompletionStage<HttpResponse> answer(HttpRequest request, InetAddress peer) {
    return now(request)
        .thenCompose(asked -> route(asked, peer))
        .exceptionally(Routes::failed)
        .thenApply(security::addTo);
  }

  private CompletionStage<HttpResponse> route(HttpRequest request, InetAddress peer) {
    if (request.getUri().path().startsWith(FileRoutes.PREFIX) && !leadsElsewhere(request)) {
      return isForeign(request)
          ? FileRoutes.refuse(request, status(StatusCodes.FORBIDDEN), materializer)
          : uploads.answer(request, client(request, peer));
    }
    request.discardEntityBytes(materializer);
    if (!request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD)) {
      return now(
          status(StatusCodes.METHOD_NOT_ALLOWED)
              .addHeader(RawHeader.create("Allow", "GET, HEAD")));
    }
    return switch (request.getUri().path()) {
      case WEB_SOCKET -> webSocket(request, peer);
      case HEALTH -> now(status(StatusCodes.OK));
      default -> now(leadsElsewhere(request) ? redirect(request) : file(request));
    };
  }

  private HttpResponse file(HttpRequest request) {
    String path = request.getUri().path();
    Optional<StaticFile> file =
        path.equals(WELL_KNOWN) ? Optional.of(wellKnown) : files.find(path);
    return file.map(found -> file(request, found))
        .orElseGet(() -> status(StatusCodes.NOT_FOUND));
  }

  /** The page asks each time, so it never runs with files of two versions. */
  private static HttpResponse file(HttpRequest request, StaticFile file) {
    boolean zips = takesGzip(request) && file.gzip().size() < file.content().size();
    String tag = '"' + file.sha256() + (zips ? "-gzip\"" : "\"");
    boolean known = header(request, "If-None-Match").filter(sent -> sent.contains(tag)).isPresent();
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(RawHeader.create("ETag", tag));
    headers.add(RawHeader.create("Cache-Control", "no-cache"));
    headers.add(RawHeader.create("Vary", "Accept-Encoding"));
    if (known) {
      return HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED).addHeaders(headers);
    }
    if (zips) {
      headers.add(ContentEncoding.create(HttpEncodings.GZIP));
    }
    return HttpResponse.create()
        .withEntity(HttpEntities.create(file.type(), zips ? file.gzip() : file.content()))
        .addHeaders(headers);
  }

  private static boolean takesGzip(HttpRequest request) {
    return header(request, "Accept-Encoding").filter(GZIP.asPredicate()).isPresent();
  }

  private boolean leadsElsewhere(HttpRequest request) {
    String host = request.getUri().getHost().address().toLowerCase(Locale.ROOT);
    String wanted = url.host().replaceAll("[\\[\\]]", "");
    return !host.equals(wanted) && (urlIsGiven || LOOPBACK.matcher(host).matches());
  }

  private HttpResponse redirect(HttpRequest request) {
    return status(StatusCodes.TEMPORARY_REDIRECT)
        .addHeader(Location.create(url.origin() + request.getUri().getPathString()));
  }

  private CompletionStage<HttpResponse> webSocket(HttpRequest request, InetAddress peer) {
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isEmpty() || !offers(upgrade.get())) {
      return now(status(StatusCodes.BAD_REQUEST));
    }
    return isForeign(request)
        ? now(status(StatusCodes.FORBIDDEN))
        : sockets.open(upgrade.get(), client(request, peer));
  }

  /** Only browsers send an Origin; another page's must not speak for the person before it. */
  private boolean isForeign(HttpRequest request) {
    return header(request, "Origin").filter(origin -> !origin.equals(url.origin())).isPresent();
  }

  private ClientAddress client(HttpRequest request, InetAddress peer) {
    return ClientAddress.of(peer, trustedProxies, headers(request, "X-Forwarded-For"));
  }

  private static boolean offers(WebSocketUpgrade upgrade) {
    for (String protocol : upgrade.getRequestedProtocols()) {
      if (protocol.equals(SUBPROTOCOL)) {
        return true;
      }
    }
    return false;
  }

  static Optional<String> header(HttpRequest request, String name) {
    return headers(request, name).stream().reduce((one, next) -> one + "," + next);
  }

  private static List<String> headers(HttpRequest request, String name) {
    List<String> values = new ArrayList<>();
    for (HttpHeader header : request.getHeaders()) {
      if (header.lowercaseName().equals(name.toLowerCase(Locale.ROOT))) {
        values.add(header.value());
      }
    }
    return values;
  }

  static HttpResponse status(StatusCode status) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(status.allowsEntity() ? status.reason() + "\n" : "")
        .addHeader(RawHeader.create("Cache-Control", "no-store"));
  }

  private static HttpResponse failed(Throwable failure) {
    LOG.error("An HTTP request failed.", failure);
    return status(StatusCodes.INTERNAL_SERVER_ERROR);
  }

  private static <T> CompletionStage<T> now(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
