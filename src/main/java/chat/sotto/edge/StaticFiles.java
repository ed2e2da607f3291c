package chat.sotto.edge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The web files, read once from the class path; nothing else on the machine can be asked for. */
final class StaticFiles {
  private static final String FOLDER = "web";
  private static final String INDEX = "index.html";
  private static final String VERSION = "version.js";
  private static final String LIST = "bundle.txt";
  private static final String FIRST_MODULE = "app.js";
  private static final String SCRIPT = "page.js";
  private static final String WORKER = "worker.js";
  private static final String SERVICE_WORKER = "sw.js";
  private static final String BOOTSTRAP = "webjars/bootstrap/";
  private static final String BOOTSTRAP_PROPERTIES =
      "META-INF/maven/org.webjars/bootstrap/pom.properties";

  /** What the page uses of the Bootstrap WebJar; the rest of it is not served. */
  private static final List<String> BOOTSTRAP_FILES = List.of("css/bootstrap.min.css");

  private final Map<String, StaticFile> files;
  private final String bundle;

  private StaticFiles(Map<String, StaticFile> files) {
    this.files = new TreeMap<>(files);
    PageScript script =
        PageScript.of("/" + FIRST_MODULE, path -> textOf(path.substring(1)), Set.of("/" + VERSION));
    putText(SCRIPT, script.text());
    // The modules are served too, for whoever wants to look at one; the page asks for none.
    String list = list(this.files, path -> !script.modules().contains("/" + path));
    this.bundle = StaticFile.sha256(list.getBytes(StandardCharsets.UTF_8));
    putText(LIST, list);
    putText(VERSION, "export const bundle = \"%s\";\n".formatted(bundle));
    // Browsers install a worker anew when its first script has changed, and only then.
    putText(SERVICE_WORKER, "const BUNDLE = \"%s\";\n".formatted(bundle) + textOf(WORKER));
  }

  private String textOf(String path) {
    StaticFile file = files.get(path);
    if (file == null) {
      throw new IllegalStateException("missing among the web files: " + path);
    }
    return file.content().utf8String();
  }

  private void putText(String path, String content) {
    put(files, path, content.getBytes(StandardCharsets.UTF_8));
  }

  static StaticFiles load() {
    Map<String, StaticFile> files = new TreeMap<>();
    URL folder = StaticFiles.class.getClassLoader().getResource(FOLDER);
    if (folder != null) {
      readFolder(folder, files);
    }
    String bootstrap = "META-INF/resources/" + BOOTSTRAP + bootstrapVersion() + "/";
    for (String name : BOOTSTRAP_FILES) {
      put(files, BOOTSTRAP + name, resource(bootstrap + name));
    }
    return new StaticFiles(files);
  }

  /** A WebJar's paths hold its version; ours do not, so that the page need not know it. */
  private static String bootstrapVersion() {
    var properties = new Properties();
    try {
      properties.load(new ByteArrayInputStream(resource(BOOTSTRAP_PROPERTIES)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static void readFolder(URL folder, Map<String, StaticFile> files) {
    try {
      URI uri = folder.toURI();
      if (!uri.getScheme().equals("jar")) {
        readFolder(Path.of(uri), files);
        return;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        readFolder(jar.getPath("/" + FOLDER), files);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readFolder(Path folder, Map<String, StaticFile> files) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        put(
            files,
            folder.relativize(file).toString().replace('\\', '/'),
            Files.readAllBytes(file));
      }
    }
  }

  private static void put(Map<String, StaticFile> files, String path, byte[] content) {
    files.put(path, StaticFile.of(path, content));
  }

  private static byte[] resource(String name) {
    try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing in the jar: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What {@code sha256sum} prints of the files that the page consists of, sorted by path, so that
   * all of them, and the hash of this list, can be checked with a shell.
   */
  private static String list(Map<String, StaticFile> files, Predicate<String> isOfPage) {
    return files.values().stream()
        .filter(file -> isOfPage.test(file.path()))
        .map(file -> file.sha256() + "  " + file.path() + "\n")
        .collect(Collectors.joining());
  }

  /** Names the version of all files together. */
  String bundle() {
    return bundle;
  }

  /** @param path as in a URL, with its leading slash */
  Optional<StaticFile> find(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    return Optional.ofNullable(files.get(path.equals("/") ? INDEX : path.substring(1)));
  }
}
