package chat.sotto.load;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What is asked for; each scenario looks at what concerns it.
 *
 * @param pairs who write to one another
 * @param window messages of a pair that are under way at once
 * @param rate messages a second of all together; without one, as many as go
 * @param size bytes of a ciphertext
 * @param warmUp before the seconds that count
 * @param messages their number, where that counts and not the time
 * @param members of a group
 * @param posters of them who write
 * @param connections that do nothing, or that come back
 * @param soak how long what a server uses is watched
 * @param acknowledgeAfter entries, or 5 s
 * @param patience how long nothing comes before what is missing at the end counts as lost
 */
public record Plan(
    int pairs,
    int window,
    OptionalInt rate,
    int size,
    Duration warmUp,
    Duration seconds,
    OptionalInt messages,
    int members,
    int posters,
    int connections,
    Duration soak,
    int acknowledgeAfter,
    Duration patience) {}
