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

/** Opens connections to one server, all over the same few threads, and pins its key. */
final class Dialer {
  private final URI socket;
  private final String host;
  private final HttpClient http;
  private final SecureRandom random = new SecureRandom();
  private volatile Optional<Bytes> signKey = Optional.empty();

  /** @param work of the sockets: what is heard is given on from there */
  Dialer(URI server, Executor work) {
    boolean isSecure = server.getScheme().matches("https|wss");
    socket = URI.create((isSecure ? "wss://" : "ws://") + server.getAuthority() + "/ws");
    host = server.getHost();
    http = HttpClient.newBuilder().executor(work).build();
  }

  String host() {
    return host;
  }

  Connection dial(Executor loop, Connection.Owner owner) {
    return Connection.dial(http, socket, loop, owner);
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
