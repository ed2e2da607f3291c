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

/** Opens connections to one server, all over the one thread that reads them, and pins its key. */
final class Dialer {
  private final URI socket;
  private final String host;
  private final HttpClient http;
  private final SecureRandom random = new SecureRandom();
  private volatile Optional<Bytes> signKey = Optional.empty();

  Dialer(URI server) {
    boolean isSecure = server.getScheme().matches("https|wss");
    socket = URI.create((isSecure ? "wss://" : "ws://") + server.getAuthority() + "/ws");
    host = server.getHost();
    // What is heard goes on to the loop of its line at once: a thread between would only be woken.
    http = HttpClient.newBuilder().executor(Runnable::run).build();
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
