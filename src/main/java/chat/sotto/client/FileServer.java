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
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ciphertexts to and from the server, over HTTP. Its methods wait; each goes on after a loss. */
final class FileServer {
  /** In a row, without anything that came through. */
  private static final int FAILURES_MAX = 8;

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Answers that another try may change. */
  private static final Set<ErrorCode> PASSING = Set.of(ErrorCode.BUSY, ErrorCode.UNKNOWN_OUTCOME);

  private static final int TOO_MANY_REQUESTS = 429;

  /** For an answer to begin, and between two pieces of one. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  /** An upload is answered when it ends, after 10 minutes at the latest. */
  private static final Duration UPLOAD_MAX = Duration.ofMinutes(11);

  private static final ScheduledExecutorService WATCH = watch();

  private final URI server;
  private final Engine engine;
  private final Duration silenceMax;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(SILENCE_MAX)
          .build();

  FileServer(URI server, Engine engine) {
    this(server, engine, SILENCE_MAX);
  }

  FileServer(URI server, Engine engine, Duration silenceMax) {
    this.silenceMax = silenceMax;
    boolean secure = server.getScheme().matches("https|wss");
    this.server = URI.create((secure ? "https://" : "http://") + server.getAuthority());
    this.engine = engine;
  }

  /** One step on a way that ends when there is nothing left. */
  private interface Step {
    /**
     * @param known so many bytes are known to be there; if it proves to be more, the step may end
     * @return how many bytes are there now
     */
    long go(long known) throws IOException, InterruptedException, SottoException;
  }

  /** It is not this one's turn, which is no failure. */
  private static final class NotYet extends IOException {
    private static final long serialVersionUID = 1;
    private final Duration wait;

    NotYet(Duration wait) {
      super("too many at once");
      this.wait = wait;
    }
  }

  private static void goOn(long from, long size, Step step)
      throws IOException, InterruptedException, SottoException {
    long there = from;
    int failures = 0;
    while (there < size) {
      long before = there;
      IOException why = null;
      try {
        there = step.go(there);
      } catch (NotYet e) {
        Thread.sleep(e.wait.toMillis());
        continue;
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
    goOn(0, size, known -> upload(file, sealed, size, known));
  }

  private long upload(Bytes file, Path sealed, long size, long known)
      throws IOException, InterruptedException, SottoException {
    FileTicket ticket = ask(file, size);
    long left = size - ticket.offset();
    if (left <= 0) {
      return size;
    } else if (ticket.offset() > known) {
      return ticket.offset();
    }
    HttpRequest request =
        to(file)
            .header("Sotto-Ticket", Bytes.of(ticket.ticket().toArray()).toString())
            .header("Upload-Offset", Long.toString(ticket.offset()))
            .PUT(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofInputStream(() -> from(sealed, ticket.offset())),
                    left))
            .timeout(UPLOAD_MAX)
            .build();
    HttpResponse<Void> answer = http.send(request, HttpResponse.BodyHandlers.discarding());
    requireTurn(answer);
    return answer.headers().firstValueAsLong("Upload-Offset").orElse(ticket.offset());
  }

  private static void requireTurn(HttpResponse<?> answer) throws NotYet {
    if (answer.statusCode() == TOO_MANY_REQUESTS) {
      long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
      throw new NotYet(Duration.ofSeconds(Math.max(1, Math.min(seconds, 60))));
    }
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
      if (refusal.code().filter(ErrorCode.RATE_LIMITED::equals).isPresent()) {
        throw new NotYet(Duration.ofSeconds(1));
      }
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
    goOn(0, size, known -> download(file.file(), sealed, size, known));
    if (!Bytes.of(digest(sealed)).equals(file.digest())) {
      throw new SottoException("the server has another file than the message says");
    }
  }

  private long download(Bytes file, Path sealed, long size, long known)
      throws IOException, InterruptedException, SottoException {
    long there = Files.size(sealed);
    if (there > known) {
      return there;
    }
    HttpResponse<InputStream> answer =
        http.send(
            to(file).header("Range", "bytes=" + there + "-").timeout(silenceMax).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      requireTurn(answer);
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
  private void append(InputStream in, Path sealed, long most)
      throws IOException, SottoException {
    try (var out = Files.newOutputStream(sealed, StandardOpenOption.APPEND)) {
      var buffer = new byte[BUFFER_BYTES];
      long left = most;
      for (int length = read(in, buffer); length >= 0; length = read(in, buffer)) {
        left -= length;
        if (left < 0) {
          throw new SottoException("the server has a longer file than the message says");
        }
        out.write(buffer, 0, length);
      }
    }
  }

  /** Who says nothing for long is taken for gone. */
  private int read(InputStream in, byte[] buffer) throws IOException {
    Future<?> end = WATCH.schedule(() -> close(in), silenceMax.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return in.read(buffer);
    } finally {
      end.cancel(false);
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Whoever reads finds out.
    }
  }

  private static ScheduledExecutorService watch() {
    var watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "sotto-client-file-silence");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    return watch;
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
