package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Entry;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.Visibility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The released forms of events. These files are what servers have written: they are never edited,
 * and a form that changes gets files of its own beside them.
 */
class UserEventTest {
  private static final Path FOLDER = Path.of("src/test/resources/journal/events-v1");
  private static final TestAccount BOB = new TestAccount("bob");
  private static final Bytes SERVER_KEY =
      Bytes.of(Ed25519.fromSeed(TestAccount.digest("server").toArray()).publicKey());
  private static final List<Bytes> STORED = stored();

  @TestFactory
  Stream<DynamicTest> everyReleasedFormIsReadAndWrittenAsItIs() {
    return STORED.stream()
        .map(
            json ->
                DynamicTest.dynamicTest(
                    text(json),
                    () ->
                        assertEquals(
                            text(json),
                            text(UserEvent.CODEC.encode(UserEvent.CODEC.decode(json))))));
  }

  @Test
  void everyEventHasAReleasedForm() {
    Set<Class<?>> released = new HashSet<>();
    STORED.forEach(json -> released.add(UserEvent.CODEC.decode(json).getClass()));

    assertEquals(
        new HashSet<Class<?>>(Arrays.asList(UserEvent.class.getPermittedSubclasses())), released);
  }

  @Test
  void leadsToTheSameStateAsWhenItWasWritten() {
    UserState state = applied(UserState.empty(BOB.user), STORED.subList(0, 11));
    assertEquals("czdWEQN1KSFWEgEscuu3P_FTDoCV8i3LtQnoDlbGLpU", state.chain().head().toString());
    UserState inGroup = applied(state, STORED.subList(11, 13));
    assertEquals(
        3, inGroup.groups().cursor(new GroupId("0000000000000000000000000000000a"), BOB.device(1)));
    state = applied(inGroup, STORED.subList(13, 14));

    assertEquals(Groups.NONE, state.groups());
    assertEquals("zUDozCWxQEWRAhyS0J-0V-4pZ5t46bGpPyn1zpUGIi0", state.chain().head().toString());
    assertEquals(14, state.chain().sequenceNr());
    assertEquals(BOB.deviceList(2), state.account().orElseThrow().deviceList());
    assertEquals(Visibility.CONTACTS, state.account().orElseThrow().visibility());
    assertEquals(1, state.inbox().head().sequenceNr());
    assertTrue(state.inbox().senders().isEmpty());
    assertTrue(state.inbox().heardFrom().contains(new TestAccount("alice").user));
    DeviceState first = state.device(BOB.device(1)).orElseThrow();
    assertEquals(new Position(state.inbox().head(), 6, 600), first.cursor());
    assertFalse(first.cutOff());
    assertEquals(Optional.empty(), first.token());
    assertEquals(Set.of(3L), first.prekeys().oneTime().keySet());
    assertTrue(state.device(BOB.device(2)).orElseThrow().cutOff());
  }

  @Test
  void goesOnInANewGenerationAfterARestoreUntilItIsErased() {
    UserState before = applied(UserState.empty(BOB.user), STORED.subList(0, 14));
    UserState state = applied(before, STORED.subList(14, 16));

    assertEquals(1, state.inbox().generations().at(1));
    assertEquals(1_703_628_810, state.inbox().generations().at(2));
    DeviceState first = state.device(BOB.device(1)).orElseThrow();
    assertEquals(new Position(state.inbox().head(), 15, 600), first.cursor());
    assertTrue(first.prekeys().oneTime().isEmpty());
    state = applied(state, STORED.subList(16, 17));
    assertTrue(state.isErased());
    assertEquals("Dpii11eBr96T6WpKQsrVvC2iEB8SdbbkrEHKSOraWFY", state.chain().head().toString());
    assertEquals(17, state.chain().sequenceNr());
  }

  @Test
  void prekeysKeepTheirKeysSinceTheSecondForm() {
    UserState state = applied(UserState.empty(BOB.user), STORED.subList(0, 1));
    state = applied(state, STORED.subList(17, 18));

    DeviceState first = state.device(BOB.device(1)).orElseThrow();
    assertEquals(Set.of(2L, 3L), first.prekeys().oneTime().keySet());
    var put = (UserEvent.PrekeysPut) UserEvent.CODEC.decode(STORED.get(17));
    assertEquals(TestAccount.statements(BOB.prekeys(2)), put.prekeys());
  }

  @Test
  void holdsWhatAnAuditorChecksSignaturesWith() {
    for (Bytes json : STORED) {
      UserEvent event = UserEvent.CODEC.decode(json);
      if (event instanceof UserEvent.Registered registered) {
        assertTrue(Statements.verifyDeviceList(registered.deviceList()));
      } else if (event instanceof UserEvent.AccountChanged changed) {
        changed.deviceList().ifPresent(list -> assertTrue(Statements.verifyDeviceList(list)));
      } else if (event instanceof UserEvent.Acked acked) {
        assertTrue(
            Statements.verifyAck(
                BOB.devicePublicKey(1),
                TestAccount.HOST,
                BOB.user,
                BOB.device(1),
                acked.items(),
                acked.signature()));
      } else if (event instanceof UserEvent.Accepted accepted) {
        Entry entry = accepted.inboxEntry(6).entry();
        Point start = UserState.empty(BOB.user).inbox().head();
        assertEquals(
            Statements.entryHash(start.hash(), BOB.user, entry), accepted.hash());
      } else if (event instanceof UserEvent.Restored restored) {
        assertTrue(restored.entry(BOB.user).verify(SERVER_KEY, TestAccount.HOST));
      } else if (event instanceof UserEvent.PrekeysPut put) {
        assertEquals(
            withoutKeys(TestAccount.statements(BOB.prekeys(2))), withoutKeys(put.prekeys()));
      }
    }
  }

  @Test
  void anotherAccountKeyComesWithTheWordOfADeviceBefore() {
    var removed = (UserEvent.AccountChanged) UserEvent.CODEC.decode(STORED.get(19));
    var reset = (UserEvent.AccountChanged) UserEvent.CODEC.decode(STORED.get(24));
    DeviceList before = removed.deviceList().orElseThrow();
    DeviceList after = reset.deviceList().orElseThrow();

    assertNotEquals(before.accountKey(), after.accountKey());
    assertTrue(Statements.verifyKeyChange(before, after));
    assertFalse(Statements.verifyKeyChange(after, after), "of another key before");
    assertFalse(Statements.verifyKeyChange(BOB.deviceList(1), after), "of no device before");
    assertFalse(Statements.verifyKeyChange(before, before), "that nobody announced");
  }

  private static List<PrekeyStatement> withoutKeys(List<PrekeyStatement> statements) {
    return statements.stream()
        .map(
            one ->
                new PrekeyStatement(
                    one.id(),
                    one.kind(),
                    one.suite(),
                    one.digest(),
                    one.signature(),
                    Optional.empty()))
        .toList();
  }

  private static UserState applied(UserState before, List<Bytes> events) {
    UserState state = before;
    for (Bytes json : events) {
      state = state.apply(new JournalEntry(state.chain().head(), json));
    }
    return state;
  }

  private static String text(Bytes json) {
    return new String(json.toArray(), StandardCharsets.UTF_8);
  }

  /** A file is one event and the line's end. */
  private static List<Bytes> stored() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().map(UserEventTest::event).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Bytes event(Path file) {
    try {
      byte[] line = Files.readAllBytes(file);
      assertEquals('\n', line[line.length - 1]);
      return Bytes.of(Arrays.copyOf(line, line.length - 1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
