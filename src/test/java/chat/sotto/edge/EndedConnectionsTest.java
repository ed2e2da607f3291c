package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.protocol.Secret;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes and goes all day leaves nothing in memory. */
class EndedConnectionsTest {
  private static final int TIMES = 40;
  private static final int OTHERS = TIMES / 4;
  private static final Duration WITHIN = Duration.ofSeconds(30);

  /** Of each class its live instances, as {@code jcmd GC.class_histogram} says it. */
  private static final Pattern ROW =
      Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(chat\\.sotto\\.\\S+|akka\\.actor\\.ActorCell)");

  @TempDir Path data;

  @Test
  void nothingIsLeftOfThem() throws Exception {
    try (var server =
        TestServer.start(data, Map.of("sotto.limits.first-frame-within", "1 hour"))) {
      var user = new TestUser("alice");
      Secret token;
      try (var first = RawClient.connect(server.server())) {
        token = first.register(user).token();
      }
      var stranger = new TestDevice(user);
      comeAndGo(server, user, token, stranger);
      Map<String, Integer> before = instances();

      for (int i = 0; i < TIMES; i++) {
        comeAndGo(server, user, token, stranger);
      }

      long deadline = System.nanoTime() + WITHIN.toNanos();
      Map<String, Integer> more = more(before);
      while (!more.isEmpty() && System.nanoTime() < deadline) {
        more = more(before);
      }
      assertTrue(more.isEmpty(), "left of " + TIMES + " connections each: " + more);
    }
  }

  /** One that says nothing, one with a token, and one whose device is not linked yet. */
  private static void comeAndGo(
      TestServer server, TestUser user, Secret token, TestDevice stranger) throws Exception {
    try (RawClient silent = RawClient.connect(server.server());
        var known = RawClient.connect(server.server());
        var linking = RawClient.connect(server.server())) {
      known.resume(user, token);
      stranger.login(linking);
    }
  }

  private static Map<String, Integer> more(Map<String, Integer> before) throws JMException {
    Map<String, Integer> more = instances();
    more.replaceAll((name, count) -> count - before.getOrDefault(name, 0));
    more.values().removeIf(count -> count < OTHERS);
    return more;
  }

  private static Map<String, Integer> instances() throws JMException {
    var said =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    var instances = new TreeMap<String, Integer>();
    ROW.matcher(said)
        .results()
        .forEach(row -> instances.put(row.group(2), Integer.valueOf(row.group(1))));
    return instances;
  }
}
