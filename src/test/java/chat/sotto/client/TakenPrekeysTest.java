package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.crypto.Ciphertext;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenPrekeysTest {
  @TempDir Path folder;

  @Test
  void oneTimePrekeyThatWasUsedBeforeIsNotUsedAgain() {
    try (var alice = new Party("alice", folder);
        var bob = new Party("bob", folder)) {
      alice.learn(bob);
      // Within ten minutes the same asker is given the same one.
      List<DeviceKeys> given = bob.giveKeys();
      assertEquals("one-time", kindOfOpening(alice, bob, given));
      alice.store.transaction(
          rows -> {
            new Sessions(rows, Self.of(rows), alice.random, 1).forget(bob.user);
            return null;
          });
      assertEquals("signed", kindOfOpening(alice, bob, given));
      alice.store.transaction(
          rows -> {
            new Sessions(rows, Self.of(rows), alice.random, 1).forget(bob.user);
            return null;
          });
      assertEquals("one-time", kindOfOpening(alice, bob, bob.giveKeys()), "a new one");
    }
  }

  private static String kindOfOpening(Party from, Party to, List<DeviceKeys> keys) {
    from.write(to, "hello");
    var item = (Sending.Step.Ready) from.next(to, lastKey(from, to), keys);
    var ciphertext =
        Ciphertext.fromBytes(item.sealed().copies().get(0).ciphertext().toArray());
    return ciphertext.opening().orElseThrow().prekey().kind();
  }

  private static String lastKey(Party from, Party to) {
    return from.store.transaction(
        rows -> {
          var outbox = new Outbox(rows);
          String last = "";
          var next = outbox.next(to.user, last);
          while (next.isPresent() && next.get().value().sealed().isPresent()) {
            last = next.get().key();
            next = outbox.next(to.user, last);
          }
          return last;
        });
  }
}
