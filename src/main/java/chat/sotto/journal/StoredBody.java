package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.util.Optional;

/**
 * A body as it lies in its table.
 *
 * @param expiresAt milliseconds since 1970; empty if it is kept until it is replaced
 */
public record StoredBody(Optional<Long> expiresAt, Bytes bytes) {}
