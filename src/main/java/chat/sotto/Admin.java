package chat.sotto;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code admin}: what an operator does with a server's data. */
@Command(
    name = "admin",
    description = "Copies, restores and erases what a server keeps.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {AdminBackup.class, AdminRestore.class, AdminErase.class})
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
  }

  static int refuse(CommandSpec spec, int status, String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
    return status;
  }
}
