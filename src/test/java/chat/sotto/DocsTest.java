package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an edit can break in the documents without anybody who sees it. */
class DocsTest {
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)");

  static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), docs)
          .filter(path -> path.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void rowsOfATableHaveAsManyCellsAsItsHead(Path document) throws IOException {
    var wrong = new ArrayList<String>();
    long head = 0;
    for (String line : Files.readAllLines(document)) {
      long cells = line.startsWith("|") ? cells(line) : 0;
      if (head == 0 || cells == 0) {
        head = cells;
      } else if (cells != head) {
        wrong.add(line);
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static long cells(String row) {
    return CELL_END.matcher(CODE.matcher(row).replaceAll("")).results().count();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void whatIsLinkedIsThere(Path document) throws IOException {
    LINK.matcher(Files.readString(document))
        .results()
        .map(found -> found.group(1))
        .forEach(
            link ->
                assertTrue(Files.exists(document.resolveSibling(link)), () -> "no file " + link));
  }
}
