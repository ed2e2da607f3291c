package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions of docs/architecture.md, read off the import lines. */
class ModuleBoundariesTest {
  private static final Path JAVA = Path.of("src/main/java/chat/sotto");
  private static final Path WEB = Path.of("src/main/resources/web");

  /** What each room may import of the others. Nothing imports the root package. */
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          Map.entry("crypto", Set.of()),
          Map.entry("model", Set.of("crypto")),
          Map.entry("protocol", Set.of("crypto", "model")),
          Map.entry("journal", Set.of("model")),
          Map.entry("user", Set.of("crypto", "model", "journal")),
          Map.entry("group", Set.of("crypto", "model", "journal")),
          Map.entry(
              "edge", Set.of("crypto", "model", "protocol", "journal", "user", "group")),
          Map.entry("audit", Set.of("crypto", "model", "journal", "user", "group")),
          Map.entry("admin", Set.of("crypto", "model", "journal", "user", "group")),
          Map.entry("client", Set.of("crypto", "model", "protocol")),
          Map.entry("load", Set.of("crypto", "model", "protocol", "client")));

  private static final Pattern JAVA_IMPORT =
      Pattern.compile("^import (?:static )?([\\w.]+?)\\.?\\*?;", Pattern.MULTILINE);

  /** Static and dynamic imports, exports from elsewhere, workers. */
  private static final Pattern WEB_IMPORT =
      Pattern.compile("(?:\\bfrom\\s*|\\bimport\\s*\\(?\\s*|\\bnew URL\\(\\s*)['\"]([^'\"]+)['\"]");

  private record Import(Path file, String name) {
    /** The room of chat.sotto, "" for its root package, null for what is not ours. */
    String room() {
      if (!name.startsWith("chat.sotto.")) {
        return null;
      }
      String rest = name.substring("chat.sotto.".length());
      return Character.isUpperCase(rest.charAt(0)) ? "" : rest.split("\\.")[0];
    }
  }

  @Test
  void roomsImportOnlyWhatTheyMay() {
    var breaches = new ArrayList<Import>();
    for (var room : rooms(JAVA)) {
      assertTrue(ROOMS.containsKey(room), "an unknown room: " + room);
      for (Import each : javaImports(JAVA.resolve(room))) {
        String imported = each.room();
        if (imported != null && !imported.equals(room) && !ROOMS.get(room).contains(imported)) {
          breaches.add(each);
        }
      }
    }
    assertEquals(List.of(), breaches);
  }

  @Test
  void onlyCryptoImportsBouncyCastle() {
    assertEquals(
        List.of(),
        javaImports(JAVA).stream()
            .filter(each -> each.name().startsWith("org.bouncycastle"))
            .filter(each -> !each.file().startsWith(JAVA.resolve("crypto")))
            .toList());
  }

  @Test
  void purePartsDoNotKnowAkka() {
    Stream<Import> rooms =
        Stream.of("crypto", "model", "protocol", "client", "load", "audit", "admin")
            .flatMap(room -> javaImports(JAVA.resolve(room)).stream());
    Stream<Import> eventsAndStates =
        javaImports(JAVA).stream()
            .filter(each -> each.file().toString().matches(".*(Event|State)\\.java"));
    assertEquals(
        List.of(),
        Stream.concat(rooms, eventsAndStates)
            .filter(each -> each.name().startsWith("akka."))
            .toList());
  }

  @Test
  void onlyTheEdgeKnowsFramesAndCommands() {
    for (Path file : files(JAVA, ".java")) {
      List<Import> imports = javaImports(file);
      boolean knowsFrames = imports.stream().anyMatch(one -> "protocol".equals(one.room()));
      boolean knowsCommands =
          imports.stream()
              .anyMatch(one -> "user".equals(one.room()) || "group".equals(one.room()));
      boolean mayKnowBoth = file.startsWith(JAVA.resolve("edge")) || file.getParent().equals(JAVA);
      assertFalse(knowsFrames && knowsCommands && !mayKnowBoth, file.toString());
    }
  }

  @Test
  void thePageLoadsNothingFromElsewhere() {
    for (Import each : webImports(WEB)) {
      assertTrue(each.name().startsWith("./") || each.name().startsWith("../"), each.toString());
    }
  }

  private static Set<String> rooms(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      var names = new TreeSet<String>();
      entries.filter(Files::isDirectory).forEach(each -> names.add(each.getFileName().toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Import> javaImports(Path folder) {
    return imports(folder, ".java", JAVA_IMPORT);
  }

  private static List<Import> webImports(Path folder) {
    return imports(folder, ".js", WEB_IMPORT);
  }

  private static List<Import> imports(Path folder, String suffix, Pattern pattern) {
    return files(folder, suffix).stream()
        .flatMap(
            file ->
                pattern
                    .matcher(text(file))
                    .results()
                    .map((MatchResult found) -> new Import(file, found.group(1))))
        .toList();
  }

  private static List<Path> files(Path folder, String suffix) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
