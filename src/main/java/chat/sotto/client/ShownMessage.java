package chat.sotto.client;

import chat.sotto.model.UserName;
import java.util.SortedMap;

/**
 * A line of a conversation with what became of it.
 *
 * @param message with the text as it is now; without text, file and answer if it was deleted
 * @param reactions each user's emoji
 */
public record ShownMessage(
    Message message, boolean edited, boolean deleted, SortedMap<UserName, String> reactions) {
  static ShownMessage of(Message message, Changes changes) {
    boolean edited = message.hasText() && changes.edit().isPresent();
    Message now =
        edited ? message.withText(changes.edit().orElseThrow().text()) : message;
    return new ShownMessage(
        changes.deleted() ? message.erased() : now,
        edited,
        changes.deleted(),
        changes.shown());
  }
}
