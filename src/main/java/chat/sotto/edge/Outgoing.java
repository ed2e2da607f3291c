package chat.sotto.edge;

import akka.actor.NoSerializationVerificationNeeded;
import chat.sotto.protocol.CloseCode;
import java.util.List;

/** What a connection has its socket do, in this order. */
sealed interface Outgoing extends NoSerializationVerificationNeeded {
  /** Send one binary message. */
  record Message(byte[] bytes) implements Outgoing {
    @Override
    public int size() {
      return bytes.length;
    }
  }

  /** Take messages as large as they may be from now on: the client is known. */
  record TakeLarge() implements Outgoing {}

  /** Send a close frame; nothing follows. */
  record Close(CloseCode code) implements Outgoing {
    @Override
    public boolean isClose() {
      return true;
    }
  }

  /** Give what came since, or what comes next. Not one of {@link Several}: it waits for nothing. */
  record GiveMore() implements Outgoing {}

  /** Do each of these. */
  record Several(List<Outgoing> each) implements Outgoing {
    @Override
    public boolean isClose() {
      return each.stream().anyMatch(Outgoing::isClose);
    }
  }

  /** Whether the connection ends with it. */
  default boolean isClose() {
    return false;
  }

  /** Bytes of its message, if it is one. */
  default int size() {
    return 0;
  }
}
