package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.Secret;
import java.util.List;
import java.util.Optional;

/**
 * An entry on its way to the log, stored before its first byte leaves. A retry sends these bytes;
 * it goes when the log shows it, or can no longer take it.
 *
 * @param itemKey of the wish that it fulfils; absent if it is only what must come before one
 * @param fresh {@code f} of a commit
 */
record GroupFlight(
    Optional<String> itemKey,
    Bytes messageId,
    GroupContent content,
    Optional<Bytes> info,
    Optional<List<GroupPiece>> pieces,
    Optional<Bytes> ciphertext,
    Optional<Secret> fresh) {

  /** A proposal or a confirmation. */
  static GroupFlight of(Optional<String> itemKey, Bytes messageId, GroupContent content) {
    return new GroupFlight(
        itemKey,
        messageId,
        content,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  ClientFrame.GroupAppend frame(long nonce, Secret token, GroupId group) {
    return new ClientFrame.GroupAppend(
        nonce, token, group, messageId, content, info, pieces, ciphertext);
  }
}
