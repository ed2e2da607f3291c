package chat.sotto;

import chat.sotto.audit.Answer;
import chat.sotto.audit.AnswerJson;
import chat.sotto.audit.Finding;
import chat.sotto.audit.Moment;
import chat.sotto.audit.Options;
import chat.sotto.audit.Questions;
import chat.sotto.audit.UnknownException;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.UnknownFormatException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What the commands have in common that ask a journal something. */
abstract class AuditQuestion implements Callable<Integer> {
  /** The journal does not have what was asked for. */
  static final int UNKNOWN = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Data folder, or a database file (./data).")
  private Path data = Path.of("data");

  @Option(names = "--json", description = "Writes JSON, one object a line.")
  private boolean json;

  /** A time as an auditor writes it. */
  static final class TimeText implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return Moment.parse(text, Clock.systemUTC());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  abstract void ask(Questions questions);

  @Override
  public Integer call() {
    try (JournalFile journal = JournalFile.open(data);
        var progress = new ProgressBar(spec.commandLine().getErr())) {
      var questions =
          new Questions(journal, Options.standard().withProgress(progress), this::print);
      ask(questions);
      journal.requireUnchanged();
      progress.close();
      return tell(questions.findings());
    } catch (UnknownException e) {
      return refuse(UNKNOWN, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (UnknownFormatException e) {
      return refuse(AuditCommand.FORMAT_UNKNOWN, e.getMessage());
    } catch (DataFolderException e) {
      return refuse(AuditCommand.DATA_UNREADABLE, e.getMessage());
    } catch (FileDamagedException e) {
      return refuse(
          AuditCommand.DATA_UNREADABLE,
          "The data in %s cannot be read: %s.".formatted(data, e.getMessage()));
    }
  }

  private void print(Answer answer) {
    spec.commandLine().getOut().println(json ? AnswerJson.of(answer) : answer.text());
  }

  private int tell(List<Finding> findings) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      AuditText.printFindingsJson(out, findings);
    } else if (!findings.isEmpty()) {
      AuditText.printFindings(out, findings);
      out.println();
      out.println("The answer rests on data that does NOT hold.");
    }
    out.flush();
    return findings.isEmpty() ? AuditCommand.HOLDS : AuditCommand.FINDINGS;
  }

  private int refuse(int status, String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
    return status;
  }
}
