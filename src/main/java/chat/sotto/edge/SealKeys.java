package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that opens clients' first envelopes. Each lives a day and only in memory, so that
 * recorded traffic stays closed afterwards: a socket that was greeted with the old key holds it
 * until its first frame came, seconds later, and nothing else does.
 */
final class SealKeys {
  static final Duration LIFE = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(SealKeys.class);
  private static final String SERIAL_FILE = "seal-key-serial";

  /** One node has no other to be told from. */
  private static final String NODE = "node-1";

  private final DataFolder folder;
  private final Ed25519.SigningKey signKey;
  private final String serverHost;
  private final Clock clock;
  private final SecureRandom random;
  private SealKey current;

  /** @param statement what a hello says of the key */
  record SealKey(Suite suite, X25519.KeyPair keyPair, Hello.SealKey statement) {}

  SealKeys(
      DataFolder folder,
      Ed25519.SigningKey signKey,
      String serverHost,
      Clock clock,
      SecureRandom random) {
    this.folder = folder;
    this.signKey = signKey;
    this.serverHost = serverHost;
    this.clock = clock;
    this.random = random;
    rotate();
  }

  /** Replaces a key that has lived its life. Called often: a full disk is tried again. */
  synchronized void rotateIfDue() {
    if (clock.millis() >= current.statement().notAfter()) {
      try {
        rotate();
      } catch (DataFolderException e) {
        LOG.error("The seal key could not be replaced; this is tried again.", e);
      }
    }
  }

  private void rotate() {
    Suite suite = Suite.X25519;
    X25519.KeyPair keyPair = X25519.generateKeyPair(random);
    long notAfter = clock.millis() + LIFE.toMillis();
    var statement =
        Handshake.signSealKey(
            signKey, serverHost, NODE, nextSerial(), suite, keyPair.publicKey(), notAfter);
    current = new SealKey(suite, keyPair, statement);
  }

  synchronized SealKey current() {
    return current;
  }

  /** At least the time, so that it rises even after the folder was restored from a copy. */
  private long nextSerial() {
    long last =
        folder
            .readSecret(SERIAL_FILE)
            .map(stored -> Long.parseLong(new String(stored, StandardCharsets.US_ASCII)))
            .orElse(0L);
    long next = Math.max(last + 1, clock.millis());
    folder.writeSecret(SERIAL_FILE, Long.toString(next).getBytes(StandardCharsets.US_ASCII));
    return next;
  }
}
