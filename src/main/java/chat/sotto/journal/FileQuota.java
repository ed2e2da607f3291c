package chat.sotto.journal;

/** How many bytes of files there may be, those that were asked for counted whole. */
public record FileQuota(long perUser, long total) {}
