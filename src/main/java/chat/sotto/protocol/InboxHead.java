package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Point;

/** Where an inbox stands, for a device that has no cursor in it yet. */
public record InboxHead(long generation, Point head) {
  public InboxHead {
    Bounds.atLeast("generation", generation, 1);
  }
}
