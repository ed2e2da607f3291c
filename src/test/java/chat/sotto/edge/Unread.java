package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ServerFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that asks and does not read. */
final class Unread {
  private Unread() {}

  /**
   * Says this so often without reading, until the server does not read either; then reads what it
   * answered, a refusal each.
   */
  static void say(RawClient client, ClientFrame refused, int count) throws Exception {
    var said = new AtomicInteger();
    client.pauseReading();
    var saying =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < count; i++) {
                client.say(refused);
                said.incrementAndGet();
              }
            });
    int before;
    do {
      before = said.get();
      assertThrows(TimeoutException.class, () -> saying.get(2, TimeUnit.SECONDS));
    } while (said.get() != before);
    client.resumeReading();
    for (int i = 0; i < count; i++) {
      client.hear(ServerFrame.Failed.class);
    }
    saying.get();
  }
}
