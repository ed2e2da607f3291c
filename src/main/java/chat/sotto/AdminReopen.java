package chat.sotto;

import chat.sotto.edge.AdminFrame;
import chat.sotto.edge.Reopening;
import chat.sotto.journal.DataFolderException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code admin reopen}: lets the name of an erased account be registered once more. */
@Command(
    name = "reopen",
    description = "Lets the name of an erased account be registered once more.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AdminReopen implements Callable<Integer> {
  static final int NOT_ERASED = 65;

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

  @Override
  public Integer call() {
    try {
      return report(data.ask(new AdminFrame.Reopen(user, reason)));
    } catch (SettingsException e) {
      return Admin.refuse(spec, Serve.SETTINGS_WRONG, e.getMessage());
    } catch (DataFolderException e) {
      return Admin.refuse(spec, Serve.FOLDER_UNUSABLE, e.getMessage());
    } catch (IllegalArgumentException e) {
      return Admin.refuse(
          spec, AdminErase.WRONG, "This cannot be: %s.".formatted(e.getMessage()));
    } catch (IOException | CompletionException e) {
      return Admin.refuse(
          spec,
          AdminErase.NO_ANSWER,
          "It is not known whether it was done: %s. Give it again.".formatted(e));
    }
  }

  private int report(AdminFrame.Reply reply) {
    if (reply instanceof AdminFrame.Refused refused) {
      return Admin.refuse(spec, AdminErase.NO_ANSWER, refused.sentence());
    }
    Reopening.Outcome outcome = ((AdminFrame.Reopened) reply).outcome();
    return switch (outcome) {
      case UNKNOWN_USER ->
          Admin.refuse(spec, AdminErase.NO_USER, "Nobody has the name %s.".formatted(user));
      case NOT_ERASED ->
          Admin.refuse(
              spec, NOT_ERASED, "Somebody has the name %s: erase it first.".formatted(user));
      case REOPENED -> say("Whoever registers as %s next has the name.".formatted(user));
      case REOPENED_AGAIN -> say("The name %s was open before.".formatted(user));
    };
  }

  private int say(String sentence) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
    return 0;
  }
}
