package chat.sotto.edge;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All modules of the page in one script, so that a browser asks once and not for each of them. A
 * module becomes a function that is called once and returns what it exports; the functions stand in
 * the order in which a browser would run the modules (ECMA-262, §16.2.1.6). Names and lines within
 * a module stay as they were written, without comments and indentation; above each stands the
 * address at which the server has it with them.
 *
 * <p>Only the forms are known that the page's modules have: named imports before everything else,
 * and {@code export} before a declaration of a function, a class or a constant, or before a list of
 * names. Whatever else begins
 * with one of these words, and modules that import each other in a circle, are refused.
 */
public final class PageScript {
  private static final Pattern IMPORT =
      Pattern.compile("^import \\{([^}]*)}\\s+from '([^']+)';$", Pattern.MULTILINE);
  private static final Pattern EXPORT =
      Pattern.compile(
          "^export ((?:async )?function|class|const) ([A-Za-z_$][\\w$]*)", Pattern.MULTILINE);
  private static final Pattern EXPORT_AGAIN =
      Pattern.compile("^export \\{ ([\\w$]+(?:, [\\w$]+)*) };$", Pattern.MULTILINE);
  private static final Pattern UNKNOWN =
      Pattern.compile("^(?:import|export)\\b.*$", Pattern.MULTILINE);

  private final Function<String, String> sources;
  private final Set<String> outside;
  private final Map<String, String> functions = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> begun = new LinkedHashSet<>();
  private final List<String> imports = new ArrayList<>();

  private PageScript(Function<String, String> sources, Set<String> outside) {
    this.sources = sources;
    this.outside = outside;
  }

  /**
   * @param entry path of the first module, like {@code /app.js}
   * @param sources the text of the module at a path
   * @param outside paths of modules that stay files of their own
   * @throws IllegalArgumentException for a module of another form
   */
  public static PageScript of(
      String entry, Function<String, String> sources, Set<String> outside) {
    var script = new PageScript(sources, outside);
    script.add(entry);
    return script;
  }

  /** Paths of the modules that are in it, in the order in which they run. */
  public Set<String> modules() {
    return functions.keySet();
  }

  public String text() {
    return String.join("", imports) + String.join("", functions.values());
  }

  private void add(String path) {
    if (functions.containsKey(path)) {
      return;
    }
    if (!begun.add(path)) {
      throw new IllegalArgumentException("modules import each other: " + begun);
    }
    String body = withoutImports(path);
    String exported =
        Stream.concat(namesIn(EXPORT, 2, body), namesIn(EXPORT_AGAIN, 1, body))
            .collect(Collectors.joining(", "));
    body = EXPORT.matcher(body).replaceAll("$1 $2");
    body = EXPORT_AGAIN.matcher(body).replaceAll("");
    refuseUnknown(path, body);
    functions.put(
        path,
        "\n// %s\nconst %s = (() => {\n%s\nreturn { %s };\n})();\n"
            .formatted(path, nameOf(path), BareScript.of(body), exported));
  }

  private static Stream<String> namesIn(Pattern form, int group, String body) {
    return form.matcher(body).results().map(found -> found.group(group));
  }

  /** Has what a module imports run before it. */
  private String withoutImports(String path) {
    return IMPORT
        .matcher(sources.apply(path))
        .replaceAll(
            found -> {
              String imported = URI.create(path).resolve(found.group(2)).getPath();
              String list = found.group(1);
              if (outside.contains(imported)) {
                imports.add("import {%s} from '%s';\n".formatted(list, imported));
                return "";
              }
              add(imported);
              return Matcher.quoteReplacement(
                  "const {%s} = %s;".formatted(list.replace(" as ", ": "), nameOf(imported)));
            });
  }

  private static void refuseUnknown(String path, String body) {
    Matcher unknown = UNKNOWN.matcher(body);
    if (unknown.find()) {
      throw new IllegalArgumentException(path + " has another form: " + unknown.group());
    }
  }

  private String nameOf(String path) {
    return names.computeIfAbsent(path, key -> "module" + (names.size() + 1));
  }
}
