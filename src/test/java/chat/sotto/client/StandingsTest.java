package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.Standings.Standing;
import chat.sotto.crypto.OwnKey;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write to a user, and what is owed to those who ask. */
class StandingsTest {
  @TempDir Path folder;
  private Party alice;
  private Party bob;

  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
  }

  @AfterEach
  void closeParties() {
    alice.close();
    bob.close();
  }

  private static void change(Party party, Consumer<Standings> change) {
    party.store.transaction(
        rows -> {
          change.accept(new Standings(rows));
          return null;
        });
  }

  private static Standing standing(Party party, Party with) {
    return party.store.transaction(rows -> new Standings(rows).of(with.user));
  }

  /** Bob hears from alice, whom he does not know. */
  private List<ClientEvent> meet() {
    change(bob, standings -> standings.setStrangersAsk(true));
    return bob.receive(alice.say(bob, "hello"));
  }

  private Sending.Step nextToAlice() {
    bob.addReceipts();
    return bob.next(alice, "", List.of());
  }

  @Test
  void aStrangerHearsNothingUntilAccepted() {
    assertTrue(meet().contains(new ClientEvent.Asked(alice.user)));
    assertEquals(List.of("hello"), bob.texts(alice));
    assertEquals(List.of(), events(bob.receive(alice.say(bob, "are you there?"))));
    assertInstanceOf(Sending.Step.Blocked.class, nextToAlice());

    change(bob, standings -> standings.decide(alice.user, Standing.ACCEPTED));
    bob.addReceipts();
    alice.receiveAll(bob.sendAll(alice));
    assertEquals(
        List.of(Message.State.DELIVERED, Message.State.DELIVERED),
        alice.messages(bob).stream().map(Message::state).toList());
  }

  private static List<ClientEvent> events(List<ClientEvent> all) {
    return all.stream().filter(ClientEvent.Asked.class::isInstance).toList();
  }

  @Test
  void anybodyMayWriteUnlessStrangersAsk() {
    assertEquals(List.of(), events(bob.receive(alice.say(bob, "hello"))));
    assertEquals(Standing.ACCEPTED, standing(bob, alice));
    change(bob, standings -> standings.setStrangersAsk(true));
    bob.receive(alice.say(bob, "again"));
    assertEquals(Standing.ACCEPTED, standing(bob, alice), "whoever is known is no stranger");
  }

  @Test
  void whoeverIsWrittenToIsAccepted() {
    meet();
    change(bob, standings -> standings.writeTo(alice.user));
    assertEquals(Standing.ACCEPTED, standing(bob, alice));
    change(bob, standings -> standings.decide(alice.user, Standing.BLOCKED));
    assertThrows(
        IllegalStateException.class,
        () -> change(bob, standings -> standings.writeTo(alice.user)));
  }

  @Test
  void ofABlockedPersonNothingIsShownAndTheRatchetGoesOn() {
    bob.receive(alice.say(bob, "hello"));
    change(bob, standings -> standings.decide(alice.user, Standing.BLOCKED));
    EntryPush dropped = alice.say(bob, "dropped");
    assertEquals(List.of(), bob.receive(dropped));
    assertEquals(List.of("hello"), bob.texts(alice));
    assertInstanceOf(Sending.Step.Blocked.class, nextToAlice());

    change(bob, standings -> standings.decide(alice.user, Standing.ACCEPTED));
    bob.receive(alice.say(bob, "after"));
    assertEquals(List.of("hello", "after"), bob.texts(alice));
  }

  @Test
  void decliningErasesWhatWasSentAndWhatIsOwed() {
    meet();
    change(bob, standings -> standings.decline(alice.user));
    assertEquals(List.of(), bob.messages(alice));
    assertEquals(Standing.BLOCKED, standing(bob, alice));
    change(bob, standings -> standings.decide(alice.user, Standing.ACCEPTED));
    bob.addReceipts();
    assertFalse(bob.hasWaiting(alice));
  }

  @Test
  void theOtherDevicesFollowAndAnOlderBlobTakesNothingBack() {
    Party phone = new Party(bob, bob.offer(), folder);
    meet();
    change(phone, standings -> standings.setStrangersAsk(true));
    SyncContent asked = contentOf(bob);
    take(phone, 1, asked);
    assertEquals(Standing.ASKED, standing(phone, alice));
    change(bob, standings -> standings.decide(alice.user, Standing.BLOCKED));
    take(phone, 2, contentOf(bob));
    assertEquals(Standing.BLOCKED, standing(phone, alice));
    take(bob, 3, asked);
    assertEquals(Standing.BLOCKED, standing(bob, alice), "decided here and not put yet");
    phone.close();
  }

  @Test
  void whatBothDevicesDecidedGivesWayToALaterDecision() {
    Party phone = new Party(bob, bob.offer(), folder);
    meet();
    take(phone, 1, contentOf(bob));
    for (Party device : List.of(bob, phone)) {
      change(device, standings -> standings.decide(alice.user, Standing.ACCEPTED));
      setReadReceipts(device, false);
    }
    take(bob, 2, contentOf(phone));
    change(phone, standings -> standings.decide(alice.user, Standing.BLOCKED));
    setReadReceipts(phone, true);
    take(bob, 3, contentOf(phone));
    assertEquals(Standing.BLOCKED, standing(bob, alice));
    assertTrue(bob.store.transaction(Sync::readReceipts));
    phone.close();
  }

  @Test
  void whatIsDecidedWhileABlobIsOnItsWayIsPutAfterIt() {
    meet();
    change(bob, standings -> standings.decide(alice.user, Standing.ACCEPTED));
    SyncContent accepted = contentOf(bob);
    change(bob, standings -> standings.decide(alice.user, Standing.BLOCKED));
    wasPut(bob, accepted);
    take(bob, 2, accepted);
    assertEquals(Standing.BLOCKED, standing(bob, alice));
    wasPut(bob, contentOf(bob));
    take(bob, 4, accepted);
    assertEquals(Standing.ACCEPTED, standing(bob, alice), "a later decision elsewhere");
  }

  @Test
  void whoAsksElsewhereAsksNobodyHereWhoIsOpenOrHasBlockedThem() {
    meet();
    SyncContent asked = contentOf(bob);
    Party phone = new Party(bob, bob.offer(), folder);
    take(phone, 1, asked);
    assertEquals(Standing.ACCEPTED, standing(phone, alice));
    change(phone, standings -> standings.setStrangersAsk(true));
    change(phone, standings -> standings.decide(alice.user, Standing.BLOCKED));
    wasPut(phone, contentOf(phone));
    take(phone, 3, asked);
    assertEquals(Standing.BLOCKED, standing(phone, alice));
    phone.close();
  }

  private static void wasPut(Party party, SyncContent content) {
    party.store.transaction(
        rows -> {
          var sync = new Sync(rows, Self.of(rows), party.random);
          sync.wasPut(new Sync.Due(sync.counter() + 1, content, Bytes.of(new byte[0])));
          return null;
        });
  }

  private static void setReadReceipts(Party party, boolean on) {
    party.store.transaction(
        rows -> {
          Sync.setReadReceipts(rows, on);
          return null;
        });
  }

  @Test
  void whatOtherClientsShareStaysAsItIs() {
    String others =
        "\"typing\":false,\"openToAll\":true,"
            + "\"conversations\":[{\"conversation\":\"alice+bob\",\"pinned\":true}]";
    byte[] json =
        ("{\"version\":1,\"contacts\":[],\"devices\":[],\"archive\":{\"on\":true,\"nr\":0},"
                + others
                + "}")
            .getBytes(StandardCharsets.UTF_8);
    take(bob, 1, SyncContent.fromJson(json));
    String put = new String(contentOf(bob).toJson(), StandardCharsets.UTF_8);
    assertTrue(put.endsWith(others + "}"), put);
    assertEquals(List.of(), events(meet()), "everybody may write");
  }

  private static SyncContent contentOf(Party party) {
    return party.store.transaction(
        rows -> new Sync(rows, Self.of(rows), party.random).content());
  }

  /** A blob of a sibling. */
  private static void take(Party party, long counter, SyncContent content) {
    party.store.transaction(
        rows -> {
          OwnKey key = new OwnKeys(rows).newest();
          String user = party.user.value();
          byte[] blob = key.sealSync(Party.HOST, user, counter, content.toJson(), party.random);
          new Sync(rows, Self.of(rows), party.random)
              .join(counter, Optional.of(Bytes.of(blob)), false);
          return null;
        });
  }
}
