package chat.sotto.journal;

/** The data folder cannot be used. The message is one sentence for the person who starts Sotto. */
public class DataFolderException extends RuntimeException {
  public DataFolderException(String sentence) {
    super(sentence);
  }

  public DataFolderException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
