package chat.sotto.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Folders and configuration for tests that run a real store. */
public final class TestStore {
  private TestStore() {}

  /** A folder that is deleted when the JVM ends. */
  public static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("sotto-test");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shipped configuration with a data folder, as strict as tests can be. */
  static Config config(Path folder) {
    return ConfigFactory.parseMap(
            Map.of(
                "sotto.data-folder", folder.toString(),
                "sotto.journal.allow-delete", "on",
                "akka.loglevel", "WARNING",
                "akka.actor.allow-java-serialization", "off"))
        .withFallback(ConfigFactory.load());
  }

  /** As {@link #config}, for entities: every message is serialised, and waits are long. */
  public static Config entityConfig(Path folder) {
    return ConfigFactory.parseMap(
            Map.of(
                "sotto.journal.allow-delete", "off",
                "akka.actor.serialize-messages", "on",
                "akka.actor.testkit.typed.single-expect-default", "20s",
                "akka.actor.testkit.typed.default-timeout", "20s"))
        .withFallback(config(folder));
  }

  /** As {@link #entityConfig}, on a node that can be a cluster of its own. */
  public static Config clusterConfig(Path folder) {
    return ConfigFactory.parseMap(
            Map.of(
                "akka.actor.provider", "cluster",
                "akka.remote.artery.transport", "tcp",
                "akka.remote.artery.canonical.hostname", "127.0.0.1",
                "akka.remote.artery.canonical.port", "0",
                "akka.cluster.jmx.enabled", "off"))
        .withFallback(entityConfig(folder));
  }
}
