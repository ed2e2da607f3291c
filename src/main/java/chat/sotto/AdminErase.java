package chat.sotto;

import chat.sotto.edge.AdminFrame;
import chat.sotto.edge.Erasure;
import chat.sotto.journal.DataFolderException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code admin erase}: erases what a server holds of a person. */
@Command(
    name = "erase",
    description = "Erases what the server holds of a person, while it runs or not.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AdminErase implements Callable<Integer> {
  static final int NOT_CONFIRMED = 1;

  // The numbers of sysexits(3).
  static final int WRONG = 65;
  static final int NO_USER = 67;
  static final int NO_ANSWER = 69;

  @Spec private CommandSpec spec;

  @Mixin private Admin.Data data;

  @Parameters(paramLabel = "USER", description = "The user's name.")
  private String user;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; an auditor will read it. At most 500 characters.")
  private String reason;

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  @Override
  public Integer call() {
    try {
      var request = new AdminFrame.Erase(user, reason);
      if (!yes && !isConfirmed()) {
        return Admin.refuse(spec, NOT_CONFIRMED, "Nothing was erased.");
      }
      return report(data.ask(request));
    } catch (SettingsException e) {
      return Admin.refuse(spec, Serve.SETTINGS_WRONG, e.getMessage());
    } catch (DataFolderException e) {
      return Admin.refuse(spec, Serve.FOLDER_UNUSABLE, e.getMessage());
    } catch (IllegalArgumentException e) {
      return Admin.refuse(spec, WRONG, "This cannot be: %s.".formatted(e.getMessage()));
    } catch (IOException | CompletionException e) {
      return Admin.refuse(
          spec, NO_ANSWER, "It is not known whether it was done: %s. Erase again.".formatted(e));
    }
  }

  private boolean isConfirmed() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        """
        This erases for ever what the server holds of %s: messages that wait for the person,
        the account's vault and password, one-time keys, and keys of groups that wait. Nobody
        can sign in as %s any more, and the name stays taken.
        It does not touch what others hold, nor who wrote to whom and when, nor copies of the
        server's data that were made before: erase there too, or destroy them.
        Type the name to go on:\s""",
        user, user);
    out.flush();
    var in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    return user.equals(in.readLine());
  }

  private int report(AdminFrame.Reply reply) {
    if (reply instanceof AdminFrame.Refused refused) {
      return Admin.refuse(spec, NO_ANSWER, refused.sentence());
    }
    Erasure.Outcome outcome = ((AdminFrame.Erased) reply).outcome();
    if (outcome == Erasure.Outcome.UNKNOWN_USER) {
      return Admin.refuse(spec, NO_USER, "Nobody has the name %s.".formatted(user));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        outcome == Erasure.Outcome.ERASED
            ? "%s is erased.".formatted(user)
            : "%s was erased before; what was left of it is gone too.".formatted(user));
    out.flush();
    return 0;
  }
}
