package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a new list of somebody's devices comes into a group, and what a new device begins with. */
class GroupOwnListsTest {
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");

  @TempDir Path folder;
  private final Map<UserName, GroupParty> everybody = new HashMap<>();
  private final GroupOffice office = new GroupOffice(GROUP);
  private GroupParty alice;
  private GroupParty bob;
  private DeviceList second;

  @BeforeEach
  void makeGroup() {
    alice = new GroupParty("alice", folder, GROUP, everybody);
    bob = new GroupParty("bob", folder, GROUP, everybody);
    alice.does(new GroupWish.Create(new GroupName("Lesekreis")), office);
    alice.does(new GroupWish.Invite(List.of(bob.user())), office);
    bob.catchUp(office);
    bob.does(new GroupWish.Accept(), office);
    alice.catchUp(office);
    second = bob.party.nextList(5);
  }

  @AfterEach
  void closeParties() {
    everybody.values().forEach(GroupParty::close);
  }

  private void bobHasANewList() {
    bob.party.store.transaction(rows -> new OwnLists(rows).take(second));
  }

  private void bobProposes() {
    bobHasANewList();
    assertEquals(Optional.empty(), office.append(bob.party, bob.flight()));
    alice.catchUp(office);
    bob.catchUp(office);
  }

  private static List<GroupOp> ops(GroupSending.Step step) {
    var ready = assertInstanceOf(GroupSending.Step.Ready.class, step);
    return ((Commit) ready.flight().content()).ops();
  }

  @Test
  void newOwnListIsProposedBeforeAnythingIsWritten() {
    bobHasANewList();
    bob.write("after it");
    var proposal = assertInstanceOf(Proposal.class, bob.flight().content());
    assertEquals(new GroupProposal.Devices(second), proposal.op());
  }

  @Test
  void ownDevicesCommitTheListAtOnceAndOthersLeaveThemTheFirstWord() {
    bobProposes();
    var later = assertInstanceOf(GroupSending.Step.Later.class, alice.next());
    assertTrue(later.after().compareTo(ListPause.USUAL.min()) >= 0);
    assertTrue(later.after().compareTo(ListPause.USUAL.max()) <= 0);
    assertEquals(List.of(new GroupOp.Devices(bob.user(), second)), ops(bob.next()));
    alice.party.now += ListPause.USUAL.max().toMillis();
    assertEquals(List.of(new GroupOp.Devices(bob.user(), second)), ops(alice.next()));
  }

  @Test
  void deviceThatAGroupMayStillTakeIsNotGoneWithTheOwnListAlone() {
    Device own = second.devices().get(0);
    var other =
        new Device(
            new DeviceId("00000000000000000000000000000001"),
            Bytes.of(Ed25519.generate(bob.party.random).publicKey()),
            own.suites(),
            own.addedAt(),
            own.inboxStart());
    DeviceList first = bob.party.list();
    second =
        Statements.signDeviceList(
            bob.party.accountKey(), bob.user(), Party.HOST, 2, Statements.listHash(first),
            List.of(own, other));
    assertTrue(isGone(other.id()));
    bobProposes();
    DeviceList third = bob.party.nextListAfter(second, 6);
    bob.party.store.transaction(rows -> new OwnLists(rows).take(third));
    assertFalse(isGone(other.id()));
  }

  @Test
  void deviceIsNotGoneFromAGroupOfWhichThisOneHasNotHeardThatItIsThere() {
    DeviceId gone = new DeviceId("00000000000000000000000000000001");
    DeviceList third = bob.party.nextListAfter(second, 6);
    bob.party.store.transaction(rows -> new OwnLists(rows).take(third));
    assertFalse(isGone(gone));
    assertEquals(Optional.empty(), office.append(bob.party, bob.flight()));
    bob.catchUp(office);
    assertTrue(isGone(gone));
  }

  private boolean isGone(DeviceId device) {
    return bob.party.store.transaction(rows -> new OwnRosters(rows).isGone(device));
  }

  /** As a device of bob that is new there. */
  private GroupLog.Taken join() {
    var commit = (Commit) office.last().entry().content();
    var start =
        new GroupStart(
            2, GROUP, 1, commit.head().sequenceNr(), commit.head().hash(),
            office.membership.roster(), false, Optional.empty());
    GroupEntryPush push = office.push(office.last(), bob.party);
    return bob.party.store.transaction(
        rows -> {
          Self self = Self.of(rows);
          GroupLog.Held held = new GroupRows(rows).held(GROUP, self, bob.party.random);
          return GroupJoining.of(start).join(push, self, held);
        });
  }

  @Test
  void commitThatBringsItsListIsADevicesBeginning() {
    bobProposes();
    bob.work(office);
    assertEquals(second, join().view().membership().row(bob.user()).orElseThrow().deviceList());
  }

  @Test
  void commitThatBringsNothingOfItsUserIsNoBeginning() {
    alice.does(new GroupWish.Rename(new GroupName("Buchclub")), office);
    assertEquals(Alarm.GROUP_ALTERED, assertThrows(Breach.class, this::join).alarm());
  }

  @Test
  void anotherListOfAVersionThatIsKnownIsNoBeginning() {
    bobProposes();
    bob.work(office);
    DeviceList other = bob.party.nextListAfter(bob.party.listBefore(), 7);
    bob.party.store.transaction(
        rows -> {
          Self.of(rows).withList(other).put(rows);
          return null;
        });
    assertEquals(Alarm.GROUP_ALTERED, assertThrows(Breach.class, this::join).alarm());
  }
}
