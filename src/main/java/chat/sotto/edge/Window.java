package chat.sotto.edge;

/** How many entries, of all logs of one connection, are pushed and not acknowledged. */
final class Window {
  private final int max;
  private int underWay;

  Window(int max) {
    this.max = max;
  }

  boolean isOpen() {
    return underWay < max;
  }

  void add() {
    underWay++;
  }

  void remove(int count) {
    underWay -= count;
  }
}
