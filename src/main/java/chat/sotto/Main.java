package chat.sotto;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line. */
@Command(
    name = "sotto",
    description = "An end-to-end-encrypted messenger that a team runs itself.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {Serve.class, AuditCommand.class, Admin.class, Load.class})
public final class Main {
  /** EX_SOFTWARE of sysexits(3). */
  static final int FAILED = 70;

  private static final String DEFAULT_COMMAND = "serve";

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    var commandLine = new CommandLine(new Main());
    boolean namesCommand =
        args.length > 0
            && (commandLine.getSubcommands().containsKey(args[0])
                || args[0].matches("-h|--help|-V|--version"));
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().printf("Sotto failed: %s%n", failure);
          command.getErr().flush();
          return FAILED;
        });
    return commandLine.execute(namesCommand ? args : prepend(DEFAULT_COMMAND, args));
  }

  private static String[] prepend(String first, String[] rest) {
    var all = new String[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  /** Of the jar; a build that was never packaged has none. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Sotto " + version()};
    }
  }
}
