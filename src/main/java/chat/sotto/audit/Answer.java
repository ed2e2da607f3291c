package chat.sotto.audit;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One line that answers a question. Its fields are its JSON form (docs/audit.md §7): once released,
 * a field keeps its name and meaning, and more may come.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface Answer {
  /** The line for people. */
  String text();
}
