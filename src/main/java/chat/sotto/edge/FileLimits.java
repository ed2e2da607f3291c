package chat.sotto.edge;

import java.time.Duration;

/**
 * How many files the operator keeps for people. Sizes are those of ciphertexts, in bytes.
 *
 * @param uploadsPerUser at once
 * @param uploadsTotal at once, on this node
 * @param uploadWithin the time that one takes at most
 * @param keep from when a file is whole
 * @param asksPerUser rooms that a user asks for
 * @param requestsPerAddress uploads and downloads
 */
public record FileLimits(
    long sizeMax,
    long perUser,
    long total,
    Duration keep,
    int uploadsPerUser,
    int uploadsTotal,
    Duration uploadWithin,
    Rate asksPerUser,
    Rate requestsPerAddress) {
  static final Duration TICKET_LIFE = Duration.ofMinutes(10);

  /** What nobody goes on with for so long is given up. */
  static final Duration UNFINISHED_LIFE = Duration.ofDays(1);
}
