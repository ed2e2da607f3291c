package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was said goes again to those it was first encrypted for, and to nobody else. */
class SentToTest {
  @TempDir Path folder;

  @Test
  void aTextIsMeantForTheDevicesAndTheKeyItWasFirstEncryptedFor() {
    try (var alice = new Party("alice", folder);
        var bob = new Party("bob", folder);
        var mallory = new Party("mallory", folder)) {
      DeviceList bobs = bob.list();
      DeviceList claimed =
          new DeviceList(
              bobs.user(),
              bobs.serverHost(),
              bobs.version(),
              bobs.prevHash(),
              mallory.list().accountKey(),
              bobs.devices(),
              bobs.signature());
      DeviceId device = bobs.devices().get(0).id();
      DeviceId other = mallory.list().devices().get(0).id();
      Bytes id = MessageIds.make(new SecureRandom());
      Bytes never = MessageIds.make(new SecureRandom());
      alice.store.transaction(
          rows -> {
            SentTo.remember(rows, bobs, id);
            SentTo.remember(rows, claimed, id);
            assertTrue(SentTo.wasMeantFor(rows, bobs, device, id));
            assertFalse(SentTo.wasMeantFor(rows, claimed, device, id));
            assertFalse(SentTo.wasMeantFor(rows, bobs, other, id));
            assertFalse(SentTo.wasMeantFor(rows, bobs, device, never));
            return null;
          });
    }
  }
}
