package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an entity need not derive a second time. */
class DecisionTest {
  private static final EventCodec<Event> CODEC = new EventCodec<>(Event.class);

  private final Counter start = new Counter(HashChain.start("Counter|a"), 0);
  private final Decision<Event, String> decision = twice();

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  sealed interface Event {}

  @JsonTypeName("counted")
  record Counted(long time) implements Event {}

  record Counter(HashChain chain, long time) implements EntityState<Event, Counter> {
    @Override
    public Counter apply(JournalEntry entry) {
      return apply(entry, CODEC.decode(entry.event()));
    }

    @Override
    public Counter apply(JournalEntry entry, Event event) {
      return new Counter(chain.append(entry), ((Counted) event).time());
    }
  }

  private Decision<Event, String> twice() {
    var draft = new Draft<>(CODEC, start, new TestClock());
    draft.add(Counted::new);
    draft.add(Counted::new);
    return draft.reply("done");
  }

  @Test
  void knowsTheStatesThatReadingTheEntriesGives() {
    Counter read = start;
    EntityState<?, ?> known = start;
    for (JournalEntry entry : decision.entries()) {
      read = read.apply(entry);
      known = decision.after(known, entry).orElseThrow();
      assertEquals(read, known);
    }
  }

  @Test
  void knowsNothingOfOtherEntriesNorOfOtherStates() {
    JournalEntry first = decision.entries().get(0);
    JournalEntry second = decision.entries().get(1);
    var sameBytes = new JournalEntry(first.previousHash(), first.event());
    var sameState = new Counter(start.chain(), start.time());

    assertEquals(Optional.empty(), decision.after(start, second));
    assertEquals(Optional.empty(), decision.after(start, sameBytes));
    assertEquals(Optional.empty(), decision.after(sameState, first));
  }

  @Test
  void endsWithItsLastEntryOnly() {
    assertFalse(decision.endsWith(decision.entries().get(0)));
    assertTrue(decision.endsWith(decision.entries().get(1)));
    assertFalse(Decision.onlyReply("no").endsWith(decision.entries().get(1)));
  }
}
