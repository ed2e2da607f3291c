package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the directions between the rooms of the web client, and what no room may do. */
class WebRoomsTest {
  private static final Path WEB = Path.of("src/main/resources/web");
  private static final int FILE_LINES_MAX = 300;

  private static final String NO_ROOM = "";

  /** Room to the rooms that it may import; only app.js sees all, and files outside a room. */
  private static final Map<String, Set<String>> MAY_IMPORT = Map.of(
      NO_ROOM, Set.of(
          NO_ROOM, "crypto", "protocol", "group", "store", "client", "state", "ui", "words"),
      "crypto", Set.of("crypto"),
      "protocol", Set.of("protocol", "crypto"),
      "group", Set.of("group", "crypto", "protocol"),
      "store", Set.of("store", "crypto"),
      "client", Set.of("client", "group", "crypto", "protocol", "store", "state", "words"),
      "state", Set.of("state"),
      "ui", Set.of("ui", "state", "words"),
      "words", Set.of("words"));

  private static final Set<String> PURE = Set.of("crypto", "group", "state");

  private static final Pattern IMPORT =
      Pattern.compile("(?:\\bfrom|\\bimport)\\s*\\(?\\s*(['\"`][^'\"`]+['\"`])");
  private static final Pattern WORLD = Pattern.compile(
      "\\b(document|window|navigator|location|localStorage|sessionStorage|indexedDB|caches)\\."
          + "|\\b(fetch|setTimeout|setInterval|importScripts)\\("
          + "|\\bnew (WebSocket|XMLHttpRequest|Worker|EventSource|BroadcastChannel)\\b");
  private static final Pattern NOWHERE = Pattern.compile(
      "\\b(innerHTML|outerHTML|insertAdjacentHTML|eval\\(|new Function|Math\\.random)"
          + "|document\\.write");
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//.*$",
      Pattern.DOTALL);

  @Test
  void importsFollowTheDirectionsOfTheRooms() throws IOException {
    var breaches = new ArrayList<String>();
    for (Path script : scripts()) {
      var imports = IMPORT.matcher(code(script));
      while (imports.find()) {
        var target = imports.group(1).substring(1, imports.group(1).length() - 1);
        var imported = room(script.getParent().resolve(target).normalize());
        var allowed = MAY_IMPORT.get(room(script));
        if (!target.startsWith(".") || !allowed.contains(imported)) {
          breaches.add(script + " imports " + target);
        }
      }
    }
    assertEquals(List.of(), breaches);
  }

  @Test
  void cryptoGroupAndStateTouchNeitherPageNorNetworkNorClock() throws IOException {
    assertEquals(List.of(), scriptsWith(WORLD).filter(script -> PURE.contains(room(script)))
        .toList());
  }

  @Test
  void noScriptMakesMarkupOrCodeFromTextOrWeakRandomness() throws IOException {
    assertEquals(List.of(), scriptsWith(NOWHERE).toList());
  }

  @Test
  void scriptsStayShort() throws IOException {
    for (Path script : scripts()) {
      var lines = Files.readAllLines(script).size();
      assertFalse(lines > FILE_LINES_MAX, script + " has " + lines + " lines");
    }
  }

  private static Stream<Path> scriptsWith(Pattern pattern) throws IOException {
    var found = new ArrayList<Path>();
    for (Path script : scripts()) {
      if (pattern.matcher(code(script)).find()) found.add(script);
    }
    return found.stream();
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> paths = Files.walk(WEB)) {
      return paths.filter(path -> path.toString().endsWith(".js")).sorted().toList();
    }
  }

  private static String code(Path script) throws IOException {
    return COMMENT.matcher(Files.readString(script)).replaceAll("");
  }

  /** The first folder below the web root; empty for a file that lies in none. */
  private static String room(Path file) {
    var relative = WEB.relativize(file);
    return relative.getNameCount() > 1 ? relative.getName(0).toString() : NO_ROOM;
  }
}
