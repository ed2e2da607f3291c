package chat.sotto.edge;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.javadsl.FileIO;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import chat.sotto.journal.IncomingFile;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredFiles;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Uploads and downloads of ciphertexts (docs/protocol.md §7.6). Streams both ways, so memory does
 * not grow with a file, and a slow side slows the other.
 */
final class FileRoutes {
  static final String PREFIX = "/files/";

  private static final String TICKET = "Sotto-Ticket";
  private static final String OFFSET = "Upload-Offset";
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int GATHERED_BYTES = 256 * 1024;
  private static final int RETRY_SECONDS = 5;
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,15})-");

  private final Store store;
  private final Uploads uploads;
  private final RateLimit<ClientAddress> requests;
  private final Duration silenceMax;
  private final Materializer materializer;

  FileRoutes(Store store, Uploads uploads, Duration silenceMax, Materializer materializer) {
    this.store = store;
    this.uploads = uploads;
    this.requests = new RateLimit<>(uploads.limits().requestsPerAddress(), System::nanoTime);
    this.silenceMax = silenceMax;
    this.materializer = materializer;
  }

  CompletionStage<HttpResponse> answer(HttpRequest request, ClientAddress client) {
    boolean isUpload = request.method().equals(HttpMethods.PUT);
    boolean isDownload =
        request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
    Optional<Bytes> file = id(request.getUri().path().substring(PREFIX.length()));
    if (!isUpload && !isDownload) {
      return refuse(
          request,
          Routes.status(StatusCodes.METHOD_NOT_ALLOWED)
              .addHeader(RawHeader.create("Allow", "GET, HEAD, PUT")));
    }
    if (file.isEmpty()) {
      return refuse(request, Routes.status(StatusCodes.NOT_FOUND));
    }
    if (!requests.take(client).isZero()) {
      return refuse(request, later());
    }
    return isUpload ? upload(request, file.get()) : download(request, file.get());
  }

  private static Optional<Bytes> id(String name) {
    try {
      return Optional.of(Bytes.fromBase64Url(name))
          .filter(id -> id.size() == Limits.FILE_ID_BYTES);
    } catch (IllegalArgumentException notBase64Url) {
      return Optional.empty();
    }
  }

  /**
   * What is sent after a refusal is thrown away, for so long that whoever sends it sees the answer;
   * then the connection ends.
   */
  static CompletionStage<HttpResponse> refuse(
      HttpRequest request, HttpResponse answer, Materializer materializer) {
    // Who waits to be told to go on must not be told.
    Source<ByteString, ?> rest = request.entity().withoutSizeLimit().getDataBytes();
    if (Routes.header(request, "Expect").isPresent()) {
      rest.runWith(Sink.cancelled(), materializer);
    } else {
      rest.takeWithin(LINGER).runWith(Sink.ignore(), materializer);
    }
    return Stages.now(answer);
  }

  private CompletionStage<HttpResponse> refuse(HttpRequest request, HttpResponse answer) {
    return refuse(request, answer, materializer);
  }

  private static HttpResponse later() {
    return Routes.status(StatusCodes.TOO_MANY_REQUESTS)
        .addHeader(RawHeader.create("Retry-After", Integer.toString(RETRY_SECONDS)));
  }

  // Uploads

  private CompletionStage<HttpResponse> upload(HttpRequest request, Bytes file) {
    Optional<byte[]> ticket =
        Routes.header(request, TICKET).flatMap(FileRoutes::id).map(Bytes::toArray);
    OptionalLong offset = offset(request);
    if (ticket.isEmpty() || !uploads.isGood(file, ticket.get())) {
      return refuse(request, Routes.status(StatusCodes.UNAUTHORIZED));
    }
    if (offset.isEmpty()) {
      return refuse(request, Routes.status(StatusCodes.BAD_REQUEST));
    }
    Uploads.Start start = uploads.start(file, ticket.get());
    if (start instanceof Uploads.Going going) {
      return upload(request, file, going.upload(), offset.getAsLong())
          .whenComplete((answer, failure) -> uploads.end(file, going.upload()));
    }
    return start == Uploads.NotNow.RUNNING
        ? conflict(request, file)
        : refuse(
            request,
            start == Uploads.NotNow.TOO_MANY ? later() : Routes.status(StatusCodes.UNAUTHORIZED));
  }

  private static OptionalLong offset(HttpRequest request) {
    return Routes.header(request, OFFSET)
        .filter(text -> text.matches("[0-9]{1,15}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElseGet(OptionalLong::empty);
  }

  private CompletionStage<HttpResponse> conflict(HttpRequest request, Bytes file) {
    return store
        .files()
        .find(file)
        .thenCompose(
            row ->
                refuse(
                    request,
                    row.map(found -> at(StatusCodes.CONFLICT, found.received()))
                        .orElseGet(() -> Routes.status(StatusCodes.NOT_FOUND))));
  }

  private static HttpResponse at(StatusCode status, long received) {
    return Routes.status(status)
        .addHeader(RawHeader.create(OFFSET, Long.toString(received)));
  }

  private CompletionStage<HttpResponse> upload(
      HttpRequest request, Bytes file, Uploads.Upload upload, long offset) {
    return uploads
        .open(file)
        .thenCompose(
            opened ->
                opened
                    .map(incoming -> upload(request, upload, incoming, offset))
                    .orElseGet(
                        () -> refuse(request, Routes.status(StatusCodes.NOT_FOUND))));
  }

  private CompletionStage<HttpResponse> upload(
      HttpRequest request, Uploads.Upload upload, IncomingFile incoming, long offset) {
    OptionalLong length = request.entity().getContentLengthOption();
    if (offset != incoming.received()) {
      return close(incoming)
          .thenCompose(done -> refuse(request, at(StatusCodes.CONFLICT, incoming.received())));
    }
    if (length.orElse(0) > incoming.missing()) {
      return close(incoming)
          .thenCompose(
              done -> refuse(request, Routes.status(StatusCodes.CONTENT_TOO_LARGE)));
    }
    return receive(request, upload, incoming);
  }

  private CompletionStage<Boolean> close(IncomingFile incoming) {
    return incoming.end(uploads.keptUntil());
  }

  private CompletionStage<HttpResponse> receive(
      HttpRequest request, Uploads.Upload upload, IncomingFile incoming) {
    var running =
        request
            .entity()
            .withSizeLimit(incoming.missing())
            .getDataBytes()
            .idleTimeout(silenceMax)
            .takeWithin(uploads.limits().uploadWithin())
            .viaMat(KillSwitches.single(), Keep.right())
            .batchWeighted(
                GATHERED_BYTES, bytes -> (long) bytes.size(), bytes -> bytes, ByteString::concat)
            .mapAsync(1, bytes -> incoming.append(bytes.asByteBuffer()))
            .takeWhile(goesOn -> goesOn && store.hasRoom())
            .toMat(Sink.ignore(), Keep.both())
            .run(materializer);
    upload.runs(running.first());
    return running
        .second()
        .handle((done, failure) -> Optional.ofNullable(failure))
        .thenCompose(failure -> ended(incoming, failure));
  }

  private CompletionStage<HttpResponse> ended(IncomingFile incoming, Optional<Throwable> failure) {
    if (failure.filter(FileRoutes::isTooMuch).isPresent()) {
      return incoming
          .undo()
          .thenCompose(done -> close(incoming))
          .thenApply(done -> Routes.status(StatusCodes.CONTENT_TOO_LARGE));
    }
    return close(incoming)
        .thenApply(
            isThere -> {
              if (!isThere) {
                return Routes.status(StatusCodes.NOT_FOUND);
              }
              boolean mayGoOn = incoming.missing() == 0 || store.hasRoom();
              return at(
                  mayGoOn ? StatusCodes.NO_CONTENT : StatusCodes.INSUFFICIENT_STORAGE,
                  incoming.received());
            });
  }

  private static boolean isTooMuch(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof EntityStreamSizeException;
  }

  // Downloads

  private CompletionStage<HttpResponse> download(HttpRequest request, Bytes file) {
    request.discardEntityBytes(materializer);
    return store
        .files()
        .whole(file)
        .thenApply(
            found ->
                found
                    .map(whole -> download(request, whole))
                    .orElseGet(() -> Routes.status(StatusCodes.NOT_FOUND)));
  }

  /** Only a range to the end is heeded: what else is asked for is answered whole. */
  private static HttpResponse download(HttpRequest request, StoredFiles.Whole file) {
    OptionalLong from = rangeFrom(request);
    if (from.isEmpty()) {
      return bytes(StatusCodes.OK, file, 0);
    }
    if (from.getAsLong() >= file.size()) {
      return Routes.status(StatusCodes.RANGE_NOT_SATISFIABLE)
          .addHeader(header("Content-Range", "bytes */" + file.size()));
    }
    String range = "bytes %d-%d/%d".formatted(from.getAsLong(), file.size() - 1, file.size());
    return bytes(StatusCodes.PARTIAL_CONTENT, file, from.getAsLong())
        .addHeader(header("Content-Range", range));
  }

  private static OptionalLong rangeFrom(HttpRequest request) {
    Matcher range = RANGE.matcher(Routes.header(request, "Range").orElse(""));
    return range.matches()
        ? OptionalLong.of(Long.parseLong(range.group(1)))
        : OptionalLong.empty();
  }

  private static HttpResponse bytes(StatusCode status, StoredFiles.Whole file, long from) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_OCTET_STREAM,
                file.size() - from,
                FileIO.fromPath(file.path(), CHUNK_BYTES, from)))
        .addHeader(header("Cache-Control", "no-store"))
        .addHeader(header("Accept-Ranges", "bytes"))
        .addHeader(header("Content-Disposition", "attachment"));
  }

  private static HttpHeader header(String name, String value) {
    return RawHeader.create(name, value);
  }
}
