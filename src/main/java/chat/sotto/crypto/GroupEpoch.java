package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * The key schedule of a group's epoch (docs/protocol.md §9.2). It needs the value kept from the
 * epoch before, which newcomers lack, and fresh bytes of the committer, which those who left lack.
 * The committer's signature is over {@link CommitSecret#check} and {@link
 * CommitSecret#joinCheck}: whoever derives keys under one commit derives the same ones.
 *
 * <p>Lives only while an entry is taken or made; what is kept are the keys that it gives.
 */
public final class GroupEpoch {
  public static final int SECRET_BYTES = 32;

  private static final byte[] NONE = new byte[SECRET_BYTES];
  private static final byte[] CHECK = ascii(Labels.COMMIT_CHECK);
  private static final byte[] JOIN_CHECK = ascii(Labels.JOIN_CHECK);

  private final Place place;
  private final byte[] joiner;
  private final byte[] secret;

  /**
   * Which epoch it is.
   *
   * @param commitHash of the commit that begins it, 32 bytes
   */
  public record Place(String group, long epoch, byte[] commitHash) {}

  private GroupEpoch(Place place, byte[] joiner, byte[] secret) {
    this.place = place;
    this.joiner = joiner;
    this.secret = secret;
  }

  /** {@code f} and {@code J} of a commit; their text shows nothing. */
  public static final class CommitSecret {
    private final byte[] fresh;
    private final byte[] joiner;

    private CommitSecret(byte[] fresh, byte[] joiner) {
      this.fresh = fresh;
      this.joiner = joiner;
    }

    /** {@code f}, 32 bytes: for devices that hold the epoch before. */
    public byte[] fresh() {
      return fresh.clone();
    }

    /** {@code J}, 32 bytes: for joiners. */
    public byte[] joiner() {
      return joiner.clone();
    }

    public byte[] check() {
      return Hkdf.hmac(fresh, CHECK);
    }

    public byte[] joinCheck() {
      return Hkdf.hmac(joiner, JOIN_CHECK);
    }

    /** {@link GroupEpoch#infoKey} of the epoch that this commit will begin. */
    public byte[] infoKey(Place place) {
      return GroupEpoch.infoKey(place, joiner);
    }

    @Override
    public String toString() {
      return "GroupEpoch.CommitSecret[***]";
    }
  }

  /** Draws {@code f}. */
  public static byte[] drawFresh(SecureRandom random) {
    byte[] fresh = new byte[SECRET_BYTES];
    random.nextBytes(fresh);
    return fresh;
  }

  /** Of a commit on the epoch that gave {@code next}. */
  public static CommitSecret following(byte[] next, byte[] fresh) {
    requireSize(next);
    requireSize(fresh);
    return new CommitSecret(fresh.clone(), Hkdf.extract(next, fresh));
  }

  /** Of a commit that makes the group, or resets it: nothing of the epoch before goes in. */
  public static CommitSecret beginning(byte[] fresh) {
    return following(NONE, fresh);
  }

  /**
   * The epoch for one who knows {@code f} and what the epoch before kept.
   *
   * @param seed of the entry, 32 bytes
   * @throws RefusedException if the commit did not name these secrets
   */
  public static GroupEpoch ofMember(
      Place place, CommitSecret secret, byte[] check, byte[] joinCheck, byte[] seed) {
    if (!MessageDigest.isEqual(secret.check(), check)) {
      throw new RefusedException("group secret");
    }
    return ofJoiner(place, secret.joiner, joinCheck, seed);
  }

  /**
   * The epoch for one who was given {@code J}.
   *
   * @throws RefusedException if the commit did not name it
   */
  public static GroupEpoch ofJoiner(Place place, byte[] joiner, byte[] joinCheck, byte[] seed) {
    requireSize(joiner);
    requireSize(seed);
    if (!MessageDigest.isEqual(Hkdf.hmac(joiner, JOIN_CHECK), joinCheck)) {
      throw new RefusedException("group secret");
    }
    return new GroupEpoch(place, joiner.clone(), Hkdf.extract(seed, joiner));
  }

  /** What goes into the next epoch. */
  public byte[] next() {
    return key(secret, Labels.GROUP_NEXT, place.group, place.epoch, place.commitHash);
  }

  public byte[] confirmKey() {
    return key(secret, Labels.GROUP_CONFIRM_KEY, place.group, place.epoch, place.commitHash);
  }

  public byte[] infoKey() {
    return infoKey(place, joiner);
  }

  /** From J: the committer seals the name before the server has drawn the seed. */
  private static byte[] infoKey(Place place, byte[] joiner) {
    return key(joiner, Labels.GROUP_INFO_KEY, place.group, place.epoch, place.commitHash);
  }

  /** Where a device's chain begins in this epoch. */
  public byte[] chainKey(String user, String device) {
    return key(
        secret, Labels.GROUP_CHAIN, place.group, place.epoch, place.commitHash, user, device);
  }

  private static byte[] key(byte[] secret, Object... info) {
    return Hkdf.expand(secret, Enc.encode(info), SECRET_BYTES);
  }

  private static void requireSize(byte[] given) {
    if (given.length != SECRET_BYTES) {
      throw new RefusedException("group secret");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "GroupEpoch[***]";
  }
}
