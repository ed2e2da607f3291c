package chat.sotto;

import chat.sotto.audit.Questions;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that ask a journal something; each is read as one line of help. */
final class AuditQuestions {
  private static final String TIME = "UTC, such as 2026-03-01T12:30:00Z, 2026-03-01 or now (now).";

  private AuditQuestions() {}

  /** {@code audit members}: who was in a group. */
  @Command(
      name = "members",
      description = "Tells who was in a group at a time, and who put them there.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  static final class Members extends AuditQuestion {
    @Parameters(paramLabel = "GROUP", description = "Id of the group, or how it begins.")
    private String group;

    @Option(
        names = "--at",
        paramLabel = "TIME",
        converter = TimeText.class,
        description = TIME)
    private Optional<Instant> at = Optional.empty();

    @Override
    void ask(Questions questions) {
      questions.members(group, at.orElseGet(Clock.systemUTC()::instant));
    }
  }

  /** {@code audit pending}: what waited for a user. */
  @Command(
      name = "pending",
      description = "Tells what waited for a user's devices at a time.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  static final class Pending extends AuditQuestion {
    @Parameters(paramLabel = "USER", description = "Name of the user.")
    private String user;

    @Option(
        names = "--at",
        paramLabel = "TIME",
        converter = TimeText.class,
        description = TIME)
    private Optional<Instant> at = Optional.empty();

    @Override
    void ask(Questions questions) {
      questions.pending(user, at.orElseGet(Clock.systemUTC()::instant));
    }
  }

  /** {@code audit entry}: what is recorded of an entry. */
  @Command(
      name = "entry",
      description = "Tells all that is recorded of one entry, and what became of it.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  static final class Entry extends AuditQuestion {
    @Parameters(index = "0", paramLabel = "LOG", description = "inbox/USER or group/ID.")
    private String log;

    @Parameters(index = "1", paramLabel = "N", description = "Number of the entry in the log.")
    private long number;

    @Override
    void ask(Questions questions) {
      questions.entry(log, number);
    }
  }

  /** {@code audit devices}: which devices a user has. */
  @Command(
      name = "devices",
      description = "Tells which devices a user has, and what the server keeps for each.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  static final class Devices extends AuditQuestion {
    @Parameters(paramLabel = "USER", description = "Name of the user.")
    private String user;

    @Override
    void ask(Questions questions) {
      questions.devices(user);
    }
  }

  /** {@code audit timeline}: what happened. */
  @Command(
      name = "timeline",
      description = "Tells what happened, one line an event, in the order of time.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  static final class Timeline extends AuditQuestion {
    @Option(
        names = "--user",
        paramLabel = "USER",
        description = "Only what the user did, and what concerns the user.")
    private Optional<String> user = Optional.empty();

    @Option(
        names = "--group",
        paramLabel = "GROUP",
        description = "Only the log of this group: its id, or how that begins.")
    private Optional<String> group = Optional.empty();

    @Option(
        names = "--from",
        paramLabel = "TIME",
        converter = TimeText.class,
        description = "The first moment (the beginning).")
    private Optional<Instant> from = Optional.empty();

    @Option(
        names = "--to",
        paramLabel = "TIME",
        converter = TimeText.class,
        description = "The last moment (the end).")
    private Optional<Instant> to = Optional.empty();

    @Override
    void ask(Questions questions) {
      questions.timeline(user, group, from, to);
    }
  }

  /** {@code audit summary}: the journal in numbers. */
  @Command(
      name = "summary",
      description = "Tells in numbers what happened: messages, delays, what waits.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  static final class Summary extends AuditQuestion {
    @Override
    void ask(Questions questions) {
      questions.summary();
    }
  }
}
