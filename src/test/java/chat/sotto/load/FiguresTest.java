package chat.sotto.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void machineThatStayedAsQuickAsItWasIsNotNoted() {
    var figures = new Figures();
    figures.addCoreSpeed(100, 119);
    figures.addCoreSpeed(119, 100);
    assertEquals(List.of(), figures.notes());
    assertEquals(Map.of("before", 119.0, "after", 100.0), figures.values().get("coreSpeed"));
  }

  @Test
  void machineThatBecameAnotherIsNoted() {
    var slower = new Figures();
    slower.addCoreSpeed(200, 100);
    assertTrue(slower.notes().get(0).startsWith("The machine was 2.0 times as quick"));
    var quicker = new Figures();
    quicker.addCoreSpeed(100, 121);
    assertEquals(1, quicker.notes().size());
    assertTrue(quicker.holds());
  }
}
