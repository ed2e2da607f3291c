package chat.sotto;

import chat.sotto.audit.Checkpoint;
import chat.sotto.crypto.Ed25519;
import chat.sotto.edge.ServerKey;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.UnknownFormatException;
import chat.sotto.model.Bytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit checkpoint}: the server's signed word on how far everything has come. */
@Command(
    name = "checkpoint",
    description =
        "Writes the heads of all logs, signed by the server's key, to be kept by somebody else.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AuditCheckpoint implements Callable<Integer> {
  static final int NOT_WRITTEN = 73;

  @Spec private CommandSpec spec;

  @Option(names = "--data", paramLabel = "DATA", description = "Data folder (./data).")
  private Path data = Path.of("data");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "A new file (standard output if it is left out).")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() {
    try (JournalFile journal = JournalFile.open(data)) {
      Ed25519.SigningKey key = keyOf(journal);
      String host =
          journal
              .meta(DataFolder.SERVER_HOST)
              .orElseThrow(
                  () ->
                      new DataFolderException(
                          "The data in %s does not say of which server it is: start the server once."
                              .formatted(data)));
      if (out.isPresent()) {
        write(out.get(), stream -> write(stream, key, host, journal));
      } else {
        write(standardOut(), key, host, journal);
      }
      journal.requireUnchanged();
      return AuditCommand.HOLDS;
    } catch (UnknownFormatException e) {
      return refuse(AuditCommand.FORMAT_UNKNOWN, e.getMessage());
    } catch (DataFolderException e) {
      return refuse(AuditCommand.DATA_UNREADABLE, e.getMessage());
    } catch (FileDamagedException | IllegalArgumentException e) {
      return refuse(
          AuditCommand.FINDINGS,
          "The data in %s does not hold: run `sotto audit` on it.".formatted(data));
    } catch (FileAlreadyExistsException e) {
      return refuse(NOT_WRITTEN, "%s exists already: choose another file.".formatted(out.get()));
    } catch (IOException e) {
      return refuse(NOT_WRITTEN, "The checkpoint cannot be written: %s.".formatted(e));
    }
  }

  @FunctionalInterface
  private interface Writing {
    void to(OutputStream stream) throws IOException;
  }

  /** A file that is there is whole. */
  private static void write(Path file, Writing writing) throws IOException {
    try (var stream =
        new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))) {
      writing.to(stream);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static void write(
      OutputStream stream, Ed25519.SigningKey key, String host, JournalFile journal)
      throws IOException {
    Checkpoint.write(stream, key, host, Clock.systemUTC().millis(), journal);
  }

  private Ed25519.SigningKey keyOf(JournalFile journal) {
    Ed25519.SigningKey key =
        ServerKey.read(data)
            .orElseThrow(
                () ->
                    new DataFolderException(
                        "There is no server-sign-key in %s: a checkpoint is made where it lies."
                            .formatted(data)));
    String publicKey = Bytes.of(key.publicKey()).toString();
    if (!journal.meta(DataFolder.SERVER_KEY).orElse(publicKey).equals(publicKey)) {
      throw new DataFolderException(
          "The server-sign-key in %s is not the one of the server that wrote the data."
              .formatted(data));
    }
    return key;
  }

  /** The text is ASCII: each byte is one character. */
  private OutputStream standardOut() {
    PrintWriter writer = spec.commandLine().getOut();
    return new OutputStream() {
      @Override
      public void write(int character) {
        writer.write(character);
      }

      @Override
      public void flush() {
        writer.flush();
      }
    };
  }

  private int refuse(int status, String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
    return status;
  }
}
