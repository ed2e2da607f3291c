package chat.sotto.audit;

import java.util.List;
import java.util.Map;

/**
 * What an audit came to.
 *
 * @param findings those of the whole file first, then by entity and number; the first many, if
 *     there are very many
 * @param findingCount how many there are
 * @param signaturesChecked whether signatures were looked at
 * @param bodiesChecked whether ciphertexts were looked at: a copy may have been made without them
 */
public record Result(
    List<Finding> findings,
    long findingCount,
    Map<Counted, Long> counts,
    boolean signaturesChecked,
    boolean bodiesChecked) {
  public Result {
    findings = List.copyOf(findings);
    counts = Map.copyOf(counts);
  }

  /** With more that does not hold. */
  Result and(Findings more) {
    var all = new Findings();
    findings.forEach(all::add);
    more.sorted().forEach(all::add);
    return new Result(
        all.sorted(),
        findingCount + more.count(),
        counts,
        signaturesChecked,
        bodiesChecked);
  }

  /** Whether all that was checked holds. */
  public boolean holds() {
    return findingCount == 0;
  }
}
