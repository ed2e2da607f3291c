package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Links that die without a word. */
class FileServerTest {
  private static final Bytes KEY = Bytes.of(new byte[32]);
  private static final int SEALED = 1040;
  private static final int HALF = 500;

  @TempDir Path folder;

  @Test
  @Timeout(60)
  void aDownloadThatFallsSilentIsGoneOnWith() throws Exception {
    var sealed = new byte[SEALED];
    new Random(1).nextBytes(sealed);
    Path target = Files.createFile(folder.resolve("sealed"));
    try (var server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      var second = new CompletableFuture<String>();
      CompletableFuture.runAsync(() -> serve(server, sealed, second));
      var uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
      new FileServer(uri, null, Duration.ofSeconds(2)).download(file(sealed), target);
      assertTrue(second.join().contains("bytes=" + HALF + "-"), second.join());
    }
    assertArrayEquals(sealed, Files.readAllBytes(target));
  }

  private static Content.File file(byte[] sealed) {
    return new Content.File(
        KEY,
        Secret.of(KEY.toArray()),
        Bytes.of(Hash.sha256(sealed)),
        1,
        "a.txt",
        "text/plain",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Half of it, then nothing, until it is asked for the rest. */
  private static void serve(
      ServerSocket server, byte[] sealed, CompletableFuture<String> second) {
    try (Socket silent = server.accept()) {
      head(silent);
      answer(silent, sealed.length, Arrays.copyOf(sealed, HALF));
      try (Socket rest = server.accept()) {
        second.complete(head(rest));
        byte[] missing = Arrays.copyOfRange(sealed, HALF, sealed.length);
        answer(rest, missing.length, missing);
      }
    } catch (IOException e) {
      second.completeExceptionally(e);
    }
  }

  private static String head(Socket socket) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) socket.getInputStream().read());
    }
    return text.toString();
  }

  private static void answer(Socket socket, int length, byte[] bytes) throws IOException {
    String head =
        "HTTP/1.1 206 Partial Content\r\nContent-Length: %d\r\n\r\n".formatted(length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }
}
