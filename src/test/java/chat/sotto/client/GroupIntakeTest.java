package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupId;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.Push;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one connection takes of a group, and what it asks for once more. */
class GroupIntakeTest {
  private static final GroupId GROUP = new GroupId("0123456789abcdef0123456789abcdef");

  @TempDir Path folder;
  private final Map<UserName, GroupParty> everybody = new HashMap<>();
  private final List<ClientFrame> asked = new ArrayList<>();
  private final List<ClientEvent> events = new ArrayList<>();
  private final GroupOffice office = new GroupOffice(GROUP);
  private Core core;
  private GroupParty alice;
  private GroupParty bob;
  private GroupSender sender;
  private GroupIntake intake;

  @BeforeEach
  void makeGroup() {
    alice = new GroupParty("alice", folder, GROUP, everybody);
    bob = new GroupParty("bob", folder, GROUP, everybody);
    alice.does(new GroupWish.Create(new GroupName("Lesekreis")), office);
    alice.does(new GroupWish.Invite(List.of(bob.user())), office);
    bob.catchUp(office);
    bob.does(new GroupWish.Accept(), office);
    alice.catchUp(office);
    core = new Core("test", fault -> {});
    var random = new SecureRandom();
    sender =
        new GroupSender(
            bob.party.store, core, Clock.systemUTC(), random, events::add, ListPause.USUAL);
    intake = new GroupIntake(bob.party.store, random, sender, events::add, new Asked());
  }

  @AfterEach
  void close() {
    core.stop(() -> {});
    everybody.values().forEach(GroupParty::close);
  }

  /** A way to the server on which nothing is answered. */
  private final class Asked implements Link {
    @Override
    public Limits limits() {
      throw new AssertionError("nothing here has limits");
    }

    @Override
    public CompletableFuture<ServerFrame.Reply> request(Request request) {
      asked.add(request.frame(asked.size() + 1, Secret.of(new byte[32])));
      return new CompletableFuture<>();
    }

    @Override
    public void acknowledge(Request ack) {
      throw new AssertionError("acknowledging is not its task");
    }
  }

  /** @return whether the last entry may be acknowledged */
  private boolean take(List<Push> pushes) {
    boolean isTaken = false;
    for (Push push : pushes) {
      if (push instanceof GroupStart start) {
        intake.take(start);
      } else {
        isTaken = intake.take((GroupEntryPush) push);
      }
    }
    return isTaken;
  }

  /** Another log under the same id, which somebody made who has nothing to do with the group. */
  private List<Push> forgedInvitation() {
    var mallory = new GroupParty("mallory", folder, GROUP, everybody);
    var forged = new GroupOffice(GROUP);
    mallory.does(new GroupWish.Create(new GroupName("Lesekreis")), forged);
    for (int i = 0; i < 5; i++) {
      mallory.says("filler", forged);
    }
    mallory.does(new GroupWish.Invite(List.of(bob.user())), forged);
    mallory.says("after it", forged);
    return forged.pushes(bob.party, -1);
  }

  @Test
  void startBeyondTheHeadReplacesNoGroupThatOneIsIn() {
    GroupView before = bob.view();
    assertFalse(take(forgedInvitation()));
    assertEquals(before, bob.view());
    assertEquals(Optional.empty(), bob.alarm());
    assertEquals(1, asked.size(), "once, though more of it came");
    var follow = (ClientFrame.Follow) asked.get(0);
    assertEquals(before.head().sequenceNr(), follow.after());
    alice.says("the real one", office);
    assertTrue(take(office.pushes(bob.party, before.head().sequenceNr())));
    assertEquals(List.of("the real one"), bob.texts());
  }

  @Test
  void forgedInvitationAfterTheEndReplacesTheEndedGroupOnly() {
    alice.does(new GroupWish.Remove(bob.user()), office);
    bob.catchUp(office);
    assertTrue(take(forgedInvitation()));
    assertEquals(GroupInfo.Standing.INVITED, bob.info().standing());
    assertEquals(new UserName("mallory"), bob.info().invitedBy().orElseThrow());
  }

