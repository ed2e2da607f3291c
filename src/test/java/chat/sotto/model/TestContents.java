package chat.sotto.model;

import java.util.List;
import java.util.stream.Stream;

/** What devices write into a group's log, made as a client makes it but for the keys. */
public final class TestContents {
  private TestContents() {}

  public static GroupContent.Commit create(GroupId group, TestPerson founder) {
    return create(group, founder.deviceList());
  }

  public static GroupContent.Commit create(GroupId group, DeviceList list) {
    return commit(
        Membership.of(group),
        GroupStatements.start(group),
        GroupContent.Kind.CREATE,
        List.of(new GroupOp.Found(list.user(), list)));
  }

  /** @param head made on this entry, of which {@code before} is the membership */
  public static GroupContent.Commit change(Membership before, Point head, GroupOp... ops) {
    return commit(before, head, GroupContent.Kind.CHANGE, List.of(ops));
  }

  public static GroupContent.Commit commit(
      Membership before, Point head, GroupContent.Kind kind, List<GroupOp> ops) {
    return new GroupContent.Commit(
        before.epoch() + 1,
        kind,
        ops,
        GroupStatements.rosterHash(before.group(), RosterOps.after(before.roster(), ops)),
        head,
        TestPerson.digest("check"),
        TestPerson.digest("join check"),
        TestPerson.digest("info"),
        GroupStatements.unsigned());
  }

  public static GroupOp.Invite invite(TestPerson person) {
    return new GroupOp.Invite(person.user, person.deviceList());
  }

  public static GroupOp[] invites(Stream<TestPerson> people) {
    return people.map(TestContents::invite).toArray(GroupOp[]::new);
  }

  public static GroupContent.Proposal proposal(Point head, GroupProposal op) {
    return new GroupContent.Proposal(op, head, GroupStatements.unsigned());
  }

  public static GroupContent.Confirm confirm(Membership before, Point head, TestPerson inviter) {
    return new GroupContent.Confirm(
        before.epoch(),
        head,
        inviter.user,
        TestPerson.digest("sealed names"),
        GroupStatements.unsigned());
  }

  public static GroupContent.Post post(Membership before, Point head, long counter) {
    return new GroupContent.Post(
        before.epoch(),
        counter,
        head,
        TestPerson.digest("ciphertext"),
        GroupStatements.unsigned());
  }

  /** The content with the signature of the person's first device. */
  public static GroupContent signed(
      GroupId group, TestPerson by, Bytes messageId, GroupContent content) {
    var signer = new GroupStatements.Signer(group, by.user, by.device(1), messageId);
    Bytes signature = GroupStatements.sign(by.deviceKey(1), signer, content);
    if (content instanceof GroupContent.Commit it) {
      return new GroupContent.Commit(
          it.epoch(), it.kind(), it.ops(), it.rosterHash(), it.head(), it.check(),
          it.joinCheck(), it.infoDigest(), signature);
    } else if (content instanceof GroupContent.Proposal it) {
      return new GroupContent.Proposal(it.op(), it.head(), signature);
    } else if (content instanceof GroupContent.Confirm it) {
      return new GroupContent.Confirm(
          it.epoch(), it.head(), it.inviter(), it.sealed(), signature);
    }
    var it = (GroupContent.Post) content;
    return new GroupContent.Post(it.epoch(), it.counter(), it.head(), it.digest(), signature);
  }
}
