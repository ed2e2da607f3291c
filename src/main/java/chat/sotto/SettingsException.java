package chat.sotto;

/** A setting is wrong. The message is one sentence for the person who starts Sotto. */
final class SettingsException extends RuntimeException {
  SettingsException(String sentence) {
    super(sentence);
  }

  SettingsException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
