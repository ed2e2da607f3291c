package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** One file after the other: JUnit asks for the next when the tests of the one before are done. */
  @TestFactory
  Stream<DynamicNode> everyTestFileHolds() throws IOException {
    try (Stream<Path> paths = Files.walk(TESTS)) {
      return paths.filter(path -> path.toString().endsWith(".test.js"))
          .map(path -> TESTS.relativize(path).toString())
          .sorted()
          .toList().stream()
          .map(this::testsOf);
    }
  }

  private DynamicNode testsOf(String file) {
    chromium.close();
    try {
      var page = chromium.freshProfile().newPage();
      page.navigate(files.url("/test/page.html"));
      var names = (List<?>) page.evaluate("file => harness.load(file)", file);
      return dynamicContainer(file, names.stream()
          .map(name -> dynamicTest((String) name, () -> run(page, file, (String) name))));
    } catch (PlaywrightException e) {
      return dynamicTest(file, () -> fail("does not load: " + e.getMessage()));
    }
  }

  private static void run(Page page, String file, String name) {
    var failure = page.evaluate("name => harness.run(name)", name);
    if (failure != null) fail(file + ", " + name + ": " + failure);
  }
}
