package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageScriptTest {
  private static final Path WEB = Path.of("src/main/resources/web");
  private static final Set<String> OUTSIDE = Set.of("/version.js");

  private static PageScript of(Map<String, String> modules) {
    return PageScript.of("/a.js", modules::get, OUTSIDE);
  }

  @Test
  void modulesBecomeFunctionsInTheOrderInWhichTheyRun() {
    PageScript script =
        of(
            Map.of(
                "/a.js",
                """
                /** The first. */
                import { one, two as three } from './b/b.js';
                import {
                  four,
                } from './c.js';
                import { bundle } from './version.js';

                three(`$1 \\\\ ${one}`);
                """,
                "/b/b.js",
                """
                import { four } from '../c.js';

                export const one = 1;
                export async function two() { return four; }
                const hidden = 2;
                """,
                "/c.js",
                """
                export class four {}
                export function five() {}
                export { hidden, other };
                """));

    assertEquals(List.of("/c.js", "/b/b.js", "/a.js"), List.copyOf(script.modules()));
    assertEquals(
        """
        import { bundle } from '/version.js';

        // /c.js
        const module1 = (() => {
        class four {}
        function five() {}
        return { four, five, hidden, other };
        })();

        // /b/b.js
        const module2 = (() => {
        const { four } = module1;
        const one = 1;
        async function two() { return four; }
        const hidden = 2;
        return { one, two };
        })();

        // /a.js
        const module3 = (() => {
        const { one, two: three } = module2;
        const {
        four,
        } = module1;
        three(`$1 \\\\ ${one}`);
        return {  };
        })();
        """,
        script.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import './b.js';",
        "import * as b from './b.js';",
        "import b from './b.js';",
        "import { b } from \"./b.js\";",
        "export default 1;",
        "export let one = 1;",
        "export * from './b.js';",
        "export { b } from './b.js';",
        "export { b as c };",
        "import { a } from './a.js';"
      })
  void whatItDoesNotKnowIsRefused(String line) {
    assertThrows(
        IllegalArgumentException.class,
        () -> of(Map.of("/a.js", "\n" + line + "\n", "/b.js", "export const b = 1;\n")));
  }

  @Test
  void everyModuleOfThePageIsInIt() throws IOException {
    PageScript script = PageScript.of("/app.js", PageScriptTest::read, OUTSIDE);
    var rest = new TreeSet<>(Set.of("/theme.js", "/worker.js"));
    rest.addAll(script.modules());
    try (Stream<Path> files = Files.walk(WEB)) {
      assertEquals(
          rest,
          files
              .map(file -> "/" + WEB.relativize(file))
              .filter(path -> path.endsWith(".js"))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    assertTrue(script.text().startsWith("import { bundle } from '/version.js';\n"));
  }

  private static String read(String path) {
    try {
      return Files.readString(WEB.resolve(path.substring(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
