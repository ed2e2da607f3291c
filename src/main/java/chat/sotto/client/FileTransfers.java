package chat.sotto.client;

import chat.sotto.crypto.FileChunks;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Sends files and loads them (docs/protocol.md §7.6). Each goes over the disk in chunks, so memory
 * does not grow with it; what broke off is gone on with. Nothing of a file that is loaded has its
 * name before all of it was found right.
 */
public final class FileTransfers implements AutoCloseable {
  private static final int UPLOADS_MAX = 3;
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  private final ClientStore store;
  private final SecureRandom random;
  private final Conversations conversations;
  private final Groups groups;
  private final FileServer server;

  /** A server lets one user upload so many at once, if nobody set another number. */
  private final Semaphore uploads = new Semaphore(UPLOADS_MAX);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "sotto-client-files");
            thread.setDaemon(true);
            return thread;
          });

  FileTransfers(
      URI server,
      ClientStore store,
      SecureRandom random,
      Engine engine,
      Conversations conversations,
      Groups groups) {
    this.store = store;
    this.random = random;
    this.conversations = conversations;
    this.groups = groups;
    this.server = new FileServer(server, engine);
  }

  /**
   * Uploads a file and writes to a person that it is there.
   *
   * @param text said with it
   * @param replyTo what it answers
   * @return the message's id, once it is stored; fails with a {@link SottoException} or {@link
   *     IOException}, and then nothing was said
   */
  public CompletableFuture<Bytes> send(
      UserName to, Path file, Optional<String> text, Optional<MessageRef> replyTo) {
    return send(file, text, replyTo, content -> conversations.send(to, content));
  }

  /** As above, to a group. */
  public CompletableFuture<Bytes> send(
      GroupId group, Path file, Optional<String> text, Optional<MessageRef> replyTo) {
    return send(file, text, replyTo, content -> groups.say(group, content));
  }

  private CompletableFuture<Bytes> send(
      Path file,
      Optional<String> text,
      Optional<MessageRef> replyTo,
      Function<Content.Line, Bytes> say) {
    return inBackground(
        () -> {
          uploads.acquire();
          try {
            return say.apply(upload(file, text, replyTo));
          } finally {
            uploads.release();
          }
        });
  }

  private Content.File upload(Path file, Optional<String> text, Optional<MessageRef> replyTo)
      throws IOException, InterruptedException, SottoException {
    Path sealed = Files.createTempFile("sotto", ".sealed");
    try {
      Content.File content = seal(file, sealed, text, replyTo);
      server.upload(content.file(), sealed);
      return content;
    } finally {
      Files.delete(sealed);
    }
  }

  private Content.File seal(
      Path file, Path sealed, Optional<String> text, Optional<MessageRef> replyTo)
      throws IOException {
    byte[] key = random(Bounds.KEY_BYTES);
    long size = Files.size(file);
    var sealer = new FileChunks.Sealer(key, size);
    try (var in = Files.newInputStream(file);
        var out = Files.newOutputStream(sealed)) {
      while (!sealer.isDone()) {
        byte[] content = in.readNBytes(sealer.wanted());
        if (content.length < sealer.wanted()) {
          throw new IOException("the file became shorter while it was read");
        }
        out.write(sealer.seal(content));
      }
    }
    String type = Optional.ofNullable(Files.probeContentType(file)).orElse(UNKNOWN_TYPE);
    return new Content.File(
        Bytes.of(random(Limits.FILE_ID_BYTES)),
        Secret.of(key),
        Bytes.of(sealer.digest()),
        size,
        file.getFileName().toString(),
        type,
        text,
        replyTo,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private byte[] random(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * Loads the file of a message.
   *
   * @param target must not exist; its folder must
   * @return fails with a {@link SottoException} if the file is not there any more, or not what the
   *     message says, or with an {@link IOException}; then there is no target
   */
  public CompletableFuture<Void> load(UserName with, MessageRef message, Path target) {
    return load(store.transaction(rows -> file(rows, with, message)), target);
  }

  /** As above, of a line of a group. */
  public CompletableFuture<Void> load(GroupId group, MessageRef line, Path target) {
    return load(
        store.transaction(
            rows -> new GroupLines(rows).find(group, line).flatMap(GroupLine::file)),
        target);
  }

  private CompletableFuture<Void> load(Optional<Content.File> file, Path target) {
    Content.File content =
        file.orElseThrow(() -> new IllegalArgumentException("there is no such file"));
    return inBackground(
        () -> {
          if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
          }
          Path folder = target.toAbsolutePath().getParent();
          Path sealed = Files.createTempFile(folder, ".sotto", ".sealed");
          try {
            server.download(content, sealed);
            open(content, sealed, target);
            return null;
          } finally {
            Files.delete(sealed);
          }
        });
  }

  private static Optional<Content.File> file(Rows rows, UserName with, MessageRef message) {
    boolean mine = message.from().equals(Self.of(rows).user());
    return new History(rows).line(with, mine, message.message()).flatMap(Message::file);
  }

  private static void open(Content.File content, Path sealed, Path target)
      throws IOException, SottoException {
    Path opened = Files.createTempFile(sealed.getParent(), ".sotto", ".opened");
    try {
      write(content, sealed, opened);
      Files.move(opened, target);
    } finally {
      Files.deleteIfExists(opened);
    }
  }

  /** Digest and chunks are both the sender's word: they need not fit. */
  private static void write(Content.File content, Path sealed, Path opened)
      throws IOException, SottoException {
    var opener = new FileChunks.Opener(content.key().toArray(), content.size());
    try (var in = Files.newInputStream(sealed);
        var out = Files.newOutputStream(opened)) {
      while (!opener.isDone()) {
        out.write(opener.open(in.readNBytes(opener.wanted())));
      }
    } catch (RefusedException e) {
      throw new SottoException("the file does not open with the key of its message");
    }
  }

  private <T> CompletableFuture<T> inBackground(Callable<T> work) {
    var outcome = new CompletableFuture<T>();
    threads.execute(
        () -> {
          try {
            outcome.complete(work.call());
          } catch (Exception e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  /** Interrupts what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
