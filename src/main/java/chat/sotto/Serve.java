package chat.sotto;

import chat.sotto.edge.TlsKeystoreException;
import chat.sotto.journal.DataFolderException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: runs a server until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the server (the default).",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class Serve implements Callable<Integer> {
  // The numbers of sysexits(3).
  static final int ADDRESS_UNAVAILABLE = 69;
  static final int FOLDER_UNUSABLE = 73;
  static final int WRITE_FAILED = 74;
  static final int SETTINGS_WRONG = 78;

  @Spec private CommandSpec spec;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder for all data (./data).")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on (127.0.0.1).")
  private Optional<String> host = Optional.empty();

  @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on (8080).")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, see application.conf.")
  private Optional<Path> config = Optional.empty();

  @Override
  public Integer call() {
    try {
      Server server = Server.start(Settings.read(config, given()), Clock.systemUTC());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "sotto-stop"));
      greet(server);
      return server.awaitEnd() ? 0 : WRITE_FAILED;
    } catch (SettingsException | TlsKeystoreException e) {
      return refuse(SETTINGS_WRONG, e.getMessage());
    } catch (DataFolderException e) {
      return refuse(FOLDER_UNUSABLE, e.getMessage());
    } catch (CompletionException e) {
      if (rootCause(e) instanceof DataFolderException unusable) {
        return refuse(FOLDER_UNUSABLE, unusable.getMessage());
      }
      return refuse(
          ADDRESS_UNAVAILABLE,
          "Sotto cannot listen there: %s. Stop what does, or choose another --port."
              .formatted(rootCause(e).getMessage()));
    }
  }

  private Map<String, Object> given() {
    Map<String, Object> given = new HashMap<>();
    data.ifPresent(path -> given.put("sotto.data-folder", path.toString()));
    host.ifPresent(name -> given.put("sotto.host", name));
    port.ifPresent(number -> given.put("sotto.port", number));
    return given;
  }

  private static void stop(Server server) {
    server.stop().toCompletableFuture().join();
  }

  private void greet(Server server) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Sotto %s is ready.%n", Main.version());
    out.printf("Open        %s%n", server.url().origin());
    out.printf("Fingerprint %s%n", server.fingerprint());
    out.flush();
  }

  private int refuse(int status, String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
    return status;
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
