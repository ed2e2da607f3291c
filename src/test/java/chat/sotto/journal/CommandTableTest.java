package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.persistence.typed.javadsl.ReplyEffect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  private sealed interface Command {}

  private record Add(int number) implements Command {}

  private record Forget() implements Command {}

  private final List<String> told = new ArrayList<>();
  private final CommandTable<List<String>, Command, Integer> table = new CommandTable<>();

  CommandTableTest() {
    table
        .forState(state -> state < 0)
        .onCommand(Add.class, (entity, state, add) -> say(entity, "below " + add.number()));
    table
        .forAnyState()
        .onCommand(Add.class, (entity, state, add) -> say(entity, state + " and " + add.number()));
    table
        .forState(state -> state > 9)
        .onCommand(Forget.class, (entity, state, forget) -> say(entity, "forgotten"));
  }

  private static ReplyEffect<JournalEntry, Integer> say(List<String> entity, String what) {
    entity.add(what);
    return null;
  }

  @Test
  void theFirstRowWhoseStateFitsIsTaken() {
    table.of(told).apply(-1, new Add(2));
    table.of(told).apply(3, new Add(4));
    table.of(told).apply(10, new Forget());
    assertEquals(List.of("below 2", "3 and 4", "forgotten"), told);
  }

  @Test
  void eachEntityIsToldItsOwn() {
    List<String> other = new ArrayList<>();
    table.of(other).apply(3, new Add(4));
    assertEquals(List.of("3 and 4"), other);
    assertEquals(List.of(), told);
  }

  @Test
  void whatNoRowIsForIsAFault() {
    assertThrows(IllegalStateException.class, () -> table.of(told).apply(9, new Forget()));
    assertEquals(List.of(), told);
  }
}
