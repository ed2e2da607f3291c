package chat.sotto.client;

import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.util.concurrent.CompletableFuture;

/** A signed-in way to the server. */
public interface Link {
  /** Makes a frame from what every later frame has. */
  interface Request {
    ClientFrame.Later frame(long nonce, Secret token);
  }

  /** What the server said in its hello. */
  Limits limits();

  /** @return completes with the one reply, an error being one, or fails when the way is lost */
  CompletableFuture<ServerFrame.Reply> request(Request request);

  /** Sends an acknowledgement, which has no reply. */
  void acknowledge(Request ack);

  /** Over one connection. */
  record OfConnection(Connection connection, Secret token, Limits limits) implements Link {
    @Override
    public CompletableFuture<ServerFrame.Reply> request(Request request) {
      return connection.request(nonce -> request.frame(nonce, token));
    }

    @Override
    public void acknowledge(Request ack) {
      connection.acknowledge(nonce -> ack.frame(nonce, token));
    }
  }
}
