package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.model.Acknowledgement;
import chat.sotto.model.Bytes;
import chat.sotto.model.LogPoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgementsTest {
  private static final String GROUP = "0123456789abcdef0123456789abcdef";

  private ClientStore store;

  @BeforeEach
  void open(@TempDir Path folder) {
    store = new FileStore(folder.resolve("store"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static LogPoint inbox(long generation, long sequenceNr) {
    return new LogPoint(
        LogPoint.INBOX, "alice", generation, sequenceNr, Bytes.of(new byte[32]));
  }

  private static LogPoint group(long sequenceNr) {
    return new LogPoint(LogPoint.GROUP, GROUP, 1, sequenceNr, Bytes.of(new byte[32]));
  }

  private static Acknowledgement of(LogPoint... items) {
    return new Acknowledgement(List.of(items), Bytes.of(new byte[64]));
  }

  private List<Acknowledgement> kept(Acknowledgement... statements) {
    return store.transaction(
        rows -> {
          var acknowledgements = new Acknowledgements(rows);
          List.of(statements).forEach(acknowledgements::keep);
          return acknowledgements.newest();
        });
  }

  @Test
  void keepsTheNewestThatNamesEachLog() {
    Acknowledgement both = of(group(3), inbox(1, 1));
    assertEquals(List.of(both), kept(both));
    assertEquals(List.of(both, of(inbox(1, 2))), kept(of(inbox(1, 2))));
    assertEquals(List.of(both, of(inbox(1, 9))), kept(of(inbox(1, 7)), of(inbox(1, 9))));
    assertEquals(List.of(of(inbox(1, 9)), of(group(4))), kept(of(group(4))));
  }

  @Test
  void whatIsAcknowledgedOnceMoreTakesNothingBack() {
    assertEquals(List.of(of(inbox(1, 9))), kept(of(inbox(1, 9)), of(inbox(1, 5))));
    assertEquals(List.of(of(inbox(1, 9))), kept(of(inbox(1, 9))));
  }

  @Test
  void generationCountsBeforeTheNumber() {
    assertEquals(List.of(of(inbox(2, 4))), kept(of(inbox(1, 9)), of(inbox(2, 4))));
    assertEquals(List.of(of(inbox(2, 4))), kept(of(inbox(1, 10))));
  }
}
