package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BareScriptTest {
  @Test
  void commentsIndentationAndEmptyLinesGo() {
    assertEquals(
        """
        function half(all) {
        if (all === 0) return;
        return
        all / 2;
        }
        const a = [ 1, 2 ];""",
        BareScript.of(
            """
            /**
             * Half of it.
             */

            function half(all) { // what is called so
              if (all === 0) return; /* nothing */
              return /* the value
                stands in another statement */ all / 2;
            }

              // The last line.
            const a =/* one */[  1,\t2 ];
            // Nothing comes after it.
            """));
  }

  /** A change of one character would be another script. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "const a = 'it\\'s // no /* comment';",
        "const a = \"a ' b \\\" // c\";",
        "const a = 'goes on \\\n   here';",
        "const a = `one\n\n   // two\n  ${b}  \\` ${c ? `//${ d }` : { e: '}' }} /* f */ $ \\${ `;",
        "const a = `${[1, 2].map(b => `${b} // `)}  //`;",
        "const a = /\\/\\* [/'\"`] \\[ [^\\]/] *\\/\\//gu, b = 1;",
        "const a = b / c / d;",
        "const a = (b) / c[0] / 2;",
        "const a = x => /[ ]'/.test(x) && `${x}` / 2;",
        "a /= 2;",
        "return /'/.test(a);",
        "const größe = #name in it;",
        "a\n++b",
      })
  void everythingElseStays(String script) {
    assertEquals(script, BareScript.of(script));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if (a) /b/.test(c);",
        "{} /b/.test(c);",
        "a++ / 2;",
        "a/2;",
        "a = / b/;",
        "a = 'never ends;",
        "a = `never ends ${b}",
        "a = /never ends",
      })
  void whatCouldBeReadInTwoWaysIsRefused(String script) {
    assertThrows(IllegalArgumentException.class, () -> BareScript.of(script));
  }
}
