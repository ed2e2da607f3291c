package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.GroupEpoch;
import chat.sotto.crypto.GroupSecrets;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.OwnPiece;
import chat.sotto.protocol.ServerFrame.SignedKey;
import chat.sotto.protocol.ServerFrame.UserKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which device lists a group takes, and which prekeys. */
class GroupDeviceListsTest {
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");

  @TempDir Path folder;
  private final Map<UserName, GroupParty> everybody = new HashMap<>();
  private final GroupOffice office = new GroupOffice(GROUP);
  private GroupParty alice;
  private GroupParty bob;
  private GroupParty carol;

  @BeforeEach
  void makeGroup() {
    alice = new GroupParty("alice", folder, GROUP, everybody);
    bob = new GroupParty("bob", folder, GROUP, everybody);
    carol = new GroupParty("carol", folder, GROUP, everybody);
    alice.does(new GroupWish.Create(new GroupName("Lesekreis")), office);
    alice.does(new GroupWish.Invite(List.of(bob.user())), office);
    bob.catchUp(office);
    bob.does(new GroupWish.Accept(), office);
    alice.catchUp(office);
  }

  @AfterEach
  void closeParties() {
    everybody.values().forEach(GroupParty::close);
  }

  private static DeviceList list(GroupParty party) {
    return party.party.list();
  }

  @Test
  void higherOfTheProposedAndTheServersListIsCommitted() {
    DeviceList second = bob.party.nextList(5);
    DeviceList third =
        Statements.signDeviceList(
            bob.party.accountKey(), bob.user(), Party.HOST, 3, Statements.listHash(second),
            second.devices());
    GroupFlight proposal =
        new GroupEntries(bob.view(), bob.party.self(), bob.party.random)
            .proposal(Optional.empty(), new GroupProposal.Devices(second));
    assertEquals(Optional.empty(), office.append(bob.party, proposal));
    alice.catchUp(office);
    var duties = new GroupDuties(alice.view());
    assertEquals(
        List.of(new GroupOp.Devices(bob.user(), third)), duties.ops(List.of(), current(third)));
    assertEquals(
        List.of(new GroupOp.Devices(bob.user(), second)),
        duties.ops(List.of(), current(list(bob))));
    Ed25519.SigningKey newKey = Ed25519.generate(bob.party.random);
    DeviceList unannounced =
        Statements.signDeviceList(
            newKey, bob.user(), Party.HOST, 3, Statements.listHash(second), second.devices());
    assertEquals(
        List.of(new GroupOp.Devices(bob.user(), second)),
        duties.ops(List.of(), current(unannounced)));
    Self self = bob.party.self();
    DeviceList announced =
        unannounced.with(
            Statements.signKeyChange(
                self.deviceKey(), self.device(), second, unannounced.accountKey()));
    assertEquals(
        List.of(new GroupOp.Devices(bob.user(), announced)),
        duties.ops(List.of(), current(announced)));
  }

  @Test
  void listThatNamesAnothersDeviceIsLeftOutOfCommits() {
    var devices = new ArrayList<>(list(bob).devices());
    devices.addAll(list(alice).devices());
    DeviceList stolen =
        Statements.signDeviceList(
            bob.party.accountKey(), bob.user(), Party.HOST, 2, Statements.listHash(list(bob)),
            devices);
    assertEquals(
        List.of(), new GroupDuties(alice.view()).ops(List.of(), current(stolen)));
  }

  @Test
  void anotherListOfAVersionThatWasSeenIsABreach() {
    DeviceList other =
        Statements.signDeviceList(
            carol.party.accountKey(), carol.user(), Party.HOST, 1, list(carol).prevHash(),
            carol.party.nextList(5).devices());
    bob.party.learn(carol.party);
    office.append(alice.party, alice.commit(bob.view(), new GroupOp.Invite(carol.user(), other)));
    bob.catchUp(office);
    assertEquals(Optional.of(Alarm.DEVICE_LIST_ROLLED_BACK), bob.alarm());
  }

  @Test
  void rosterWithAListThatItsOwnerDidNotSignIsRefused() {
    DeviceList stolen =
        Statements.signDeviceList(
            Ed25519.generate(carol.party.random),
            carol.user(),
            "elsewhere.example",
            1,
            list(carol).prevHash(),
            list(carol).devices());
    GroupFlight commit = alice.commit(bob.view(), new GroupOp.Invite(carol.user(), stolen));
    office.append(alice.party, commit);
    bob.catchUp(office);
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
  }

  private GroupPrekeys current(DeviceList list) {
    var key = new SignedKey(bob.party.self().device(), bob.party.registered.prekeys().get(0));
    return GroupPrekeys.NONE.withMembers(
        Map.of(list.user(), new UserKeys(list, List.of(key))));
  }

  /** The server may give one one-time prekey to two who invite, and the second would lose. */
  @Test
  void piecesAreSealedToTheSignedPrekey() {
    alice.does(new GroupWish.Rename(new GroupName("new keys")), office);
    List<Prekey.Kind> kinds =
        office.log.stream()
            .flatMap(kept -> kept.pieces().stream())
            .map(GroupPiece::prekeyKind)
            .distinct()
            .toList();
    assertEquals(List.of(Prekey.Kind.SIGNED), kinds);
  }

  @Test
  void pieceForAOneTimePrekeyOpensAndErasesIt() {
    Prekey oneTime = carol.party.giveKeys().get(0).oneTimePrekey().orElseThrow();
    alice.ask(new GroupWish.Invite(List.of(carol.user())));
    GroupFlight flight = alice.flight();
    OwnPiece piece = new OwnPiece(oneTime.kind(), oneTime.id(), joinerPiece(flight, oneTime));
    assertEquals(Optional.empty(), office.append(alice.party, flight));
    carol.tampering = push -> with(push, piece);
    carol.catchUp(office);
    assertTrue(carol.view().keys().isPresent());
    boolean isKept =
        carol.party.store.transaction(
            rows ->
                new Prekeys(rows, Self.of(rows), carol.party.random)
                    .find(oneTime.kind().text(), oneTime.id())
                    .isPresent());
    assertFalse(isKept);
  }

  /** What an inviter gives carol that seals to her one-time prekey. */
  private Bytes joinerPiece(GroupFlight flight, Prekey oneTime) {
    var commit = (Commit) flight.content();
    var signer =
        new Signer(GROUP, alice.user(), alice.party.self().device(), flight.messageId());
    byte[] hash = GroupStatements.commitHash(signer, commit).toArray();
    var place = new GroupEpoch.Place(GROUP.value(), commit.epoch(), hash);
    byte[] next = alice.view().keys().orElseThrow().next().toArray();
    byte[] fresh = flight.fresh().orElseThrow().toArray();
    String device = carol.party.self().device().value();
    var recipient =
        new GroupSecrets.Recipient(
            place, carol.user().value(), device, oneTime.kind().text(), oneTime.id());
    return Bytes.of(
        GroupSecrets.seal(
            Suite.of(oneTime.suite()),
            oneTime.key().toArray(),
            recipient,
            GroupEpoch.following(next, fresh).joiner(),
            alice.party.random));
  }

  private static GroupEntryPush with(GroupEntryPush push, OwnPiece piece) {
    return new GroupEntryPush(
        push.nonce(), push.owner(), push.generation(), push.sequenceNr(), push.time(),
        push.fromUser(), push.fromDevice(), push.messageId(), push.content(), push.hash(),
        push.seed(), push.info(), Optional.of(piece), push.ciphertext());
  }
}
