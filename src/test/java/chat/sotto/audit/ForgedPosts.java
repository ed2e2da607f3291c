package chat.sotto.audit;

import chat.sotto.group.Group;
import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupStatements;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Posts that no server would have taken, right in all but one thing. */
final class ForgedPosts {
  private ForgedPosts() {}

  /** Signed by whoever is said to have made it. */
  static String post(GroupState before, Member by, long time) {
    return post(before, by, time, by);
  }

  static String post(GroupState before, Member by, long time, Member signer) {
    Bytes messageId = Member.id("forged");
    GroupContent.Post unsigned = MadeJournal.post(before, by);
    GroupContent.Post content = signer.signed(before.group(), messageId, unsigned);
    var unchained =
        new GroupEntry(
            before.head().sequenceNr() + 1,
            time,
            by.user,
            by.device,
            messageId,
            content,
            Optional.empty(),
            before.head().hash());
    Bytes hash = GroupStatements.entryHash(before.head().hash(), before.group(), unchained);
    GroupEvent event =
        GroupEvent.Signed.of(
            unchained.with(hash), new Group.PostBody("forged", 10, time + 1_000_000_000));
    return new String(GroupEvent.CODEC.encode(event).toArray(), StandardCharsets.UTF_8);
  }
}
