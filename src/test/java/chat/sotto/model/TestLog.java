package chat.sotto.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;

/** A group's log as far as membership depends on it: what people write, taken or refused. */
final class TestLog {
  final GroupId group = new GroupId("%032x".formatted(7));
  Membership membership = Membership.of(group);
  private Point head = GroupStatements.start(group);
  private long time = 1_700_000_000_000L;

  static TestLog foundedBy(TestPerson founder) {
    var log = new TestLog();
    log.take(founder, TestContents.create(log.group, founder));
    return log;
  }

  Point head() {
    return head;
  }

  void advance(Duration duration) {
    time += duration.toMillis();
  }

  private Membership.Place place(TestPerson by, int device) {
    return new Membership.Place(head.sequenceNr() + 1, time, by.user, by.device(device));
  }

  private Membership after(TestPerson by, int device, GroupContent content)
      throws GroupRefusedException {
    if (content instanceof GroupContent.Commit commit) {
      return membership.commit(place(by, device), commit);
    } else if (content instanceof GroupContent.Proposal proposal) {
      return membership.propose(place(by, device), proposal);
    } else if (content instanceof GroupContent.Confirm confirm) {
      return membership.confirm(place(by, device), confirm);
    }
    membership.post(place(by, device), (GroupContent.Post) content);
    return membership;
  }

  /** Takes an entry by the person's first device. */
  void take(TestPerson by, GroupContent content) {
    take(by, 1, content);
  }

  void take(TestPerson by, int device, GroupContent content) {
    try {
      membership = after(by, device, content);
    } catch (GroupRefusedException e) {
      throw new AssertionError("refused: " + e.refusal(), e);
    }
    head = new Point(head.sequenceNr() + 1, TestPerson.digest("entry " + head.sequenceNr()));
    time++;
  }

  void assertRefused(GroupRefusal expected, TestPerson by, GroupContent content) {
    assertRefused(expected, by, 1, content);
  }

  void assertRefused(GroupRefusal expected, TestPerson by, int device, GroupContent content) {
    Membership before = membership;
    var refused =
        assertThrows(GroupRefusedException.class, () -> after(by, device, content));
    assertEquals(expected, refused.refusal());
    assertEquals(before, membership);
  }

  // What people write on the newest entry

  GroupContent.Commit change(GroupOp... ops) {
    return TestContents.change(membership, head, ops);
  }

  GroupContent.Commit reset(GroupOp... ops) {
    return TestContents.commit(membership, head, GroupContent.Kind.RESET, List.of(ops));
  }

  GroupContent.Proposal proposal(GroupProposal op) {
    return TestContents.proposal(head, op);
  }

  GroupContent.Confirm confirm(TestPerson inviter) {
    return TestContents.confirm(membership, head, inviter);
  }

  GroupContent.Post post() {
    return TestContents.post(membership, head, 1);
  }

  // What happens often

  void invite(TestPerson by, TestPerson... people) {
    take(by, change(TestContents.invites(List.of(people).stream())));
  }

  /** Makes them members. */
  void add(TestPerson by, TestPerson... people) {
    invite(by, people);
    for (TestPerson person : people) {
      take(person, confirm(by));
    }
  }

  GroupRole role(TestPerson person) {
    return membership.row(person.user).orElseThrow().role();
  }
}
