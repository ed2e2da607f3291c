package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:30:00.123Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "2026-03-01T12:30:00Z, 2026-03-01T12:30:00Z",
    "2026-03-01T12:30:00.5Z, 2026-03-01T12:30:00.500Z",
    "2026-03-01T12:30:00+02:00, 2026-03-01T10:30:00Z",
    "2026-03-01T12:30, 2026-03-01T12:30:00Z",
    "2026-03-01 12:30:15, 2026-03-01T12:30:15Z",
    "' 2026-03-01 ', 2026-03-01T00:00:00Z",
    "now, 2026-03-01T12:30:00.123Z",
  })
  void readsTimesAsPeopleWriteThem(String text, String expected) {
    assertEquals(Instant.parse(expected), Moment.parse(text, CLOCK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-01", "01.03.2026", "2026-02-30", "12:30", "T"})
  void saysHowATimeIsWritten(String text) {
    var refused = assertThrows(IllegalArgumentException.class, () -> Moment.parse(text, CLOCK));
    assertTrue(refused.getMessage().contains("for example 2026-03-01T12:30:00Z"));
  }

  @Test
  void tellsLengthsOfTimeToWhatMatters() {
    assertEquals("0.15 s", Moment.duration(151));
    assertEquals("59.9 s", Moment.duration(59_900));
    assertEquals("2 min 5 s", Moment.duration(125_000));
    assertEquals("3 h 0 min", Moment.duration(3 * 3_600_000));
    assertEquals("2 days 1 h", Moment.duration(49 * 3_600_000L));
  }
}
