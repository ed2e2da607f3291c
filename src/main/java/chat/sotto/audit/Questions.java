package chat.sotto.audit;

import chat.sotto.group.GroupState;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers what an auditor asks of a journal. All that an answer needs is replayed and checked
 * first; what does not hold there is told with it, and an answer goes as far as things hold.
 */
public final class Questions {
  private static final int PAGE = 256;
  private static final int GROUPS_NAMED_MAX = 5;
  private static final String GROUP_PREFIX = GroupStatistics.ENTITY_PREFIX;

  private final JournalFile journal;
  private final Options options;
  private final Consumer<Answer> answers;
  private final List<Finding> findings = new ArrayList<>();

  /** @param answers is given the lines of the answer in their order */
  public Questions(JournalFile journal, Options options, Consumer<Answer> answers) {
    this.journal = journal;
    this.options = options;
    this.answers = answers;
  }

  /** What does not hold in what was read. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Who was in a group then. @param group its id, or how that begins */
  public void members(String group, Instant at) {
    GroupId id = group(group);
    var members = new GroupMembers(id, at);
    replay(Set.of(GroupState.entity(id)), entity -> members);
    members.answers().forEach(answers);
  }

  /** What waited then for each device of a user. */
  public void pending(String name, Instant at) {
    UserName user = user(name);
    var waiting = new WaitingForUser(user, at);
    replay(Set.of(UserState.entity(user)), entity -> waiting);
    if (!waiting.isRegistered()) {
      throw new UnknownException(
          "The user %s was not registered yet at %s UTC.".formatted(user, Moment.words(at)));
    }
    replay(entities(waiting.groups(), GroupState::entity), entity -> waiting);
    waiting.answers().forEach(answers);
    read(
        UserState.entity(user),
        waiting.after(),
        waiting.upTo(),
        row -> waiting.entry(UserEvent.CODEC.decode(Bytes.of(row.bytes())), answers));
  }

  private void read(String name, long after, long upTo, Consumer<EventRow> each) {
    JournalFile.Entity entity = entity(name).orElseThrow();
    long read = after;
    while (read < upTo) {
      for (EventRow row : journal.events(entity, read, PAGE)) {
        read = row.nr();
        if (read <= upTo) {
          each.accept(row);
        }
      }
    }
  }

  /**
   * All that is recorded of an entry.
   *
   * @param log {@code inbox/USER} or {@code group/ID}
   */
  public void entry(String log, long sequenceNr) {
    int slash = log.indexOf('/');
    String kind = slash < 0 ? log : log.substring(0, slash);
    String owner = log.substring(slash + 1);
    List<Answer> found =
        switch (kind) {
          case LogPoint.INBOX -> inboxEntry(user(owner), sequenceNr);
          case LogPoint.GROUP -> groupEntry(group(owner), sequenceNr);
          default ->
              throw new IllegalArgumentException(
                  "“%s” is no log. Write inbox/USER or group/ID, for example inbox/alice."
                      .formatted(log));
        };
    if (found.isEmpty()) {
      throw new UnknownException(
          "The log %s has no entry %d that holds.".formatted(log, sequenceNr));
    }
    found.forEach(answers);
  }

  private List<Answer> inboxEntry(UserName user, long sequenceNr) {
    var trail = new InboxTrail(sequenceNr, this::isBodyThere);
    replay(Set.of(UserState.entity(user)), entity -> trail);
    return trail.answers();
  }

  private List<Answer> groupEntry(GroupId group, long sequenceNr) {
    var trail = new GroupTrail(group, sequenceNr, this::isBodyThere);
    replay(Set.of(GroupState.entity(group)), entity -> trail);
    replay(entities(trail.readers(), UserState::entity), entity -> trail);
    return trail.answers();
  }

  private boolean isBodyThere(String id) {
    return journal.body(id).isPresent();
  }

  /** Which devices a user has. */
  public void devices(String name) {
    UserName user = user(name);
    var devices = new DevicesOfUser(user);
    replay(Set.of(UserState.entity(user)), entity -> devices);
    devices.answers().forEach(answers);
  }

  /**
   * What happened, in the order of time.
   *
   * @param name of the user whose doings are told, and what concerns them
   * @param group whose log is told, by its id or how that begins
   */
  public void timeline(
      Optional<String> name,
      Optional<String> group,
      Optional<Instant> from,
      Optional<Instant> to) {
    var timeline = new Timeline(new Selection(name.map(this::user), from, to));
    if (group.isPresent()) {
      replay(Set.of(GroupState.entity(group(group.get()))), timeline);
    } else {
      replayAll(timeline);
    }
    timeline.tell(journal, answers);
  }

  /** The journal in numbers. */
  public void summary() {
    var statistics = new Statistics(journal);
    replayAll(statistics);
    statistics.figures().answers().forEach(answers);
  }

  private void replay(Set<String> entities, Function<String, Watcher> watchers) {
    run(options.withEntities(entities::contains).withWatchers(watchers));
  }

  private void replayAll(Function<String, Watcher> watchers) {
    run(options.withWatchers(watchers));
  }

  private void run(Options chosen) {
    findings.addAll(Audit.run(journal, chosen).findings());
  }

  private static <T> Set<String> entities(Collection<T> ids, Function<T, String> entity) {
    return ids.stream().map(entity).collect(Collectors.toSet());
  }

  private Optional<JournalFile.Entity> entity(String name) {
    return journal.entities().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private UserName user(String name) {
    if (!UserName.isValid(name) || entity(UserState.entity(new UserName(name))).isEmpty()) {
      throw new UnknownException("The journal knows no user “%s”.".formatted(name));
    }
    return new UserName(name);
  }

  private GroupId group(String beginning) {
    List<String> ids =
        journal.entities().stream()
            .map(JournalFile.Entity::name)
            .filter(name -> name.startsWith(GROUP_PREFIX + beginning))
            .map(name -> name.substring(GROUP_PREFIX.length()))
            .filter(GroupId::isValid)
            .sorted()
            .toList();
    if (ids.isEmpty()) {
      throw new UnknownException("The journal knows no group “%s”.".formatted(beginning));
    } else if (ids.size() > 1) {
      throw new UnknownException(
          "The ids of %d groups begin with “%s”: %s%s."
              .formatted(
                  ids.size(),
                  beginning,
                  String.join(", ", ids.subList(0, Math.min(ids.size(), GROUPS_NAMED_MAX))),
                  ids.size() > GROUPS_NAMED_MAX ? ", …" : ""));
    }
    return new GroupId(ids.get(0));
  }
}
