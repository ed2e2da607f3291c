package chat.sotto.audit;

/** A file is no checkpoint, or not the word of the one who should have signed it. */
public final class CheckpointRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** @param sentence for the person who gave the file */
  CheckpointRefusedException(String sentence) {
    super(sentence);
  }

  static CheckpointRefusedException atLine(long number, String what) {
    return new CheckpointRefusedException(
        "The checkpoint cannot be used: line %d is %s.".formatted(number, what));
  }
}
