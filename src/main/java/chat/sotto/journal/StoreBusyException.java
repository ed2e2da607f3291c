package chat.sotto.journal;

/** So many bodies wait for the disk that this one was not taken; nothing was stored. */
public final class StoreBusyException extends RuntimeException {
  StoreBusyException() {
    super("too many bytes wait for the disk");
  }
}
