package chat.sotto.journal;

import chat.sotto.model.Bytes;

/**
 * What is known of a file that somebody uploads or uploaded.
 *
 * @param user whose it is
 * @param size bytes that it has when it is whole
 * @param received so many of them are on disk
 * @param expiresAt milliseconds since 1970
 */
public record FileRow(Bytes id, String user, long size, long received, long expiresAt) {
  /** What one takes besides its bytes; so rows are bounded where bytes are. */
  static final int COUNTS_FOR = 4096;

  /** What it takes of what there may be. */
  long counts() {
    return size + COUNTS_FOR;
  }

  public boolean isWhole() {
    return received == size;
  }
}
