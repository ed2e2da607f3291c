package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One audit of a whole journal (docs/audit.md). Entities are independent of each other, so each
 * thread replays one after the other; what one says of another is looked up in the file.
 *
 * <p><b>Invariant</b>: memory grows with users and groups at most, never with events; whatever the
 * file holds, it comes to findings and not to an exception.
 */
public final class Audit {
  private static final String USER = "User|";
  private static final String GROUP = "Group|";
  private static final String ORDER = "a database in order";
  private static final long PROGRESS_MILLIS = 100;

  private final Inquiry inquiry;

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
    try {
      checkFile(journal);
      replay(journal.entities(), journal.eventCount());
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
        false);
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

  private void damaged(String entity, String expected, String found) {
    inquiry.findings().add(new Finding(Finding.Code.FILE_DAMAGED, entity, 0, expected, found));
  }

  private void replay(List<JournalFile.Entity> entities, long events) {
    Queue<JournalFile.Entity> left = new ConcurrentLinkedQueue<>(entities);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(inquiry.options().threads(), entities.size()); i++) {
      var thread = new Thread(() -> replayAll(left), "sotto-audit-replay");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    try {
      for (Thread thread : threads) {
        while (thread.isAlive()) {
          thread.join(PROGRESS_MILLIS);
          inquiry.options().progress().done(inquiry.tally().of(Counted.EVENTS), events);
        }
      }
    } catch (InterruptedException e) {
      left.clear();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the audit was interrupted", e);
    }
  }

  private void replayAll(Queue<JournalFile.Entity> left) {
    for (JournalFile.Entity next = left.poll(); next != null; next = left.poll()) {
      try {
        replay(next);
      } catch (RuntimeException | Error e) {
        // An entity that nobody judged must never count as one that holds.
        damaged(next.name(), "an entity that can be judged", e.toString());
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
              new UserJudge(inquiry, user))
          .run();
    } else if (name.startsWith(GROUP) && GroupId.isValid(name.substring(GROUP.length()))) {
      var group = new GroupId(name.substring(GROUP.length()));
      inquiry.tally().count(Counted.GROUPS);
      new Replay<>(
              inquiry,
              entity,
              GroupEvent.CODEC,
              GroupState.empty(group),
              new GroupJudge(inquiry, group))
          .run();
    } else {
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
