package chat.sotto.client;

/** Keys of rows that are counted: they sort as their numbers do. */
final class Keys {
  private static final Table<Counter> COUNTERS = new Table<>("counter", Counter.class);

  private record Counter(long last) {}

  private Keys() {}

  static String ordinal(String owner, long ordinal) {
    return "%s/%014x".formatted(owner, ordinal);
  }

  /** The next number of a named count, from 1; none is given twice. */
  static long next(Rows rows, String name) {
    long next = rows.get(COUNTERS, name).map(counter -> counter.last + 1).orElse(1L);
    rows.put(COUNTERS, name, new Counter(next));
    return next;
  }
}
