package chat.sotto.load;

import java.util.BitSet;

/** Which messages of one sender have come. On one loop. */
final class Counted {
  private final BitSet come = new BitSet();
  private int doubled;

  /** @return whether it is new */
  boolean add(int nr) {
    boolean isNew = !come.get(nr);
    if (isNew) {
      come.set(nr);
    } else {
      doubled++;
    }
    return isNew;
  }

  int count() {
    return come.cardinality();
  }

  int doubled() {
    return doubled;
  }

  /** How many of those that were made have not come. */
  int missing(int made) {
    return made - come.get(0, made).cardinality();
  }
}
