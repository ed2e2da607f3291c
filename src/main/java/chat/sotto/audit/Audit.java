package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One audit of a whole journal (docs/audit.md). Entities are independent of each other, so each
 * thread replays one after the other; what one says of another is looked up in the file.
 *
 * <p><b>Invariant</b>: memory grows with users, their device lists and groups at most, never with
 * events; whatever the file holds, it comes to findings and not to an exception.
 */
public final class Audit {
  private static final String USER = "User|";
  private static final String GROUP = "Group|";
  private static final String ORDER = "a database in order";
  /** How far the server's clock may be before the auditor's. */
  private static final Duration AHEAD_MAX = Duration.ofDays(1);

  private static final long PROGRESS_MILLIS = 100;

  private final Inquiry inquiry;
  private long events;

  private Audit(Inquiry inquiry) {
    this.inquiry = inquiry;
  }

  /**
   * Audits a journal.
   *
   * @throws chat.sotto.journal.DataFolderException if a server began to use the file meanwhile
   */
  public static Result run(JournalFile journal, Options options) {
    return new Audit(new Inquiry(journal, options)).run();
  }

  private Result run() {
    JournalFile journal = inquiry.journal();
    boolean hasBodies = !inquiry.bodies().areLeftOut();
    try {
      if (inquiry.options().isOfAll()) {
        auditAll(journal, hasBodies);
      } else {
        auditSome(journal);
      }
    } catch (FileDamagedException e) {
      damaged("", ORDER, e.getMessage());
    }
    inquiry.signatures().finish();
    journal.requireUnchanged();
    return new Result(
        inquiry.findings().sorted(),
        inquiry.findings().count(),
        inquiry.tally().all(),
        inquiry.options().signatures(),
        hasBodies);
  }

  private void auditAll(JournalFile journal, boolean hasBodies) {
    checkFile(journal);
    replay(journal.entities(), journal.eventCount());
    checkTimes(journal);
    inParallel(inquiry.later());
    if (hasBodies) {
      inquiry.tally().add(Counted.BODIES, journal.bodyCount());
      long expired = journal.expiredBodyCount(inquiry.moment());
      inquiry.tally().add(Counted.BODIES_EXPIRED, expired);
    }
  }

  /** Without what can only be said when all entities are known. */
  private void auditSome(JournalFile journal) {
    List<JournalFile.Entity> chosen =
        journal.entities().stream()
            .filter(entity -> inquiry.options().entities().test(entity.name()))
            .toList();
    replay(chosen, chosen.stream().mapToLong(entity -> journal.eventCount(entity, 0)).sum());
  }

  private void checkFile(JournalFile journal) {
    journal.damages().forEach(damage -> damaged("", ORDER, damage));
    if (!journal.isWhole()) {
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.COPY_INCOMPLETE,
                  "",
                  0,
                  "the data of a stopped server, or a copy made by `sotto admin backup`",
                  "the copy of a database in use, without its log"));
    }
  }

  /** A time that has not come would let everything have expired. */
  private void checkTimes(JournalFile journal) {
    long latest = inquiry.options().clock().millis() + AHEAD_MAX.toMillis();
    if (inquiry.moment() > latest) {
      breach(
          "times that have come",
          "data of the time %d, in milliseconds since 1970".formatted(inquiry.moment()));
    }
    if (inquiry.bodies().areLeftOut() && journal.copyTime().isEmpty()) {
      breach("a copy, where ciphertexts are left out", "no time of a copy");
    }
  }

  private void breach(String expected, String found) {
    inquiry.findings().add(new Finding(Finding.Code.RULE_BROKEN, "", 0, expected, found));
  }

  private void damaged(String entity, String expected, String found) {
    inquiry.findings().add(new Finding(Finding.Code.FILE_DAMAGED, entity, 0, expected, found));
  }

  private void replay(List<JournalFile.Entity> entities, long events) {
    this.events = events;
    inquiry.tally().add(Counted.EVENTS, events);
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    entities.forEach(entity -> tasks.add(() -> replay(entity)));
    inParallel(tasks);
  }

  private void inParallel(Queue<Runnable> tasks) {
    int count = Math.min(inquiry.options().threads(), tasks.size());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var thread = new Thread(() -> runAll(tasks), "sotto-audit");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    try {
      for (Thread thread : threads) {
        while (thread.isAlive()) {
          thread.join(PROGRESS_MILLIS);
          inquiry.options().progress().done(inquiry.eventsRead().sum(), events);
        }
      }
    } catch (InterruptedException e) {
      tasks.clear();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the audit was interrupted", e);
    }
  }

  private void runAll(Queue<Runnable> tasks) {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      try {
        next.run();
      } catch (FileDamagedException e) {
        damaged("", ORDER, e.getMessage());
      } catch (RuntimeException | Error e) {
        // What nobody judged must never count as something that holds.
        damaged("", "data that can be judged", e.toString());
      }
    }
  }

  private void replay(JournalFile.Entity entity) {
    if (entity.deletedTo() != 0) {
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.EVENT_MISSING,
                  entity.name(),
                  entity.deletedTo(),
                  "that no events were deleted",
                  "deleted up to event " + entity.deletedTo()));
    }
    String name = entity.name();
    if (name.startsWith(USER) && UserName.isValid(name.substring(USER.length()))) {
      var user = new UserName(name.substring(USER.length()));
      inquiry.tally().count(Counted.USERS);
      new Replay<>(
              inquiry,
              entity,
              UserEvent.CODEC,
              UserState.empty(user),
              new UserJudge(inquiry, entity, user))
          .run();
    } else if (name.startsWith(GROUP) && GroupId.isValid(name.substring(GROUP.length()))) {
      var group = new GroupId(name.substring(GROUP.length()));
      inquiry.tally().count(Counted.GROUPS);
      new Replay<>(
              inquiry,
              entity,
              GroupEvent.CODEC,
              GroupState.empty(group),
              new GroupJudge(inquiry, entity, group))
          .run();
    } else {
      long number = inquiry.journal().eventCount(entity, Long.MIN_VALUE);
      inquiry.tally().add(Counted.EVENTS_NOT_JUDGED, number);
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.ENTITY_UNKNOWN,
                  name,
                  0,
                  "the name of a user's or a group's entity",
                  name.isEmpty() ? "events of an entity without a name" : "another name"));
    }
  }
}
