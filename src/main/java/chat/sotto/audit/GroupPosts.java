package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.UserName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When posts stand in groups' logs, by whom, and from where to where somebody reads them: looked up
 * in the journal, with a bounded number of pages kept. Thread-safe.
 */
final class GroupPosts {
  private static final int PAGE = 256;
  private static final int PAGES_MAX = 4096;

  private final JournalFile journal;
  private final Map<String, JournalFile.Entity> entities;
  private final Map<GroupId, Long> heads = new ConcurrentHashMap<>();
  private final Map<Place, Page> pages =
      new LinkedHashMap<>(PAGES_MAX, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Page> eldest) {
          return size() > PAGES_MAX;
        }
      };

  GroupPosts(JournalFile journal) {
    this.journal = journal;
    this.entities = named(journal);
  }

  private static Map<String, JournalFile.Entity> named(JournalFile journal) {
    try {
      return journal.entities().stream()
          .collect(
              Collectors.toMap(JournalFile.Entity::name, entity -> entity, (one, other) -> one));
    } catch (FileDamagedException e) {
      return Map.of();
    }
  }

  private record Place(GroupId group, long number) {}

  /** From an entry on, somebody is given the posts, or no more. */
  private record Turn(UserName user, boolean reads) {}

  /** The entries of one part of a log; time 0 for what is no post. */
  private static final class Page {
    private final long[] times = new long[PAGE];
    private final long[] postTimes = new long[PAGE];
    private final int[] authors = new int[PAGE];
    private final Map<Integer, List<Turn>> turns = new HashMap<>();
    private int size;

    void add(GroupEvent event) {
      times[size] = event.time();
      if (event instanceof GroupEvent.Posted posted) {
        postTimes[size] = event.time();
        authors[size] = posted.device().hashCode();
      } else if (event instanceof GroupEvent.Signed signed) {
        List<Turn> made = turnsOf(signed);
        if (!made.isEmpty()) {
          turns.put(size, made);
        }
      }
      size++;
    }

    /** The next one is nobody's. */
    void skip() {
      times[size] = size == 0 ? 0 : times[size - 1];
      size++;
    }
  }

  private static List<Turn> turnsOf(GroupEvent.Signed event) {
    if (event instanceof GroupEvent.Committed committed) {
      return committed.content().ops().stream().flatMap(GroupPosts::turnOf).toList();
    } else if (event instanceof GroupEvent.Confirmed) {
      return List.of(new Turn(event.user(), true));
    } else if (event.content() instanceof GroupContent.Proposal proposal
        && proposal.op() instanceof GroupProposal.Leave) {
      return List.of(new Turn(event.user(), false));
    }
    return List.of();
  }

  private static Stream<Turn> turnOf(GroupOp op) {
    if (op instanceof GroupOp.Found) {
      return Stream.of(new Turn(op.user(), true));
    } else if (op instanceof GroupOp.Remove) {
      return Stream.of(new Turn(op.user(), false));
    }
    return Stream.empty();
  }

  /** A device on its way through a log: how far it came, and whether posts there are the user's. */
  record Reader(UserName user, DeviceId device, long after, boolean reads) {}

  /** Told of each post that the device was to get. */
  interface Passed {
    void post(long time);
  }

  /** The reader after it went on up to an entry. */
  Reader pass(GroupId group, Reader reader, long upTo, Passed passed) {
    boolean reads = reader.reads();
    int self = reader.device().hashCode();
    long nr = reader.after() + 1;
    while (nr <= upTo) {
      Page page = page(group, (nr - 1) / PAGE);
      int index = (int) ((nr - 1) % PAGE);
      if (index >= page.size) {
        break;
      }
      for (; index < page.size && nr <= upTo; index++, nr++) {
        if (page.postTimes[index] > 0) {
          if (reads && page.authors[index] != self) {
            passed.post(page.postTimes[index]);
          }
        } else {
          reads = readsAfter(page.turns.getOrDefault(index, List.of()), reader.user(), reads);
        }
      }
    }
    return new Reader(reader.user(), reader.device(), Math.max(reader.after(), upTo), reads);
  }

  private static boolean readsAfter(List<Turn> turns, UserName user, boolean before) {
    boolean reads = before;
    for (Turn turn : turns) {
      if (turn.user().equals(user)) {
        reads = turn.reads();
      }
    }
    return reads;
  }

  /** Number of the last entry before a time, 0 if there is none. */
  long lastBefore(GroupId group, long time) {
    long low = 0;
    long high = head(group);
    while (low < high) {
      long middle = (low + high + 1) / 2;
      Page page = page(group, (middle - 1) / PAGE);
      int index = (int) ((middle - 1) % PAGE);
      if (index < page.size && page.times[index] < time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Number of the log's last entry in the journal, 0 if there is none. */
  long head(GroupId group) {
    return heads.computeIfAbsent(group, this::count);
  }

  private long count(GroupId group) {
    try {
      return entity(group).map(entity -> journal.eventCount(entity, 0)).orElse(0L);
    } catch (FileDamagedException e) {
      return 0;
    }
  }

  private Optional<JournalFile.Entity> entity(GroupId group) {
    return Optional.ofNullable(entities.get(GroupState.entity(group)));
  }

  private Page page(GroupId group, long number) {
    var place = new Place(group, number);
    synchronized (pages) {
      Page known = pages.get(place);
      if (known != null) {
        return known;
      }
    }
    Page read = read(group, number * PAGE);
    synchronized (pages) {
      pages.put(place, read);
    }
    return read;
  }

  /** What cannot be read counts for nobody: the audit finds it elsewhere. */
  private Page read(GroupId group, long after) {
    var page = new Page();
    for (EventRow row : rows(group, after)) {
      if (row.nr() <= after + page.size || row.nr() > after + PAGE) {
        break;
      }
      while (after + page.size + 1 < row.nr()) {
        page.skip();
      }
      add(page, row);
    }
    return page;
  }

  private List<EventRow> rows(GroupId group, long after) {
    try {
      return entity(group).map(entity -> journal.events(entity, after, PAGE)).orElse(List.of());
    } catch (FileDamagedException e) {
      return List.of();
    }
  }

  private static void add(Page page, EventRow row) {
    try {
      page.add(GroupEvent.CODEC.decode(Bytes.of(row.bytes())));
    } catch (RuntimeException unreadable) {
      page.skip();
    }
  }
}
