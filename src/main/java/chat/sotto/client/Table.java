package chat.sotto.client;

/**
 * A kind of row in a {@link ClientStore}: what its rows are, and the name that they keep for ever.
 */
public record Table<T>(String name, Class<T> type) {}
