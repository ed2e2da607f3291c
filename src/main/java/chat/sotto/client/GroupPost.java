package chat.sotto.client;

import chat.sotto.crypto.GroupMessages;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A post that stands rightly in the log: its chain, and what is inside. */
final class GroupPost {
  private final GroupView view;
  private final Self self;
  private final GroupLog.Held held;
  private Optional<Secret> typingKey = Optional.empty();

  GroupPost(GroupView view, Self self, GroupLog.Held held) {
    this.view = view;
    this.self = self;
    this.held = held;
  }

  /** @throws Breach if a post of its device is missing before it, or the bytes are not its own */
  GroupLog.Taken take(GroupEntryPush push, Post post) {
    GroupChain chain = held.chain(push.fromDevice());
    GroupLog.requireUnaltered(post.counter() == chain.counter() + 1);
    push.ciphertext()
        .ifPresent(
            bytes ->
                GroupLog.requireUnaltered(
                    Bytes.of(Hash.sha256(bytes.toArray())).equals(post.digest())));
    GroupEntry entry = push.entry();
    GroupView next =
        view.with(entry.point(), entry.time(), view.membership(), view.posts() + 1);
    // Somebody invited shows nothing of what was written before it accepted.
    List<GroupLine> lines =
        view.isInvited(self) ? List.of() : List.of(line(push, chain.key()));
    return new GroupLog.Taken(
        next,
        Map.of(push.fromDevice(), chain.advanced()),
        false,
        lines,
        Optional.empty(),
        typingKey);
  }

  private GroupLine line(GroupEntryPush push, Optional<Secret> key) {
    boolean isMine = push.fromUser().equals(self.user());
    try {
      Optional<GroupPlaintext> read = open(push, key);
      if (read.isEmpty()) {
        return line(push, push.time(), GroupLine.State.UNSUPPORTED, "another version");
      }
      Content content = content(read.get());
      long sentAt = read.get().sentAt();
      if (content instanceof Content.Line) {
        typingKey = isMine ? Optional.empty() : TypingKeyJson.of(read.get().content());
        GroupLine.State state = isMine ? GroupLine.State.SENT : GroupLine.State.RECEIVED;
        return line(push, sentAt, state, content);
      } else if (content instanceof Content.Change) {
        return line(push, sentAt, GroupLine.State.CHANGE, content);
      } else if (content instanceof Content.Unsupported) {
        return line(push, sentAt, GroupLine.State.UNSUPPORTED, content.type());
      }
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    } catch (JsonRefused e) {
      throw new IllegalStateException("a content that was read is refused", e);
    } catch (CannotOpen e) {
      return line(push, push.time(), GroupLine.State.CANNOT_OPEN, e.reason().name());
    }
  }

  private Optional<GroupPlaintext> open(GroupEntryPush push, Optional<Secret> key)
      throws CannotOpen {
    Secret chainKey = key.orElseThrow(() -> new CannotOpen(CannotOpen.Reason.NO_KEYS));
    Bytes ciphertext =
        push.ciphertext().orElseThrow(() -> new CannotOpen(CannotOpen.Reason.EXPIRED));
    Bytes header =
        GroupStatements.signedBytes(Signer.of(view.group(), push.entry()), push.content());
    byte[] padded;
    try {
      padded =
          GroupMessages.openPost(
              chainKey.toArray(),
              header.toArray(),
              view.membership().rosterHash().toArray(),
              ciphertext.toArray());
    } catch (RefusedException e) {
      throw new CannotOpen(CannotOpen.Reason.NOT_AUTHENTIC);
    }
    return GroupPlaintext.fromPaddedBytes(padded);
  }

  private Content content(GroupPlaintext read) throws CannotOpen {
    // Else one group's message could be shown in another.
    if (!read.conversation().equals(view.group().value())) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
    try {
      return read.content().toContent();
    } catch (JsonRefused e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  private GroupLine line(
      GroupEntryPush push, long sentAt, GroupLine.State state, String text) {
    return line(push, sentAt, state, text, Optional.empty());
  }

  private GroupLine line(
      GroupEntryPush push, long sentAt, GroupLine.State state, Content content) {
    Optional<ContentJson> beside = ContentJson.besideWords(content);
    return line(push, sentAt, state, ContentJson.words(content), beside);
  }

  private GroupLine line(
      GroupEntryPush push,
      long sentAt,
      GroupLine.State state,
      String text,
      Optional<ContentJson> content) {
    return new GroupLine(
        view.group(),
        push.sequenceNr(),
        push.fromUser(),
        push.messageId(),
        push.fromUser().equals(self.user()),
        sentAt,
        state,
        text,
        content);
  }
}
