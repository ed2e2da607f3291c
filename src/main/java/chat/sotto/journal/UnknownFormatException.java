package chat.sotto.journal;

/** What is there is no data of Sotto, or of a newer one. The message is a sentence for people. */
public final class UnknownFormatException extends DataFolderException {
  UnknownFormatException(String sentence) {
    super(sentence);
  }
}
