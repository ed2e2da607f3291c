package chat.sotto;

import chat.sotto.audit.Audit;
import chat.sotto.audit.CheckpointRefusedException;
import chat.sotto.audit.Options;
import chat.sotto.audit.ReportPage;
import chat.sotto.audit.Result;
import chat.sotto.audit.Since;
import chat.sotto.audit.Statistics;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.UnknownFormatException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code audit}: checks all that a server's data shows, and says whether it holds. */
@Command(
    name = "audit",
    description = "Checks what a server did: whether all that its data shows holds.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      AuditQuestions.Members.class,
      AuditQuestions.Pending.class,
      AuditQuestions.Entry.class,
      AuditQuestions.Devices.class,
      AuditQuestions.Timeline.class,
      AuditQuestions.Summary.class,
      AuditCheckpoint.class,
      AuditWitness.class
    })
final class AuditCommand implements Callable<Integer> {
  static final int HOLDS = 0;
  static final int FINDINGS = 1;

  // The numbers of sysexits(3).
  static final int FORMAT_UNKNOWN = 65;
  static final int DATA_UNREADABLE = 66;
  static final int REPORT_NOT_WRITTEN = 73;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DATA",
      description = "Data folder, or a database file (./data).")
  private Path data = Path.of("data");

  @Option(names = "--json", description = "Writes JSON, one object a line.")
  private boolean json;

  @Option(
      names = "--server-key",
      paramLabel = "KEY",
      converter = KeyText.class,
      description = "The server's public sign key, base64url.")
  private Optional<Bytes> serverKey = Optional.empty();

  @Option(names = "--no-signatures", description = "Leaves signatures out, which is quicker.")
  private boolean noSignatures;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (one for each core).")
  private Optional<Integer> threads = Optional.empty();

  /** A public key as people are given it. */
  static final class KeyText implements ITypeConverter<Bytes> {
    @Override
    public Bytes convert(String text) {
      try {
        Bytes key = Bytes.fromBase64Url(text);
        Bounds.size("key", key, Bounds.KEY_BYTES);
        return key;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'%s' is no public key".formatted(text));
      }
    }
  }

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also writes a report as one page, for people who are no engineers.")
  private Optional<Path> html = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "FILE",
      description = "A checkpoint: all that it names must still be there.")
  private Optional<Path> since = Optional.empty();

  @Override
  public Integer call() {
    Options options = options();
    try (JournalFile journal = JournalFile.open(data);
        var progress = new ProgressBar(spec.commandLine().getErr())) {
      var statistics = new Statistics(journal);
      Options watched = html.isPresent() ? options.withWatchers(statistics) : options;
      Optional<Since> checkpoint = checkpoint(journal);
      Result audited = Audit.run(journal, watched.withProgress(progress));
      Result result = checkpoint.isPresent() ? checkpoint.get().addTo(audited) : audited;
      progress.close();
      print(result);
      journal.requireUnchanged();
      if (html.isPresent()
          && !isWritten(ReportPage.of(result, statistics.figures(), subject(journal)))) {
        return REPORT_NOT_WRITTEN;
      }
      return result.holds() ? HOLDS : FINDINGS;
    } catch (UnknownFormatException e) {
      return refuse(FORMAT_UNKNOWN, e.getMessage());
    } catch (DataFolderException | FileDamagedException e) {
      return refuse(DATA_UNREADABLE, e.getMessage());
    } catch (CheckpointRefusedException e) {
      return refuse(FORMAT_UNKNOWN, e.getMessage());
    } catch (NoSuchFileException e) {
      return refuse(DATA_UNREADABLE, "There is no file %s.".formatted(e.getMessage()));
    } catch (IOException e) {
      return refuse(DATA_UNREADABLE, "The checkpoint cannot be read: %s.".formatted(e));
    }
  }

  private Optional<Since> checkpoint(JournalFile journal) throws IOException {
    return since.isPresent()
        ? Optional.of(Since.read(journal, serverKey, () -> open(since.get())))
        : Optional.empty();
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file));
  }

  private ReportPage.Subject subject(JournalFile journal) {
    return new ReportPage.Subject(
        data.toString(), journal.meta(DataFolder.SERVER_HOST), Instant.now(), Main.version());
  }

  private boolean isWritten(String page) {
    try {
      Files.writeString(html.orElseThrow(), page, StandardCharsets.UTF_8);
      return true;
    } catch (IOException e) {
      refuse(REPORT_NOT_WRITTEN, "The report cannot be written: %s.".formatted(e));
      return false;
    }
  }

  private Options options() {
    Options options = Options.standard().withSignatures(!noSignatures);
    if (threads.isPresent()) {
      if (threads.get() < 1) {
        throw new picocli.CommandLine.ParameterException(
            spec.commandLine(), "--threads must be at least 1");
      }
      options = options.withThreads(threads.get());
    }
    return serverKey.isPresent() ? options.withServerKey(serverKey.get()) : options;
  }

  private void print(Result result) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      AuditText.printJson(out, result);
    } else {
      AuditText.print(out, data, result);
    }
    out.flush();
  }

  private int refuse(int status, String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
    return status;
  }
}
