package chat.sotto;

import chat.sotto.audit.Audit;
import chat.sotto.audit.Options;
import chat.sotto.audit.Result;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.UnknownFormatException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import java.io.PrintWriter;
import java.nio.file.Path;
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
    versionProvider = Main.Version.class)
final class AuditCommand implements Callable<Integer> {
  static final int HOLDS = 0;
  static final int FINDINGS = 1;

  // The numbers of sysexits(3).
  static final int FORMAT_UNKNOWN = 65;
  static final int DATA_UNREADABLE = 66;

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

  @Override
  public Integer call() {
    Options options = options();
    try (JournalFile journal = JournalFile.open(data);
        var progress = new ProgressBar(spec.commandLine().getErr())) {
      Result result = Audit.run(journal, options.withProgress(progress));
      progress.close();
      print(result);
      return result.holds() ? HOLDS : FINDINGS;
    } catch (UnknownFormatException e) {
      return refuse(FORMAT_UNKNOWN, e.getMessage());
    } catch (DataFolderException e) {
      return refuse(DATA_UNREADABLE, e.getMessage());
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
