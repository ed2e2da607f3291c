package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Runs every {@code *.test.js} under src/test/js in Chromium, where users run the code. */
class JavaScriptUnitTest {
  private static final Path TESTS = Path.of("src/test/js");

  /** Most of the time a test waits: for storage, or for what another side does. */
  private static final int FILES_AT_ONCE = 3;

  private static StaticFiles files;
  private static Chromium chromium;

  @BeforeAll
  static void open() throws IOException {
    files = new StaticFiles(Map.of(
        "/", Path.of("src/main/resources/web"),
        "/test/", TESTS,
        "/vectors/", Path.of("src/test/resources/vectors")));
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    if (chromium != null) chromium.close();
    if (files != null) files.close();
  }

  /** JUnit asks for the next file when the tests of the one before are done. */
  @TestFactory
  Stream<DynamicNode> everyTestFileHolds() throws IOException {
    List<String> names = testFiles();
    Iterator<String> next = names.iterator();
    var begun = new ArrayDeque<Page>();
    return names.stream().map(file -> {
      while (begun.size() < FILES_AT_ONCE && next.hasNext()) {
        begun.add(begin(next.next()));
      }
      return testsOf(file, begun.remove());
    });
  }

  private static List<String> testFiles() throws IOException {
    try (Stream<Path> paths = Files.walk(TESTS)) {
      return paths.filter(path -> path.toString().endsWith(".test.js"))
          .map(path -> TESTS.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  /** From here on the page runs the tests of the file by itself. */
  private static Page begin(String file) {
    var page = chromium.freshProfile().newPage();
    page.navigate(files.url("/test/page.html"));
    page.evaluate("file => { harness.load(file).then(harness.runAll, () => {}); }", file);
    return page;
  }

  private static DynamicNode testsOf(String file, Page page) {
    List<?> names;
    try {
      names = (List<?>) page.evaluate("file => harness.load(file)", file);
    } catch (PlaywrightException e) {
      return dynamicTest(file, () -> fail("does not load: " + e.getMessage()));
    }
    Stream<DynamicNode> tests = names.stream()
        .map(name -> dynamicTest((String) name, () -> await(page, file, (String) name)));
    return dynamicContainer(file, tests.onClose(() -> Chromium.end(page.context())));
  }

  private static void await(Page page, String file, String name) {
    var failure = page.evaluate("name => harness.run(name)", name);
    if (failure != null) fail(file + ", " + name + ": " + failure);
  }
}
