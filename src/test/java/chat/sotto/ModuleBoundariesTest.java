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
      Map.of(
          "crypto", Set.of(),
          "model", Set.of("crypto"),
          "protocol", Set.of("crypto", "model"),
          "journal", Set.of("model"),
          "user", Set.of("crypto", "model", "journal"),
          "group", Set.of("crypto", "model", "journal"),
          "edge", Set.of("crypto", "model", "protocol", "journal", "user", "group"),
          "audit", Set.of("crypto", "model", "journal", "user", "group"),
          "admin", Set.of("crypto", "model", "journal", "user", "group"),
          "client", Set.of("crypto", "model", "protocol"));

  private static final Map<String, Set<String>> WEB_ROOMS =
      Map.of(
          "crypto", Set.of(),
          "words", Set.of(),
          "state", Set.of("words"),
          "protocol", Set.of("crypto"),
          "store", Set.of("crypto"),
          "group", Set.of("crypto", "protocol"),
          "client", Set.of("crypto", "protocol", "group", "store", "state", "words"),
          "ui", Set.of("state", "words"));

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
        Stream.of("crypto", "model", "protocol", "client", "audit", "admin")
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
  void webRoomsImportOnlyWhatTheyMay() {
    var breaches = new ArrayList<Import>();
    for (String room : rooms(WEB)) {
      for (Import each : webImports(WEB.resolve(room))) {
        Path target = each.file().getParent().resolve(each.name()).normalize();
        boolean isOurs = each.name().startsWith(".") && target.startsWith(WEB);
        String imported = isOurs ? WEB.relativize(target).getName(0).toString() : each.name();
        Set<String> allowed = WEB_ROOMS.getOrDefault(room, Set.of());
        if (!imported.equals(room) && !allowed.contains(imported)) {
          breaches.add(each);
        }
      }
    }
    assertEquals(List.of(), breaches);
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
