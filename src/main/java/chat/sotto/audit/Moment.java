package chat.sotto.audit;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times as an auditor writes and reads them, always in UTC. */
public final class Moment {
  private static final DateTimeFormatter WORDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter PRECISE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private Moment() {}

  /**
   * The moment that a text names: {@code 2026-03-01T12:30:00Z}, {@code 2026-03-01T12:30}, {@code
   * 2026-03-01 12:30}, {@code 2026-03-01} (when that day begins), or {@code now}.
   *
   * @throws IllegalArgumentException with a sentence for people, if it is none of these
   */
  public static Instant parse(String text, Clock clock) {
    String trimmed = text.strip();
    if (trimmed.equals("now")) {
      return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
    try {
      return instant(trimmed.replaceFirst("(?<=\\d) (?=\\d)", "T"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "“%s” is no time that can be read. Write it in UTC, for example 2026-03-01T12:30:00Z,"
                  .formatted(text)
              + " 2026-03-01T12:30, 2026-03-01 or now.",
          e);
    }
  }

  private static Instant instant(String text) {
    if (!text.contains("T")) {
      return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    } else if (text.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)")) {
      return OffsetDateTime.parse(text).toInstant();
    }
    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  /** @param millis since 1970 */
  static Instant of(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  static LocalDate dayOf(long millis) {
    return LocalDate.ofInstant(of(millis), ZoneOffset.UTC);
  }

  /** To the second, in UTC. */
  static String words(Instant time) {
    return WORDS.format(time);
  }

  /** To the millisecond, in UTC. */
  static String precise(Instant time) {
    return PRECISE.format(time);
  }

  /** A length of time, to what matters. */
  static String duration(long millis) {
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    } else if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long minutes = millis / 60_000;
    if (minutes < 60) {
      return "%d min %d s".formatted(minutes, millis / 1000 % 60);
    } else if (minutes < 24 * 60) {
      return "%d h %d min".formatted(minutes / 60, minutes % 60);
    }
    return "%d days %d h".formatted(minutes / (24 * 60), minutes / 60 % 24);
  }
}
