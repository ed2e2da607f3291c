package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.DataFolder;
import chat.sotto.protocol.Handshake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealKeysTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Clock NOW = Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC);
  @TempDir Path data;

  private static SealKeys open(DataFolder folder, Clock clock) {
    return new SealKeys(folder, ServerKey.open(folder, RANDOM), "localhost", clock, RANDOM);
  }

  @Test
  void theSignKeyIsMadeOnceAndOnlyItsOwnerReadsIt() throws Exception {
    byte[] first;
    try (var folder = DataFolder.open(data)) {
      first = ServerKey.open(folder, RANDOM).publicKey();
      assertArrayEquals(first, ServerKey.open(folder, RANDOM).publicKey());
    }
    try (var folder = DataFolder.open(data)) {
      assertArrayEquals(first, ServerKey.open(folder, RANDOM).publicKey());
    }
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(data.resolve("server-sign-key"))));
  }

  @Test
  void eachKeyIsSignedLivesADayAndHasAHigherSerial() {
    try (var folder = DataFolder.open(data)) {
      Ed25519.SigningKey signKey = ServerKey.open(folder, RANDOM);
      var clock = new MovableClock();
      long before = clock.millis();
      SealKeys keys = open(folder, clock);
      var first = keys.current().statement();
      assertTrue(Handshake.verifySealKey(signKey.publicKey(), "localhost", first));
      assertFalse(Handshake.verifySealKey(signKey.publicKey(), "elsewhere", first));
      long life = first.notAfter() - Duration.ofDays(1).toMillis();
      assertTrue(before <= life && life <= clock.millis());
      clock.advance(Duration.ofHours(23));
      keys.rotateIfDue();
      assertEquals(first, keys.current().statement());
      clock.advance(Duration.ofHours(1));
      keys.rotateIfDue();
      var second = keys.current().statement();
      assertNotEquals(first.key(), second.key());
      assertTrue(second.serial() > first.serial());
    }
  }

  @Test
  void theSerialRisesAcrossRestartsEvenIfTheClockGoesBackOrTheFolderIsAnOldCopy() {
    long highest;
    byte[] oldCopy;
    try (var folder = DataFolder.open(data)) {
      open(folder, NOW);
      oldCopy = folder.readSecret("seal-key-serial").orElseThrow();
      highest = open(folder, NOW).current().statement().serial();
      Clock back = Clock.offset(NOW, Duration.ofDays(-1));
      assertTrue(open(folder, back).current().statement().serial() > highest);
      folder.writeSecret("seal-key-serial", oldCopy);
      Clock later = Clock.offset(NOW, Duration.ofMinutes(1));
      assertTrue(open(folder, later).current().statement().serial() > highest);
    }
  }
}
