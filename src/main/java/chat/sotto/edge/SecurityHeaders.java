package chat.sotto.edge;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.ArrayList;
import java.util.List;

/** What every answer of the HTTP side carries, whatever it answers. */
final class SecurityHeaders {
  /** Lets the page name the script of its service worker, and nothing else. */
  private static final String WORKER_POLICY = "sotto-worker";
  /**
   * Blobs are how the page shows images that it has decrypted: it looks at their first bytes and
   * makes addresses of PNG, JPEG, GIF and WebP alone. Whatever else an address of a blob could hold,
   * this lets it be loaded as an image only: no script, no frame, no style comes from one.
   */
  private static final String IMAGES = "img-src 'self' data: blob:";
  private static final long HSTS_SECONDS = 31_536_000;

  /** For an answer that was made before anybody knew where this server is. */
  static final SecurityHeaders WITHOUT_URL = new SecurityHeaders(fixed(""));

  private final List<HttpHeader> headers;

  private SecurityHeaders(List<HttpHeader> headers) {
    this.headers = List.copyOf(headers);
  }

  static SecurityHeaders of(PublicUrl url) {
    // Safari does not count the page's own WebSocket as 'self'.
    List<HttpHeader> headers = new ArrayList<>(fixed(" " + url.webSocketOrigin()));
    if (url.secure()) {
      headers.add(RawHeader.create("Strict-Transport-Security", "max-age=" + HSTS_SECONDS));
    }
    return new SecurityHeaders(headers);
  }

  private static List<HttpHeader> fixed(String webSocketOrigin) {
    String policy =
        String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            IMAGES,
            "connect-src 'self'" + webSocketOrigin,
            "manifest-src 'self'",
            "font-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types " + WORKER_POLICY);
    return List.of(
        RawHeader.create("Content-Security-Policy", policy),
        RawHeader.create("X-Content-Type-Options", "nosniff"),
        RawHeader.create("Referrer-Policy", "no-referrer"),
        RawHeader.create(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
        RawHeader.create("Cross-Origin-Opener-Policy", "same-origin"),
        RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"));
  }

  HttpResponse addTo(HttpResponse response) {
    return response.addHeaders(headers);
  }
}
