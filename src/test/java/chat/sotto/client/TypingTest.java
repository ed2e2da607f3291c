package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.TypingPlace;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.TypingPush;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which texts bring a key, and what is heeded under it. */
class TypingTest {
  private static final Bytes AUDIENCE = Bytes.of(new byte[] {1});

  @TempDir Path folder;
  private Party alice;
  private Party bob;
  private String conversation;

  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
    conversation = Plaintext.conversation(alice.user, bob.user);
  }

  @AfterEach
  void closeParties() {
    alice.close();
    bob.close();
  }

  private Optional<Secret> heard() {
    return bob.store.transaction(
        rows ->
            new TypingKeys(rows)
                .heardOf(conversation, alice.self().device())
                .map(TypingKeys.Heard::key));
  }

  private Optional<TypingKeys.Own> next(Bytes audience) {
    return alice.store.transaction(rows -> new TypingKeys(rows).next(conversation, audience));
  }

  private Bytes audience() {
    return TypingKeys.audience(bob.list());
  }

  @Test
  void aTextBringsAKeyWhenItIsDueAndOnlyThen() {
    alice.write(bob, "one");
    var first = alice.ready(bob);
    assertEquals(Optional.empty(), next(audience()));
    assertEquals(first.sealed(), alice.ready(bob).sealed());
    bob.receive(alice.send(bob));
    Secret key = heard().orElseThrow();
    assertEquals(key, next(audience()).orElseThrow().key());
    bob.receive(alice.say(bob, "two"));
    assertEquals(Optional.of(key), heard());
    assertEquals(2, next(audience()).orElseThrow().nr());
    assertEquals(Optional.empty(), next(AUDIENCE), "other devices do not have it");
    alice.now += Duration.ofDays(7).toMillis() + 1;
    bob.receive(alice.say(bob, "three"));
    assertNotEquals(key, heard().orElseThrow());
    assertEquals(1, next(audience()).orElseThrow().nr());
  }

  @Test
  void otherDevicesGetAnotherKey() {
    bob.receive(alice.say(bob, "one"));
    Bytes id = Bytes.of(new byte[16]);
    ContentJson text = ContentJson.of(new Content.Text("two"));
    alice.store.transaction(
        rows -> {
          var keys = new TypingKeys(rows);
          assertEquals(
              text, keys.brought(conversation, id, text, audience(), alice.now, alice.random));
          ContentJson other =
              keys.brought(conversation, id, text, AUDIENCE, alice.now, alice.random);
          assertNotEquals(text, other);
          assertEquals(
              other, keys.brought(conversation, id, text, AUDIENCE, alice.now, alice.random));
          var edit = ContentJson.of(new Content.Edit(id, 1, "three"));
          assertEquals(
              edit, keys.brought(conversation, id, edit, id, alice.now, alice.random));
          return null;
        });
    assertFalse(only().content().isPresent(), "a line holds what was said, and no key");
  }

  private Message only() {
    return bob.store
        .transaction(rows -> new History(rows).shown(alice.user))
        .get(0)
        .message();
  }

  private Optional<ClientEvent.Typing> take(TypingPush push) {
    return bob.store.transaction(rows -> Typing.take(rows, push));
  }

  private Bytes sealed(String where, String words) {
    var place =
        new TypingPlace(
            alice.self().serverHost(),
            where,
            alice.user.value(),
            alice.self().device().value());
    byte[] key = heard().orElseThrow().toArray();
    return Bytes.of(place.seal(key, words.getBytes(StandardCharsets.UTF_8), alice.random));
  }

  private TypingPush push(Bytes sealed) {
    return new TypingPush(2, alice.user, alice.self().device(), Optional.empty(), sealed);
  }

  private Optional<Boolean> take(String words) {
    return take(push(sealed(conversation, words))).map(ClientEvent.Typing::isWriting);
  }

  @Test
  void onlyWhatIsNewAndForThisPlaceIsHeeded() {
    bob.receive(alice.say(bob, "one"));
    String five = "{\"version\":1,\"nr\":5,\"typing\":true}";
    Bytes sealed = sealed(conversation, five);
    assertEquals(
        Optional.of(new ClientEvent.Typing(alice.user, Optional.empty(), true)),
        take(push(sealed)));
    assertEquals(Optional.empty(), take(push(sealed)));
    assertEquals(Optional.empty(), take("{\"version\":1,\"nr\":4,\"typing\":false}"));
    assertEquals(Optional.empty(), take("{\"version\":2,\"nr\":6,\"typing\":false}"));
    assertEquals(Optional.empty(), take("{\"version\":1,\"nr\":6}"));
    assertEquals(Optional.empty(), take("{\"version\":1,\"nr\":6,\"typing\":0}"));
    assertEquals(Optional.empty(), take("typing"));
    String six = "{\"version\":1,\"nr\":6,\"typing\":false}";
    assertEquals(Optional.empty(), take(push(sealed("alice+carol", six))));
    Bytes right = sealed(conversation, six);
    DeviceId device = alice.self().device();
    var other = new DeviceId("f".repeat(32));
    assertEquals(
        Optional.empty(), take(new TypingPush(2, alice.user, other, Optional.empty(), right)));
    assertEquals(
        Optional.empty(),
        take(new TypingPush(2, new UserName("carol"), device, Optional.empty(), right)));
    var group = Optional.of(new GroupId("0".repeat(32)));
    assertEquals(Optional.empty(), take(new TypingPush(2, alice.user, device, group, right)));
    assertEquals(Optional.of(false), take(push(right)).map(ClientEvent.Typing::isWriting));
    String seven = "{\"version\":1,\"nr\":7,\"typing\":true}";
    decide(Standings.Standing.ASKED);
    assertEquals(Optional.empty(), take(seven), "whoever asks is not shown");
    decide(Standings.Standing.ACCEPTED);
    assertTrue(take(seven).isPresent());
  }

  private void decide(Standings.Standing standing) {
    bob.store.transaction(
        rows -> {
          new Standings(rows).decide(alice.user, standing);
          return null;
        });
  }
}
