package chat.sotto.load;

/** Hears how far a run is, in words, about once a second. */
public interface Progress {
  void at(String words);
}
