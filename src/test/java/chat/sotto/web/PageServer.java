package chat.sotto.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Serves the page on the stand-in engine as the server does; can change it, lie, or be gone. */
final class PageServer implements AutoCloseable {
  private static final Path WEB = Path.of("src/main/resources/web");
  private static final String BOOTSTRAP = "/webjars/bootstrap/css/bootstrap.min.css";

  private static final String SCRIPT = "/page.js";

  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, byte[]> lies = new ConcurrentHashMap<>();
  private HttpServer server;
  private volatile boolean hasWorker = true;
  private volatile String list;

  PageServer() throws IOException {
    try (Stream<Path> found = Files.walk(WEB)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        var path = "/" + WEB.relativize(file);
        files.put(path, FakePages.bytesOf(path));
      }
    }
    files.put(SCRIPT, FakePages.bytesOf(SCRIPT));
    FakePages.script().modules().forEach(files::remove);
    files.put(BOOTSTRAP, FakePages.bytesOf(BOOTSTRAP));
    list = listOf(files);
    start(0);
  }

  String url() {
    return "http://localhost:" + port() + "/";
  }

  /** The next version of the page: one file is another. */
  void change(String path, String content) {
    files.put(path, content.getBytes(StandardCharsets.UTF_8));
    list = listOf(files);
  }

  /** What is served as this file is not what the list says. */
  void lie(String path, String content) {
    lies.put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  void lieNoMore() {
    lies.clear();
  }

  /** As a server of an older version does. */
  void knowNoWorker() {
    hasWorker = false;
  }

  void stop() {
    server.stop(0);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private void start(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(executor);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = exchange.getRequestURI().getPath();
      var path = asked.equals("/") ? "/index.html" : asked;
      var body = bytesOf(path);
      if (body == null) {
        exchange.sendResponseHeaders(410, -1);
        return;
      }
      FakePages.setHeaders(exchange, path);
      exchange.getResponseHeaders().set("Cache-Control", "no-cache");
      var isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
      if (!isHead) exchange.getResponseBody().write(body);
    }
  }

  private byte[] bytesOf(String path) {
    var bundle = sha256(list.getBytes(StandardCharsets.UTF_8));
    return switch (path) {
      case "/bundle.txt" -> list.getBytes(StandardCharsets.UTF_8);
      case "/version.js" -> "export const bundle = \"%s\";\n".formatted(bundle).getBytes();
      case "/sw.js" -> hasWorker ? workerOf(bundle) : null;
      default -> lies.getOrDefault(path, files.get(path));
    };
  }

  private byte[] workerOf(String bundle) {
    var worker = new String(files.get("/worker.js"), StandardCharsets.UTF_8);
    return "const BUNDLE = \"%s\";\n%s".formatted(bundle, worker)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String listOf(Map<String, byte[]> files) {
    var lines = new StringBuilder();
    files.forEach((path, content) ->
        lines.append(sha256(content)).append("  ").append(path.substring(1)).append('\n'));
    return lines.toString();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    stop();
    executor.shutdown();
  }
}
