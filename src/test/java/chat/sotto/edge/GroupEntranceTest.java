package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.group.Group;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Generations;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import chat.sotto.protocol.GroupWaiting;
import chat.sotto.protocol.ServerFrame;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupEntranceTest {
  private static final GroupId GROUP = new GroupId("%032x".formatted(3));
  private static final Point HEAD = new Point(7, TestPerson.digest("head"));

  private final TestPerson bob = new TestPerson("bob");
  private final GroupEntrance entrance = new GroupEntrance(GROUP);

  private static Group.Waiting waiting(Point head, boolean isPending) {
    return new Group.Waiting(GROUP, null, head, isPending, Generations.ONE);
  }

  private Group.Attached attached() {
    return new Group.Attached(
        GROUP,
        null,
        HEAD,
        List.of(),
        List.of(bob.device(1)),
        Optional.of(bob.user),
        Generations.ONE);
  }

  @Test
  void whereADeviceWaitsIsSaidOnceForEachState() {
    assertFalse(entrance.isWaiting());
    assertTrue(entrance.onWaiting(waiting(HEAD, false)));
    assertTrue(entrance.isWaiting());
    assertFalse(entrance.onWaiting(waiting(HEAD, false)));
    assertTrue(entrance.onWaiting(waiting(HEAD, true)));
    entrance.onIn(attached());
    assertFalse(entrance.isWaiting());
    var said =
        assertInstanceOf(
            GroupWaiting.class, entrance.waiting(1, waiting(HEAD, true)).apply(8));
    assertEquals(new GroupWaiting(8, GROUP, 1, 7, HEAD.hash(), true), said);
  }

  @Test
  void whoIsInvitedBeginsWithTheNameOfTheInviter() {
    entrance.onIn(attached());
    var pages = entrance.start(1, HEAD, List.of());
    assertEquals(1, pages.size());
    var start = (ServerFrame.GroupStart) pages.get(0).apply(2);
    assertEquals(Optional.of(bob.user), start.inviter());
  }

  @Test
  void devicesThatComeLaterHaveTheLogToo() {
    entrance.onIn(attached());
    DeviceList linked = bob.deviceList(2, 2);
    GroupContent.Commit commit =
        TestContents.change(
            Membership.of(GROUP), HEAD, new GroupOp.Devices(bob.user, linked));
    Bytes hash = TestPerson.digest("entry");
    var entry =
        new GroupEntry(
            8, 1, bob.user, bob.device(1), bob.messageId(1), commit, Optional.of(hash), hash);
    entrance.onPushed(entry, new TestPerson("carol").user);
    assertEquals(List.of(bob.device(1)), entrance.devices());
    entrance.onPushed(entry, bob.user);
    assertEquals(List.of(bob.device(1), bob.device(2)), entrance.devices());
  }
}
