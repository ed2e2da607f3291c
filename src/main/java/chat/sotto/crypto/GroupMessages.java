package chat.sotto.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * What members of a group seal under the keys of an epoch: posts, the answer to an invitation, the
 * name (docs/protocol.md §9.3 to §9.5). Any member holds all these keys, so only the signature of
 * the entry says who wrote.
 */
public final class GroupMessages {
  private static final byte[] MESSAGE_KEY = {1};
  private static final byte[] NEXT_CHAIN_KEY = {2};

  private GroupMessages() {}

  /** The chain key after one post. The one before is forgotten: it opens what was said. */
  public static byte[] nextChainKey(byte[] chainKey) {
    return Hkdf.hmac(chainKey, NEXT_CHAIN_KEY);
  }

  /**
   * {@code suite(1) || nonce || ciphertext and tag} of the chain's next post.
   *
   * @param header of docs/protocol.md §9.1
   * @param rosterHash of the epoch
   */
  public static byte[] sealPost(
      Suite suite,
      byte[] chainKey,
      byte[] header,
      byte[] rosterHash,
      byte[] padded,
      SecureRandom random) {
    byte[] aad = postAad(suite, header, rosterHash);
    byte[] sealed = Aead.seal(Hkdf.hmac(chainKey, MESSAGE_KEY), aad, padded, random);
    byte[] ciphertext = new byte[1 + sealed.length];
    ciphertext[0] = (byte) suite.id();
    System.arraycopy(sealed, 0, ciphertext, 1, sealed.length);
    return ciphertext;
  }

  /** @throws RefusedException unless it is the chain's next post, with this header and roster */
  public static byte[] openPost(
      byte[] chainKey, byte[] header, byte[] rosterHash, byte[] ciphertext) {
    if (ciphertext.length == 0) {
      throw RefusedException.doesNotOpen();
    }
    Suite suite = Suite.of(ciphertext[0]);
    byte[] aad = postAad(suite, header, rosterHash);
    byte[] sealed = Arrays.copyOfRange(ciphertext, 1, ciphertext.length);
    return Aead.open(Hkdf.hmac(chainKey, MESSAGE_KEY), aad, sealed);
  }

  private static byte[] postAad(Suite suite, byte[] header, byte[] rosterHash) {
    return Enc.encode(Labels.GROUP_MESSAGE, suite.id(), header, rosterHash);
  }

  /** Who accepts an invitation, in which epoch. */
  public record Confirmation(
      String group, long epoch, String user, String device, String inviter) {
    private byte[] aad() {
      return Enc.encode(Labels.GROUP_CONFIRM, group, epoch, user, device);
    }

    private byte[] names() {
      return Enc.encode(inviter, user);
    }
  }

  public static byte[] sealConfirmation(
      byte[] confirmKey, Confirmation confirmation, SecureRandom random) {
    return Aead.seal(confirmKey, confirmation.aad(), confirmation.names(), random);
  }

  /**
   * Shows that who confirms holds the epoch's keys.
   *
   * @throws RefusedException unless it was made of this confirmation with this key
   */
  public static void checkConfirmation(
      byte[] confirmKey, Confirmation confirmation, byte[] sealed) {
    byte[] names = Aead.open(confirmKey, confirmation.aad(), sealed);
    if (!Arrays.equals(names, confirmation.names())) {
      throw new RefusedException("confirmation of other names");
    }
  }

  /** @param content the name's JSON, padded here */
  public static byte[] sealInfo(
      byte[] infoKey, String group, long epoch, byte[] content, SecureRandom random) {
    return Aead.seal(infoKey, infoAad(group, epoch), Padding.pad(content), random);
  }

  /** @throws RefusedException unless {@link #sealInfo} made it in this epoch */
  public static byte[] openInfo(byte[] infoKey, String group, long epoch, byte[] info) {
    return Padding.unpad(Aead.open(infoKey, infoAad(group, epoch), info));
  }

  private static byte[] infoAad(String group, long epoch) {
    return Enc.encode(Labels.GROUP_INFO, group, epoch);
  }
}
