package chat.sotto.client;

import chat.sotto.model.UserName;
import java.util.SortedMap;

/**
 * A line of a group with what became of it.
 *
 * @param line with the text as it is now; without text, file and answer if it was deleted
 * @param reactions each user's emoji
 */
public record ShownGroupLine(
    GroupLine line, boolean edited, boolean deleted, SortedMap<UserName, String> reactions) {
  static ShownGroupLine of(GroupLine line, Changes changes) {
    boolean edited = line.hasText() && changes.edit().isPresent();
    GroupLine now = edited ? line.withText(changes.edit().orElseThrow().text()) : line;
    return new ShownGroupLine(
        changes.deleted() ? line.erased() : now, edited, changes.deleted(), changes.shown());
  }
}
