package chat.sotto;

import chat.sotto.admin.Backup;
import chat.sotto.journal.DataFolderException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code admin backup}: a copy of one moment, also of a running server. */
@Command(
    name = "backup",
    description = "Copies a server's data into one file, while it runs or not.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AdminBackup implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Admin.Data data;

  @Parameters(paramLabel = "FILE", description = "The copy; must not exist.")
  private Path file;

  @Option(
      names = "--without-secrets",
      description = "For an auditor: without the server's key and without ciphertexts.")
  private boolean withoutSecrets;

  @Override
  public Integer call() {
    try {
      Path folder = data.settings().dataFolder();
      report(Backup.write(folder, file, !withoutSecrets, Clock.systemUTC()));
      return 0;
    } catch (SettingsException e) {
      return Admin.refuse(spec, Serve.SETTINGS_WRONG, e.getMessage());
    } catch (DataFolderException e) {
      return Admin.refuse(spec, Serve.FOLDER_UNUSABLE, e.getMessage());
    }
  }

  private void report(Backup.Report report) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Wrote %s: %,d accounts and groups, %,d events, %,d ciphertexts and keys, %,d bytes.%n",
        file,
        report.content().entities(),
        report.content().events(),
        report.content().bodies(),
        report.size());
    out.println(
        withoutSecrets
            ? "It shows who wrote to whom and when. No server can be restored from it."
            : "Whoever has it can pretend to be this server: keep it as you keep the server.");
    out.flush();
  }
}
