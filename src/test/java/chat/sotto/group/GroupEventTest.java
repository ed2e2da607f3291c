package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.Generations;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Statements;
import chat.sotto.model.TestPerson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The released forms of events: one log, in which every step of a commit and every proposal occurs.
 * These files are what servers have written: they are never edited, and a form that changes gets
 * files of its own beside them.
 */
class GroupEventTest {
  private static final Path FOLDER = Path.of("src/test/resources/journal/group-events-v1");
  private static final GroupId GROUP = new GroupId("0000000000000000000000000000000a");
  private static final Map<String, TestPerson> PEOPLE =
      Stream.of("alice", "bob", "carol", "dave", "erin")
          .collect(Collectors.toMap(Function.identity(), TestPerson::new));
  private static final Bytes SERVER_KEY =
      Bytes.of(Ed25519.fromSeed(TestPerson.digest("server").toArray()).publicKey());
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
                            text(GroupEvent.CODEC.encode(GroupEvent.CODEC.decode(json))))));
  }

  @Test
  void everyEventOperationAndProposalHasAReleasedForm() {
    Set<Class<?>> released = new HashSet<>();
    Set<GroupContent.Kind> kinds = new HashSet<>();
    for (Bytes json : STORED) {
      GroupEvent event = GroupEvent.CODEC.decode(json);
      released.add(event.getClass());
      if (event instanceof GroupEvent.Committed committed) {
        committed.content().ops().forEach(op -> released.add(op.getClass()));
        kinds.add(committed.content().kind());
      } else if (event instanceof GroupEvent.Proposed proposed) {
        released.add(proposed.content().op().getClass());
      }
    }

    Set<Class<?>> all = new HashSet<>();
    for (Class<?> sealed :
        List.of(GroupEvent.Signed.class, GroupOp.class, GroupProposal.class)) {
      all.addAll(Arrays.asList(sealed.getPermittedSubclasses()));
    }
    all.add(GroupEvent.Restored.class);
    assertEquals(all, released);
    assertEquals(Set.of(GroupContent.Kind.values()), kinds);
  }

  @Test
  void leadsToTheSameStateAsWhenItWasWritten() {
    GroupState state = applied(GroupState.empty(GROUP), STORED.subList(0, 14));

    assertEquals("3g2y6TjbuUPsT--uXZQm24A_hpZ0fVz2xV_4RR-zs9M", state.chain().head().toString());
    assertEquals("J941MkjkUfQ7jAq8aET8XnZuWh54O90n84dhDTlyXI8", state.head().hash().toString());
    assertEquals(14, state.head().sequenceNr());
    assertEquals(Generations.ONE, state.generations());
    assertEquals(
        Map.of("alice", GroupRole.MEMBER, "bob", GroupRole.ADMIN),
        state.membership().rows().entrySet().stream()
            .collect(
                Collectors.toMap(
                    row -> row.getKey().value(), row -> row.getValue().role())));
  }

  @Test
  void goesOnInANewGenerationAfterARestore() {
    GroupState before = applied(GroupState.empty(GROUP), STORED.subList(0, 14));
    GroupState restored = applied(before, STORED.subList(14, 15));
    GroupState state = applied(restored, STORED.subList(15, 16));

    assertTrue(restored.membership().awaitsReset());
    assertEquals(before.membership().rows(), restored.membership().rows());
    assertFalse(state.membership().awaitsReset());
    assertEquals(1, state.generations().at(14));
    assertEquals(1_791_209_620, state.generations().at(15));
    assertEquals(1_791_209_620, state.generations().newest());
    assertEquals("g6z51O4781nq6I64Qnf23gjF2M4f0vJ5d7_cCmOhKrI", state.chain().head().toString());
    assertEquals(STORED.size(), state.head().sequenceNr());
  }

  @Test
  void holdsWhatAnAuditorChecksSignaturesWith() {
    for (Bytes json : STORED) {
      GroupEvent event = GroupEvent.CODEC.decode(json);
      if (event instanceof GroupEvent.Restored restored) {
        assertTrue(restored.entry(GROUP).verify(SERVER_KEY, TestPerson.HOST));
        continue;
      }
      GroupEntry entry = ((GroupEvent.Signed) event).entry();
      TestPerson by = PEOPLE.get(entry.fromUser().value());
      var signer = GroupStatements.Signer.of(GROUP, entry);
      Bytes key = Bytes.of(by.deviceKey(1).publicKey());
      assertTrue(GroupStatements.verify(key, signer, entry.content()), text(json));
      if (entry.content() instanceof GroupContent.Commit commit) {
        for (GroupOp op : commit.ops()) {
          if (op instanceof GroupOp.Invite invite) {
            assertTrue(Statements.verifyDeviceList(invite.deviceList()));
          }
        }
      }
    }
  }

  private static GroupState applied(GroupState before, List<Bytes> events) {
    GroupState state = before;
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
      return files.sorted().map(GroupEventTest::event).toList();
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