  @Test
  void faultInOneGroupStopsThatGroupForTheConnectionOnly() {
    alice.says("one", office);
    long before = bob.view().head().sequenceNr();
    var faulty = new FaultyStore();
    intake = new GroupIntake(faulty, bob.party.random, sender, events::add, new Asked());
    assertFalse(take(office.pushes(bob.party, before)));
    faulty.isFaulty = false;
    assertFalse(take(office.pushes(bob.party, before)), "not before the next connection");
    assertEquals(List.of(new ClientEvent.GroupDelayed(GROUP, ErrorCode.INTERNAL)), events);
    intake = new GroupIntake(faulty, bob.party.random, sender, events::add, new Asked());
    assertTrue(take(office.pushes(bob.party, before)));
    assertEquals(List.of("one"), bob.texts());
  }

  private final class FaultyStore implements ClientStore {
    private boolean isFaulty = true;

    @Override
    public <T> T transaction(Function<Rows, T> work) {
      if (isFaulty) {
        throw new IllegalStateException("what nobody thought of");
      }
      return bob.party.store.transaction(work);
    }

    @Override
    public void close() {
      throw new AssertionError("not its own");
    }
  }

  @Test
  void keyOfARefusedPostSealsNoOther() {
    bob.write("refused");
    GroupFlight refused = bob.flight();
    sender.refused(GROUP, refused, ErrorCode.GROUP_REFUSED);
    bob.write("the next one");
    assertInstanceOf(Commit.class, bob.flight().content());
    bob.work(office);
    alice.catchUp(office);
    assertEquals(List.of("the next one"), alice.texts());
  }

  @Test
  void anotherGenerationIsRefused() {
    alice.says("one", office);
    for (Push push : office.pushes(bob.party, bob.view().head().sequenceNr())) {
      assertFalse(intake.take(ofNextGeneration((GroupEntryPush) push)));
    }
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
    assertEquals(List.of(), bob.texts());
  }

  @Test
  void startOfAnotherGenerationIsRefused() {
    alice.does(new GroupWish.Remove(bob.user()), office);
    bob.catchUp(office);
    Bytes hash = office.head.hash();
    long number = office.head.sequenceNr();
    intake.take(
        new GroupStart(2, GROUP, 2, number, hash, List.of(), false, Optional.empty()));
    assertEquals(Optional.of(Alarm.GROUP_ALTERED), bob.alarm());
  }

  private static GroupEntryPush ofNextGeneration(GroupEntryPush push) {
    return new GroupEntryPush(
        push.nonce(), push.owner(), push.generation() + 1, push.sequenceNr(), push.time(),
        push.fromUser(), push.fromDevice(), push.messageId(), push.content(), push.hash(),
        push.seed(), push.info(), push.piece(), push.ciphertext());
  }

  @Test
  void headWhoseHashIsNotHeldIsNotBelieved() {
    alice.says("one", office);
    GroupEntryPush push = office.push(office.last(), bob.party);
    var log = new GroupLog(bob.view(), bob.party.self(), new NothingHeld());
    Breach breach = assertThrows(Breach.class, () -> log.take(push));
    assertEquals(Alarm.GROUP_FORKED, breach.alarm());
  }

  private static final class NothingHeld implements GroupLog.Held {
    @Override
    public Optional<X25519.KeyPair> prekey(Prekey.Kind kind, long id) {
      return Optional.empty();
    }

    @Override
    public Optional<Secret> fresh(Bytes messageId) {
      return Optional.empty();
    }

    @Override
    public Optional<Bytes> hash(long sequenceNr) {
      return Optional.empty();
    }

    @Override
    public Optional<DeviceList> ownList(long version) {
      return Optional.empty();
    }

    @Override
    public GroupChain chain(DeviceId device) {
      return GroupChain.UNKNOWN;
    }
  }
}
