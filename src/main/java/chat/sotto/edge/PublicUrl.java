package chat.sotto.edge;

import java.net.URI;
import java.util.Locale;

/**
 * Where people open this server: scheme, host and port, nothing more.
 *
 * @param host lower case, IPv6 in brackets; the server host of docs/protocol.md §1.3
 * @param port -1 for the scheme's own
 */
public record PublicUrl(boolean secure, String host, int port) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** @throws IllegalArgumentException with a sentence that says what is wrong */
  public static PublicUrl parse(String text) {
    URI uri = URI.create(text);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("a public URL begins with http:// or https://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("a public URL names a host");
    }
    if (uri.getUserInfo() != null
        || uri.getQuery() != null
        || uri.getFragment() != null
        || !uri.getPath().matches("/?")) {
      throw new IllegalArgumentException("a public URL ends after host and port");
    }
    return of(scheme.equals("https"), uri.getHost(), uri.getPort());
  }

  /** The address for people on the same machine; browsers trust localhost without HTTPS. */
  public static PublicUrl localhost(boolean secure, int port) {
    return of(secure, "localhost", port);
  }

  private static PublicUrl of(boolean secure, String host, int port) {
    int usual = secure ? HTTPS_PORT : HTTP_PORT;
    return new PublicUrl(secure, host.toLowerCase(Locale.ROOT), port == usual ? -1 : port);
  }

  /** As a browser puts it into an Origin header. */
  public String origin() {
    return (secure ? "https://" : "http://") + authority();
  }

  /** The same place for WebSockets. */
  public String webSocketOrigin() {
    return (secure ? "wss://" : "ws://") + authority();
  }

  private String authority() {
    return port == -1 ? host : host + ":" + port;
  }
}
