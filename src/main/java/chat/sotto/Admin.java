package chat.sotto;

import chat.sotto.edge.AdminFrame;
import chat.sotto.edge.AdminSocket;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code admin}: what an operator does with a server's data. */
@Command(
    name = "admin",
    description = "Copies, restores and erases what a server keeps, and opens names again.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      AdminBackup.class,
      AdminRestore.class,
      AdminErase.class,
      AdminReopen.class
    })
final class Admin {
  /** Where a server's data is, as {@code serve} is told. */
  static final class Data {
    @Option(names = "--data", paramLabel = "DIR", description = "The server's folder (./data).")
    private Optional<Path> data = Optional.empty();

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The server's settings, see application.conf.")
    private Optional<Path> config = Optional.empty();

    /** @throws SettingsException if they are wrong */
    Settings settings() {
      Map<String, Object> given = new HashMap<>();
      data.ifPresent(path -> given.put("sotto.data-folder", path.toString()));
      return Settings.read(config, given);
    }

    /**
     * Has a command carried out by the server that uses the folder, or without one.
     *
     * @throws DataFolderException if there is no such data, or it cannot be used
     * @throws IOException if the server does not answer
     */
    AdminFrame.Reply ask(AdminFrame.Request request) throws IOException {
      Settings settings = settings();
      Path folder = settings.dataFolder();
      if (!Files.exists(DataFolder.databaseOf(folder))) {
        throw new DataFolderException("There is no data of a server in %s.".formatted(folder));
      }
      Optional<AdminFrame.Reply> answer = AdminSocket.ask(folder, request);
      return answer.isPresent()
          ? answer.get()
          : Server.withoutListening(
              settings, Clock.systemUTC(), system -> AdminSocket.carryOut(system, request));
    }
  }

  static int refuse(CommandSpec spec, int status, String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
    return status;
  }
}
