package chat.sotto.user;

import java.time.Duration;

/**
 * What a user's inbox, tokens and archive are bounded by, and how long a reset waits.
 *
 * @param entriesMax unacknowledged entries a device
 * @param bytesMax bytes of unacknowledged ciphertext a device
 * @param ageMax after so long without an entry a sender's counter is forgotten
 * @param unansweredMax entries of a user to somebody from whom nothing ever came
 * @param tokenIdleMax a token ends so long after its last use
 * @param archiveBytesMax bytes of all batches of an archive
 * @param resetWait a device that asked for a reset may carry it out so long after
 */
public record UserLimits(
    long entriesMax,
    long bytesMax,
    Duration ageMax,
    int unansweredMax,
    Duration tokenIdleMax,
    long archiveBytesMax,
    Duration resetWait) {
  private static final long MIB = 1024 * 1024;

  public static final UserLimits DEFAULT =
      new UserLimits(
          200_000,
          256 * MIB,
          Duration.ofDays(30),
          50,
          Duration.ofDays(30),
          256 * MIB,
          Duration.ofHours(24));
}
