package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.Membership;
import chat.sotto.model.RosterOps;
import chat.sotto.model.TestPerson;
import java.util.List;
import java.util.stream.Stream;

/** What the edge makes of people's contents: with bodies as they must be. */
final class TestAppends {
  private TestAppends() {}

  /** By the person's first device. */
  static Group.Append of(
      Membership before,
      TestPerson by,
      Bytes messageId,
      GroupContent content) {
    return new Group.Append(
        by.user, by.device(1), messageId, content, bodies(before, by, messageId, content));
  }

  /** The command that takes this one alone. */
  static Group.AppendAll alone(Group.Append append, ActorRef<Group.AppendReplies> replyTo) {
    return new Group.AppendAll(List.of(append), replyTo);
  }

  /** What was said about the only one. */
  static Group.AppendReply only(Group.AppendReplies replies) {
    assertEquals(1, replies.each().size());
    return replies.each().get(0);
  }

  private static Group.Bodies bodies(
      Membership before, TestPerson by, Bytes messageId, GroupContent content) {
    if (content instanceof GroupContent.Commit commit) {
      return commitBodies(messageId, pieces(before, by, commit));
    } else if (content instanceof GroupContent.Post) {
      return new Group.PostBody("body-" + messageId, 300, RunningGroup.expiresAt());
    }
    return new Group.NoBodies();
  }

  static Group.CommitBodies commitBodies(Bytes messageId, List<Group.PieceOwner> pieces) {
    return new Group.CommitBodies(
        TestPerson.digest("seed " + messageId),
        "attempt-" + messageId,
        pieces,
        RunningGroup.expiresAt());
  }

  /** Of each device after the commit but the committer's own. */
  static List<Group.PieceOwner> pieces(
      Membership before, TestPerson by, GroupContent.Commit commit) {
    return RosterOps.after(before.roster(), commit.ops()).stream()
        .flatMap(
            row ->
                row.deviceList().devices().stream()
                    .map(device -> new Group.PieceOwner(row.user(), device.id())))
        .filter(owner -> !owner.equals(new Group.PieceOwner(by.user, by.device(1))))
        .toList();
  }

  /** Ids of messages as a person draws them. */
  static final class Ids {
    private long last;

    Bytes next(TestPerson by) {
      last++;
      return by.messageId(last);
    }
  }
}
