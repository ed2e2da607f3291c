package chat.sotto;

import chat.sotto.admin.Restore;
import chat.sotto.journal.DataFolderException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code admin restore}: makes a server's folder of a copy. */
@Command(
    name = "restore",
    description = "Makes a data folder of a file that 'admin backup' wrote.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AdminRestore implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The copy.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The new folder: must not exist, or be empty.")
  private Path folder;

  @Override
  public Integer call() {
    try {
      report(Restore.run(file, folder, Clock.systemUTC()));
      return 0;
    } catch (DataFolderException e) {
      return Admin.refuse(spec, Serve.FOLDER_UNUSABLE, e.getMessage());
    }
  }

  private void report(Restore.Report report) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Restored accounts (%,d) and groups (%,d) into %s, as they were at %s.%n",
        report.users(), report.groups(), folder, Instant.ofEpochMilli(report.copyTime()));
    out.println(
        """
        What came later is lost here: messages, new accounts, changes of groups. People's
        devices keep what they had. When they connect they say so once, and send again what
        they wrote since shortly before the copy and nobody confirmed. Whoever signed in after
        the copy is asked for the password. A group takes messages again once a member's device
        has given it new keys, which it does by itself; people who were removed after the copy
        must be removed again.
        Never start a server on the old folder again: two servers with one key would tell
        people two histories.""");
    out.flush();
  }
}
