package chat.sotto.client;

import chat.sotto.crypto.FileChunks;
import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FileRequest;
import chat.sotto.protocol.FileTicket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Ciphertexts to and from the server, over HTTP. Its methods wait; each goes on after a loss. */
final class FileServer {
  /** In a row, without anything that came through. */
  private static final int FAILURES_MAX = 8;

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Answers that another try may change. */
  private static final Set<ErrorCode> PASSING =
      Set.of(ErrorCode.RATE_LIMITED, ErrorCode.BUSY, ErrorCode.UNKNOWN_OUTCOME);

  private final URI server;
  private final Engine engine;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  FileServer(URI server, Engine engine) {
    boolean secure = server.getScheme().matches("https|wss");
    this.server = URI.create((secure ? "https://" : "http://") + server.getAuthority());
    this.engine = engine;
  }

  /** One step on a way that ends when there is nothing left. */
  private interface Step {
    /** @return how many bytes are there now */
    long go() throws IOException, InterruptedException, SottoException;
  }

  private static void goOn(long from, long size, Step step)
      throws IOException, InterruptedException, SottoException {
    long there = from;
    int failures = 0;
    while (there < size) {
      long before = there;
      IOException why = null;
      try {
        there = step.go();
      } catch (IOException e) {
        why = e;
      }
      failures = there > before ? 0 : failures + 1;
      if (failures == FAILURES_MAX) {
        throw why == null ? new IOException("nothing goes on") : why;
      }
      if (failures > 0) {
        Thread.sleep(PAUSE.multipliedBy(failures).toMillis());
      }
    }
  }

  /** Puts a ciphertext there, all of it. */
  void upload(Bytes file, Path sealed) throws IOException, InterruptedException, SottoException {
    long size = Files.size(sealed);
    goOn(-1, size, () -> upload(file, sealed, size));
  }

  private long upload(Bytes file, Path sealed, long size)
      throws IOException, InterruptedException, SottoException {
    FileTicket ticket = ask(file, size);
    long left = size - ticket.offset();
    if (left <= 0) {
      return size;
    }
    HttpRequest request =
        to(file)
            .header("Sotto-Ticket", Bytes.of(ticket.ticket().toArray()).toString())
            .header("Upload-Offset", Long.toString(ticket.offset()))
            .PUT(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofInputStream(() -> from(sealed, ticket.offset())),
                    left))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValueAsLong("Upload-Offset")
        .orElse(ticket.offset());
  }

  private static InputStream from(Path file, long offset) {
    try {
      InputStream in = Files.newInputStream(file);
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileTicket ask(Bytes file, long size)
      throws IOException, InterruptedException, SottoException {
    try {
      return (FileTicket)
          engine
              .request((nonce, token) -> new FileRequest.Ask(nonce, token, file, size))
              .get();
    } catch (ExecutionException e) {
      SottoException refusal = (SottoException) e.getCause();
      if (refusal.code().filter(code -> !PASSING.contains(code)).isPresent()) {
        throw refusal;
      }
      throw new IOException(refusal);
    }
  }

  private HttpRequest.Builder to(Bytes file) {
    return HttpRequest.newBuilder(server.resolve("/files/" + file));
  }

  /**
   * Loads a ciphertext and compares its digest.
   *
   * @param sealed an empty file
   * @throws SottoException if it is not there, or another one
   */
  void download(Content.File file, Path sealed)
      throws IOException, InterruptedException, SottoException {
    if (file.size() > FileChunks.SIZE_MAX) {
      throw new SottoException("no file can be so large");
    }
    long size = FileChunks.sealedSize(file.size());
    goOn(0, size, () -> download(file.file(), sealed, size));
    if (!Bytes.of(digest(sealed)).equals(file.digest())) {
      throw new SottoException("the server has another file than the message says");
    }
  }

  private long download(Bytes file, Path sealed, long size)
      throws IOException, InterruptedException, SottoException {
    long there = Files.size(sealed);
    HttpResponse<InputStream> answer =
        http.send(
            to(file).header("Range", "bytes=" + there + "-").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() == 404 || answer.statusCode() == 416) {
        throw new SottoException("the server does not have the file any more");
      } else if (answer.statusCode() != 206) {
        throw new IOException("the server answered " + answer.statusCode());
      }
      append(in, sealed, size - there);
    }
    return Files.size(sealed);
  }

  /** What came before a loss counts, and more than the message says is not taken. */
  private static void append(InputStream in, Path sealed, long most)
      throws IOException, SottoException {
    try (var out = Files.newOutputStream(sealed, StandardOpenOption.APPEND)) {
      var buffer = new byte[BUFFER_BYTES];
      long left = most;
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        left -= length;
        if (left < 0) {
          throw new SottoException("the server has a longer file than the message says");
        }
        out.write(buffer, 0, length);
      }
    }
  }

  private static byte[] digest(Path file) throws IOException {
    MessageDigest digest = Hash.running();
    try (InputStream in = Files.newInputStream(file)) {
      var buffer = new byte[BUFFER_BYTES];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        digest.update(buffer, 0, length);
      }
    }
    return digest.digest();
  }
}
