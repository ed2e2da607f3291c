package chat.sotto;

import chat.sotto.audit.Options;
import chat.sotto.audit.WitnessCheck;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.UnknownFormatException;
import chat.sotto.model.Bytes;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Witness;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit witness}: compares the data with what somebody's device saw of the server. */
@Command(
    name = "witness",
    description = "Compares the data with a file that somebody saved in the settings of Sotto.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AuditWitness implements Callable<Integer> {
  /** Ten thousand logs, each with an acknowledgement of its own, take less than half of it. */
  private static final int FILE_BYTES_MAX = 16 * 1024 * 1024;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "What the person saved.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Data folder, or a database file (./data).")
  private Path data = Path.of("data");

  @Option(names = "--json", description = "Writes JSON, one object a line.")
  private boolean json;

  @Option(
      names = "--server-key",
      paramLabel = "KEY",
      converter = AuditCommand.KeyText.class,
      description = "The server's public sign key, base64url.")
  private Optional<Bytes> serverKey = Optional.empty();

  @Override
  public Integer call() {
    try (JournalFile journal = JournalFile.open(data)) {
      Witness witness = read();
      Options standard = Options.standard();
      Options options = serverKey.map(standard::withServerKey).orElse(standard);
      WitnessCheck.Outcome outcome = WitnessCheck.of(journal, options, witness);
      print(witness, outcome);
      return outcome.result().holds() ? AuditCommand.HOLDS : AuditCommand.FINDINGS;
    } catch (Refused e) {
      return refuse(
          AuditCommand.FORMAT_UNKNOWN,
          "The file %s cannot be used: %s.".formatted(file, e.getMessage()));
    } catch (UnknownFormatException e) {
      return refuse(AuditCommand.FORMAT_UNKNOWN, e.getMessage());
    } catch (DataFolderException | FileDamagedException e) {
      return refuse(AuditCommand.DATA_UNREADABLE, e.getMessage());
    } catch (NoSuchFileException e) {
      return refuse(AuditCommand.DATA_UNREADABLE, "There is no file %s.".formatted(file));
    } catch (IOException e) {
      return refuse(
          AuditCommand.DATA_UNREADABLE, "The file %s cannot be read: %s.".formatted(file, e));
    }
  }

  /** The file is not what a device signed. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  private Witness read() throws IOException, Refused {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(FILE_BYTES_MAX + 1);
    }
    if (bytes.length > FILE_BYTES_MAX) {
      throw new Refused("it is too long");
    }
    try {
      Witness witness = StrictJson.decode(bytes, Witness.class);
      if (witness.refusal().isPresent()) {
        throw new Refused(witness.refusal().get());
      }
      return witness;
    } catch (JsonRefused e) {
      throw new Refused(e.getMessage());
    }
  }

  private void print(Witness witness, WitnessCheck.Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      outcome.unknown().forEach(point -> AuditText.printUnknown(out, point));
      AuditText.printJson(out, outcome.result());
    } else {
      out.printf(
          "Device %s of %s saw %,d logs and saved this on %s.%n",
          witness.device(),
          witness.user(),
          witness.logs().size(),
          Instant.ofEpochMilli(witness.exportedAt()));
      for (LogPoint point : outcome.unknown()) {
        out.printf(
            "  It acknowledged entry %d of %s %s, which the data does not show: that may have been"
                + " lost on its way.%n",
            point.sequenceNr(), point.kind(), point.owner());
      }
      AuditText.print(out, data, outcome.result());
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
