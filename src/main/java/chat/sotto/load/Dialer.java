package chat.sotto.load;

import chat.sotto.client.Channel;
import chat.sotto.client.Connection;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.Hello;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Opens connections to one server, and pins its key. */
final class Dialer {
  private final URI socket;
  private final String host;
  private final boolean isSecure;
  private final SecureRandom random = new SecureRandom();
  private volatile Optional<Bytes> signKey = Optional.empty();

  Dialer(URI server) {
    isSecure = server.getScheme().matches("https|wss");
    socket = URI.create((isSecure ? "wss://" : "ws://") + server.getAuthority() + "/ws");
    host = server.getHost();
  }

  String host() {
    return host;
  }

  /**
   * The sockets are the loop's own, but not under TLS, where the JDK's are.
   *
   * @param work of the loop, on which everything happens
   */
  Connection dial(SocketLoop loop, Executor work, Connection.Owner owner) {
    Connection.Opener opener =
        isSecure
            ? Connection.Opener.of(Secure.HTTP)
            : (uri, protocol, ear) -> LoopSocket.open(loop, uri, protocol, ear);
    return Connection.dial(opener, socket, work, owner);
  }

  /** Made when it is needed. */
  private static final class Secure {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
  }

  Channel greet(byte[] hello, Member member) {
    var expected =
        new Channel.Expected(host, signKey, node -> 0, Clock.systemUTC());
    return Channel.greet(hello, expected, member.deviceKey, random);
  }

  void proved(Hello hello) {
    signKey = Optional.of(hello.signKey());
  }
}
