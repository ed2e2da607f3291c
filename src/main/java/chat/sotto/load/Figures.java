package chat.sotto.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What a run came to: rows for people and values for programs. */
public final class Figures {
  private static final double MICROS_A_MILLI = 1_000;

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private boolean holds = true;

  /** One line of the table. */
  public record Row(String label, String text) {}

  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** Numbers, texts, and maps of these. */
  public Map<String, Object> values() {
    return values;
  }

  /** What one has to know to read the figures. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Whether nothing was lost or came twice, all had answers, and nothing grew. */
  public boolean holds() {
    return holds;
  }

  void note(String sentence) {
    notes.add(sentence);
  }

  /** @param format of the value */
  void add(String key, String label, String format, Object value) {
    values.put(key, value);
    rows.add(new Row(label, format.formatted(value)));
  }

  /** @return p99 in ms */
  double addLatency(String key, String label, Recorder recorder) {
    Histogram all = recorder.getIntervalHistogram();
    double p50 = all.getValueAtPercentile(50) / MICROS_A_MILLI;
    double p99 = all.getValueAtPercentile(99) / MICROS_A_MILLI;
    double max = all.getMaxValue() / MICROS_A_MILLI;
    values.put(key, Map.of("p50", p50, "p99", p99, "max", max, "count", all.getTotalCount()));
    rows.add(new Row(label, "p50 %,.1f, p99 %,.1f, max %,.1f ms".formatted(p50, p99, max)));
    return p99;
  }

  /** Of how many each kept busy. @param server empty if it is not known */
  void addCores(String key, String label, Optional<Double> server, double generator) {
    var cores = new LinkedHashMap<String, Object>();
    server.ifPresent(busy -> cores.put("server", busy));
    cores.put("generator", generator);
    values.put(key, cores);
    String text = "generator %.2f".formatted(generator);
    rows.add(
        new Row(label, server.map(busy -> "server %.2f, ".formatted(busy)).orElse("") + text));
  }

  /** Before the run and after it, as of {@link CoreSpeed#now}. */
  void addCoreSpeed(double before, double after) {
    values.put("coreSpeed", Map.of("before", before, "after", after));
    rows.add(
        new Row("a core, MB of SHA3-256/s", "before %,.0f, after %,.0f".formatted(before, after)));
  }

  /** Of what must not grow. */
  void addGrowth(String key, String label, double early, double late, boolean isFlat) {
    values.put(key, Map.of("early", early, "late", late, "flat", isFlat));
    rows.add(
        new Row(
            label, "%,.0f, later %,.0f: %s".formatted(early, late, isFlat ? "flat" : "GROWS")));
    holds &= isFlat;
  }

  /** Of what must not grow, but nobody could tell. */
  void addUnjudged(String key, String label) {
    add(key, label, "%s", "could not be read: not judged");
  }

  /** Of what must be 0. */
  void addNone(String key, String label, long count) {
    add(key, label, "%,d", count);
    holds &= count == 0;
  }

  /** The two that must be 0. */
  void addLosses(long lost, long doubled) {
    values.put("lost", lost);
    values.put("duplicated", doubled);
    rows.add(new Row("lost, duplicated", "%,d, %,d".formatted(lost, doubled)));
    holds &= lost == 0 && doubled == 0;
  }
}
