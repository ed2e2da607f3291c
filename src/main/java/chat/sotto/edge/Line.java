package chat.sotto.edge;

import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ServerFrame;

/** The sealed way out of one connection. Used by its actor only. */
record Line(Socket socket, Channel channel) {
  /** Sealed when said, so that envelopes leave in the order of their numbers. */
  void say(ServerFrame frame) {
    if (!socket.isClosing()) {
      socket.send(channel.seal(frame));
    }
  }

  void close(CloseCode code) {
    socket.close(code);
  }

  boolean isClosing() {
    return socket.isClosing();
  }

  boolean isIdle() {
    return socket.isIdle();
  }
}
