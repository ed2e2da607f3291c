package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.TypingPush;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TypingLaneTest {
  private static final DeviceId DEVICE = new DeviceId("00112233445566778899aabbccddeeff");
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");

  private final List<TypingPush> said = new ArrayList<>();
  private final TypingLane lane =
      new TypingLane(push -> said.add((TypingPush) push.apply(2L * said.size() + 2)));

  private void type(String user, Optional<GroupId> group, int nr) {
    var by = new Typist(new UserName(user), DEVICE, group);
    lane.onTyped(new Connection.Typed(by, Bytes.of(new byte[] {(byte) nr})));
  }

  private void sayAll() {
    while (lane.step()) {
      assertTrue(said.size() <= TypingLane.TYPISTS_MAX);
    }
  }

  @Test
  void theNewestOfEachTypistIsSaidOnce() {
    type("bob", Optional.empty(), 1);
    type("carol", Optional.empty(), 2);
    type("bob", Optional.of(GROUP), 3);
    type("bob", Optional.empty(), 4);
    sayAll();
    assertEquals(
        List.of("carol 2", "bob 3", "bob 4"),
        said.stream()
            .map(push -> push.fromUser().value() + " " + push.sealed().toArray()[0])
            .toList());
    assertEquals(Optional.of(GROUP), said.get(1).group());
    assertFalse(lane.step());
  }

  @Test
  void whoHasWaitedLongestGivesWay() {
    for (int i = 0; i <= TypingLane.TYPISTS_MAX; i++) {
      type("user" + i, Optional.empty(), i);
    }
    sayAll();
    assertEquals(TypingLane.TYPISTS_MAX, said.size());
    assertEquals("user1", said.get(0).fromUser().value());
  }
}
