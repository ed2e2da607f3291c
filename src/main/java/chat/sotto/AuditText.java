package chat.sotto;

import chat.sotto.audit.Counted;
import chat.sotto.audit.Finding;
import chat.sotto.audit.Result;
import chat.sotto.model.LogPoint;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of an audit as people read it, and as programs do (docs/audit.md §7). */
final class AuditText {
  private static final JsonMapper JSON = new JsonMapper();

  private AuditText() {}

  static void print(PrintWriter out, Path data, Result result) {
    Map<Counted, Long> counts = result.counts();
    out.printf(
        "Audited %s: events %,d, users %,d, groups %,d.%n",
        data,
        counts.get(Counted.EVENTS),
        counts.get(Counted.USERS),
        counts.get(Counted.GROUPS));
    out.printf(
        "  entries of inboxes %,d, posts to groups %,d, acknowledgements %,d%n",
        counts.get(Counted.ENTRIES),
        counts.get(Counted.POSTS),
        counts.get(Counted.ACKNOWLEDGEMENTS));
    printSignatures(out, result);
    if (!result.bodiesChecked()) {
      out.println("  Ciphertexts were NOT looked at: this copy was made without them.");
    }
    printFindings(out, result.findings());
    if (result.findingCount() > result.findings().size()) {
      out.printf(
          "… and %,d more.%n", result.findingCount() - result.findings().size());
    }
    out.println();
    out.println(verdict(result));
  }

  private static void printSignatures(PrintWriter out, Result result) {
    if (!result.signaturesChecked()) {
      out.println("  Signatures were NOT looked at, as you asked.");
      return;
    }
    out.printf("  signatures verified %,d%n", result.counts().get(Counted.SIGNATURES));
    long withoutKey = result.counts().get(Counted.PREKEYS_WITHOUT_KEY);
    if (withoutKey > 0) {
      out.printf(
          "  %,d used prekeys of an older form, whose signatures nobody can verify any more%n",
          withoutKey);
    }
  }

  static void printFindings(PrintWriter out, List<Finding> findings) {
    findings.forEach(finding -> print(out, finding));
  }

  private static void print(PrintWriter out, Finding finding) {
    out.println();
    out.printf("%s: %s%n", finding.code().text(), place(finding));
    out.printf("  expected %s%n", printable(finding.expected()));
    out.printf("  found    %s%n", printable(finding.found()));
  }

  private static String place(Finding finding) {
    if (finding.entity().isEmpty()) {
      return "the file";
    }
    String entity = printable(finding.entity());
    return finding.number() == 0 ? entity : "event %d of %s".formatted(finding.number(), entity);
  }

  /** What stands in the file is not to act on a terminal. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }

  private static String verdict(Result result) {
    if (!result.holds()) {
      return result.findingCount() == 1
          ? "There is 1 finding: what this data shows does NOT hold."
          : "There are %,d findings: what this data shows does NOT hold."
              .formatted(result.findingCount());
    }
    List<String> leftOut = new ArrayList<>();
    if (!result.signaturesChecked()) {
      leftOut.add("signatures");
    }
    if (!result.bodiesChecked()) {
      leftOut.add("ciphertexts");
    }
    return leftOut.isEmpty()
        ? "All that was checked holds."
        : "All that was checked holds, %s left out.".formatted(String.join(" and ", leftOut));
  }

  /** A line for each finding, then one for the whole. */
  static void printJson(PrintWriter out, Result result) {
    printFindingsJson(out, result.findings());
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("type", "audit");
    whole.put("holds", result.holds());
    whole.put("findings", result.findingCount());
    whole.put("signaturesChecked", result.signaturesChecked());
    whole.put("bodiesChecked", result.bodiesChecked());
    for (Counted counted : Counted.values()) {
      whole.put(counted.text(), result.counts().get(counted));
    }
    out.println(json(whole));
  }

  static void printFindingsJson(PrintWriter out, List<Finding> findings) {
    findings.forEach(finding -> out.println(json(fields(finding))));
  }

  /** What a device acknowledged and the data does not show. */
  static void printUnknown(PrintWriter out, LogPoint point) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "unacknowledged");
    fields.put("kind", point.kind());
    fields.put("owner", point.owner());
    fields.put("generation", point.generation());
    fields.put("sequenceNr", point.sequenceNr());
    out.println(json(fields));
  }

  private static Map<String, Object> fields(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "finding");
    fields.put("code", finding.code().text());
    fields.put("entity", finding.entity());
    fields.put("number", finding.number());
    fields.put("expected", finding.expected());
    fields.put("found", finding.found());
    return fields;
  }

  private static String json(Map<String, Object> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers have a JSON form", e);
    }
  }
}
