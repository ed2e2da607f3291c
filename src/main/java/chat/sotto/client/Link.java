package chat.sotto.client;

import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.util.concurrent.CompletableFuture;

/** A connection that is signed in. */
record Link(Connection connection, Secret token, Limits limits) {
  /** Makes a frame of what every later frame has. */
  interface Request {
    ClientFrame.Later frame(long nonce, Secret token);
  }

  CompletableFuture<ServerFrame.Reply> request(Request request) {
    return connection.request(nonce -> request.frame(nonce, token));
  }
}
