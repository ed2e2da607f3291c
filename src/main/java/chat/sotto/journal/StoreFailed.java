package chat.sotto.journal;

import akka.actor.CoordinatedShutdown;

/** Why the process ends when a write failed; {@code reference.conf} gives it its exit code. */
public enum StoreFailed implements CoordinatedShutdown.Reason {
  INSTANCE
}
