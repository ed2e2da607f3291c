package chat.sotto.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A commit's secret for one device (docs/protocol.md §9.2): {@code suite(1) || hpkeEnc || ct}, HPKE
 * base mode to a prekey of the device. It authenticates nobody; what is inside must fit the check
 * that the committer signed.
 */
public final class GroupSecrets {
  private GroupSecrets() {}

  /** For whom a piece is, and of which commit: it opens as no other. */
  public record Recipient(
      GroupEpoch.Place place, String user, String device, String prekeyKind, long prekeyId) {
    private byte[] info(Suite suite) {
      return Enc.encode(
          Labels.GROUP_SECRET,
          suite.id(),
          place.group(),
          place.epoch(),
          place.commitHash(),
          user,
          device,
          prekeyKind,
          prekeyId);
    }
  }

  /**
   * @param prekey public key whose signature the caller has verified
   * @throws RefusedException if the prekey is no key of that suite
   */
  public static byte[] seal(
      Suite suite, byte[] prekey, Recipient recipient, byte[] secret, SecureRandom random) {
    Hpke.Sender sender = Hpke.setupBaseS(suite, prekey, recipient.info(suite), random);
    byte[] sealed = sender.context().seal(secret);
    byte[] piece = new byte[1 + sender.enc().length + sealed.length];
    piece[0] = (byte) suite.id();
    System.arraycopy(sender.enc(), 0, piece, 1, sender.enc().length);
    System.arraycopy(sealed, 0, piece, 1 + sender.enc().length, sealed.length);
    return piece;
  }

  /**
   * The secret inside, which is as good as the check that it fits.
   *
   * @throws RefusedException if it was not sealed for this recipient and prekey
   */
  public static byte[] open(X25519.KeyPair prekey, Recipient recipient, byte[] piece) {
    if (piece.length == 0) {
      throw RefusedException.doesNotOpen();
    }
    Suite suite = Suite.of(piece[0]);
    int encEnd = 1 + suite.encBytes();
    if (piece.length < encEnd) {
      throw RefusedException.doesNotOpen();
    }
    byte[] enc = Arrays.copyOfRange(piece, 1, encEnd);
    return Hpke.setupBaseR(suite, enc, prekey, recipient.info(suite))
        .open(Arrays.copyOfRange(piece, encEnd, piece.length));
  }
}
