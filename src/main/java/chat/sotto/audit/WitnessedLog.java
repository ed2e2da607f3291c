package chat.sotto.audit;

import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.crypto.EntryChain;
import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.Generations;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One log as a device saw it: the points that it names, and what the journal has in their place. */
final class WitnessedLog implements Watcher {
  private final String entity;
  private final Set<LogPoint> points = new HashSet<>();

  /** Hashes in the journal at the numbers of those points. */
  private final Map<Long, Optional<Bytes>> hashes = new HashMap<>();

  private final List<Restored> restarts = new ArrayList<>();
  private final Set<Bytes> deviceLists = new HashSet<>();
  private long end;
  private Generations generations = Generations.ONE;
  private Optional<UserState> user = Optional.empty();

  WitnessedLog(String entity) {
    this.entity = entity;
  }

  /** Before the journal is looked at. */
  void name(LogPoint point) {
    points.add(point);
    hashes.put(point.sequenceNr(), Optional.empty());
  }

  /** The state after the last event that holds, if this is a user's. */
  Optional<UserState> user() {
    return user;
  }

  boolean knows(Bytes listHash) {
    return deviceLists.contains(listHash);
  }

  @Override
  public void saw(UserName name, StoredEntry entry, UserEvent event, UserState after) {
    user = Optional.of(after);
    Accounts.brought(event).map(Statements::listHash).ifPresent(deviceLists::add);
    if (event instanceof UserEvent.Accepted accepted) {
      saw(accepted.sequenceNr(), accepted.hash());
    } else if (event instanceof UserEvent.Restored restored) {
      saw(restored.entry(name));
    }
  }

  @Override
  public void saw(GroupId group, StoredEntry entry, GroupEvent event, GroupState after) {
    if (event instanceof GroupEvent.Restored restored) {
      saw(restored.entry(group));
    } else {
      saw(event.sequenceNr(), event.hash());
    }
  }

  private void saw(Restored restored) {
    restarts.add(restored);
    generations = generations.goOnWith(restored);
    saw(restored.sequenceNr(), restored.hash());
  }

  private void saw(long sequenceNr, Bytes hash) {
    end = sequenceNr;
    hashes.computeIfPresent(sequenceNr, (number, none) -> Optional.of(hash));
  }

  /**
   * What of the points does not hold, when all events were seen.
   *
   * @param exportedAt when the device said so, by its own clock
   */
  void judge(Findings findings, long exportedAt) {
    for (LogPoint point : points) {
      boolean isKnown = isKnownGeneration(point.generation());
      if (!isKnown || point.sequenceNr() > endOf(point.generation())) {
        String found = isKnown ? ending(point.generation(), exportedAt) : noSuchGeneration();
        add(findings, Finding.Code.HISTORY_SHORTENED, point, found);
      } else if (!hashOf(point).equals(Optional.of(point.hash()))) {
        String found = hashOf(point).map(hash -> "hash " + hex(hash)).orElse("another entry");
        add(findings, Finding.Code.HISTORY_CHANGED, point, found);
      }
    }
  }

  private void add(Findings findings, Finding.Code code, LogPoint point, String found) {
    String expected =
        "entry %d of generation %d, as the device saw it, with hash %s"
            .formatted(point.sequenceNr(), point.generation(), hex(point.hash()));
    findings.add(new Finding(code, entity, 0, expected, found));
  }

  private boolean isKnownGeneration(long generation) {
    return generation == Generations.FIRST
        || restarts.stream().anyMatch(one -> one.generation() == generation);
  }

  private String noSuchGeneration() {
    return "the log ends at entry %d of generation %d".formatted(end, generations.newest());
  }

  /** Number of the last entry of a generation. */
  private long endOf(long generation) {
    return after(generation).map(next -> next.previous().sequenceNr()).orElse(end);
  }

  private Optional<Restored> after(long generation) {
    return restarts.stream().filter(one -> one.generation() > generation).findFirst();
  }

  private String ending(long generation, long exportedAt) {
    String where = "the log ends at entry " + endOf(generation);
    return after(generation)
        .map(
            next ->
                "%s of it: the server was restored from a copy of %s%s"
                    .formatted(
                        where,
                        Instant.ofEpochMilli(next.copyTime()),
                        next.copyTime() > exportedAt ? ", made after the device had seen it" : ""))
        .orElse(where);
  }

  private Optional<Bytes> hashOf(LogPoint point) {
    if (point.sequenceNr() == 0) {
      byte[] start = EntryChain.start(point.kind(), point.owner(), Generations.FIRST);
      return Optional.of(Bytes.of(start));
    }
    return generations.contain(point)
        ? hashes.get(point.sequenceNr())
        : Optional.empty();
  }
}
