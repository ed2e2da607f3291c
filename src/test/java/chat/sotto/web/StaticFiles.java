package chat.sotto.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves directories on a free port of the loopback address, where pages have WebCrypto. */
final class StaticFiles implements AutoCloseable {
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "json", "application/json");

  private final HttpServer server;
  private final ExecutorService executor = Executors.newFixedThreadPool(4);

  /** @param directories by path prefix, which begins and ends with a slash */
  StaticFiles(Map<String, Path> directories) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(executor);
    directories.forEach((prefix, directory) ->
        server.createContext(prefix, exchange -> serve(exchange, prefix, directory)));
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void serve(HttpExchange exchange, String prefix, Path directory)
      throws IOException {
    try (exchange) {
      var relative = exchange.getRequestURI().getPath().substring(prefix.length());
      var file = directory.resolve(relative).normalize();
      if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      var name = file.getFileName().toString();
      var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      var body = Files.readAllBytes(file);
      exchange.getResponseHeaders().set("Content-Type", type == null ? "text/plain" : type);
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
  }
}
