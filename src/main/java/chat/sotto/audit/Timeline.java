package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What happened, in the order of time across entities. First every event is checked, and seen here
 * only as far as to know where each entity's part begins and ends; then the parts are merged, with
 * a bounded number of events in memory.
 */
final class Timeline implements Function<String, Watcher> {
  private static final String USER_PREFIX = "User|";

  /** Of all entities together, as far as each may have the fewest. */
  private static final int ROWS_MAX = 50_000;

  private static final int PAGE_MIN = 2;
  private static final int PAGE_MAX = 256;

  private final Selection selection;
  private final Map<String, Part> parts = new ConcurrentHashMap<>();

  Timeline(Selection selection) {
    this.selection = selection;
  }

  /** Events of an entity, first and last inclusive. */
  private record Part(long first, long last) {}

  /**
   * @param time of the event
   * @param number of the event in its entity
   * @param event its type, as in the journal
   */
  @JsonTypeName("event")
  record Happened(Instant time, String entity, long number, String event, String words)
      implements Answer {
    @Override
    public String text() {
      return "%s  %-20s  %s".formatted(Moment.precise(time), place(), words);
    }

    private String place() {
      boolean isUser = entity.startsWith(USER_PREFIX);
      String name = entity.substring(entity.indexOf('|') + 1);
      return (isUser ? name : "group " + Words.brief(name)) + " " + number;
    }
  }

  @Override
  public Watcher apply(String entity) {
    return new Watcher() {
      @Override
      public void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {
        if (selection.has(user, event)) {
          extend(entity, entry.sequenceNr());
        }
      }

      @Override
      public void saw(GroupId group, StoredEntry entry, GroupEvent event, GroupState after) {
        if (selection.has(event)) {
          extend(entity, entry.sequenceNr());
        }
      }
    };
  }

  private void extend(String entity, long number) {
    parts.merge(
        entity, new Part(number, number), (part, more) -> new Part(part.first(), more.last()));
  }

  void tell(JournalFile journal, Consumer<Answer> each) {
    int page = Math.max(PAGE_MIN, Math.min(PAGE_MAX, ROWS_MAX / Math.max(parts.size(), 1)));
    var next =
        new PriorityQueue<Source>(
            Comparator.comparing((Source source) -> source.head().time())
                .thenComparing(source -> source.head().entity()));
    for (JournalFile.Entity entity : journal.entities()) {
      Part part = parts.get(entity.name());
      if (part != null) {
        var source = new Source(journal, entity, part, page);
        if (source.advance()) {
          next.add(source);
        }
      }
    }
    while (!next.isEmpty()) {
      Source source = next.remove();
      each.accept(source.head());
      if (source.advance()) {
        next.add(source);
      }
    }
  }

  /** The selected events of one entity, a page at a time. */
  private final class Source {
    private final JournalFile journal;
    private final JournalFile.Entity entity;
    private final Part part;
    private final int page;
    private Iterator<EventRow> rows = List.<EventRow>of().iterator();
    private long read;
    private Happened head;

    Source(JournalFile journal, JournalFile.Entity entity, Part part, int page) {
      this.journal = journal;
      this.entity = entity;
      this.part = part;
      this.page = page;
      this.read = part.first() - 1;
    }

    Happened head() {
      return head;
    }

    /** False if there is none left. */
    boolean advance() {
      while (read < part.last()) {
        if (!rows.hasNext()) {
          rows = journal.events(entity, read, page).iterator();
        }
        EventRow row = rows.next();
        read = row.nr();
        Optional<Happened> found = happened(row);
        if (found.isPresent()) {
          head = found.get();
          return true;
        }
      }
      return false;
    }

    private Optional<Happened> happened(EventRow row) {
      Bytes bytes = Bytes.of(row.bytes());
      if (entity.name().startsWith(USER_PREFIX)) {
        var user = new UserName(entity.name().substring(USER_PREFIX.length()));
        UserEvent event = UserEvent.CODEC.decode(bytes);
        return Optional.of(event)
            .filter(one -> selection.has(user, one))
            .map(one -> happened(row, one.time(), Words.type(one), Words.of(user, one)));
      }
      GroupEvent event = GroupEvent.CODEC.decode(bytes);
      return Optional.of(event)
          .filter(selection::has)
          .map(one -> happened(row, one.time(), Words.type(one), Words.of(one)));
    }

    private Happened happened(EventRow row, long time, String type, String words) {
      return new Happened(Moment.of(time), entity.name(), row.nr(), type, words);
    }
  }
}
