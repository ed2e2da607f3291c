package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.journal.FileQuota;
import chat.sotto.journal.FileRow;
import chat.sotto.journal.IncomingFile;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredFiles;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FileRequest;
import chat.sotto.protocol.FileTicket;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over real HTTP; what they hold is nothing to the server. */
class FilesTest {
  private static final int KIB = 1024;
  private static final int SIZE_MAX = 9 * KIB * KIB;
  private static final int PER_USER = 12 * KIB * KIB;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path data;
  private static final MovableClock CLOCK = new MovableClock();
  private static TestServer server;
  private static int names;

  private final TestUser alice = new TestUser("sender" + ++names);
  private final Bytes file = Bytes.of(TestUser.random(32));
  private RawClient client;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            data,
            Map.of(
                "sotto.files.size-max", SIZE_MAX,
                "sotto.files.per-user", PER_USER,
                "sotto.files.keep", "2 d",
                "sotto.limits.uploads-per-user", 1),
            CLOCK);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void register() throws Exception {
    client = RawClient.registered(server.server(), alice);
  }

  @AfterEach
  void leave() {
    client.close();
  }

  private FileRequest.Ask asking(RawClient by, long nonce, Bytes file, long size) {
    return new FileRequest.Ask(nonce, by.token(), file, size);
  }

  private FileTicket ask(Bytes file, long size) throws Exception {
    return client.ask(FileTicket.class, nonce -> asking(client, nonce, file, size));
  }

  private void drop(RawClient by, Bytes file) throws Exception {
    by.ask(ServerFrame.Done.class, nonce -> new FileRequest.Drop(nonce, by.token(), file));
  }

  private static HttpRequest.Builder to(Bytes file) {
    return HttpRequest.newBuilder(URI.create(server.server().url().origin() + "/files/" + file))
        .timeout(Duration.ofSeconds(30));
  }

  private static HttpRequest.Builder putting(
      Bytes file, Secret ticket, Object offset, HttpRequest.BodyPublisher body) {
    return to(file)
        .header("Sotto-Ticket", Bytes.of(ticket.toArray()).toString())
        .header("Upload-Offset", offset.toString())
        .PUT(body);
  }

  private static HttpResponse<byte[]> answer(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> put(Bytes file, Secret ticket, long offset, byte[] body)
      throws Exception {
    return answer(putting(file, ticket, offset, BodyPublishers.ofByteArray(body)));
  }

  private static HttpResponse<byte[]> get(Bytes file) throws Exception {
    return answer(to(file));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static void assertAt(int status, long offset, HttpResponse<?> response) {
    assertEquals(status, response.statusCode());
    assertEquals(Long.toString(offset), header(response, "Upload-Offset"));
  }

  private void upload(Bytes file, byte[] content) throws Exception {
    FileTicket ticket = ask(file, content.length);
    assertAt(204, content.length, put(file, ticket.ticket(), 0, content));
  }

  private static boolean isOnDisk(Bytes file) {
    Path whole = place(file);
    return Files.exists(whole) || Files.exists(partOf(whole));
  }

  @Test
  void whatIsUploadedIsLoadedWholeOrFromAnyPlace() throws Exception {
    byte[] content = TestUser.random(300 * KIB);
    upload(file, content);
    HttpResponse<byte[]> whole = get(file);
    assertEquals(200, whole.statusCode());
    assertArrayEquals(content, whole.body());
    assertEquals("application/octet-stream", header(whole, "Content-Type"));
    assertEquals("attachment", header(whole, "Content-Disposition"));
    assertEquals("no-store", header(whole, "Cache-Control"));
    assertEquals("nosniff", header(whole, "X-Content-Type-Options"));
    assertEquals("same-origin", header(whole, "Cross-Origin-Resource-Policy"));
    assertEquals("", header(whole, "Access-Control-Allow-Origin"));

    HttpResponse<byte[]> rest = answer(to(file).header("Range", "bytes=100000-"));
    assertEquals(206, rest.statusCode());
    assertEquals("bytes 100000-307199/307200", header(rest, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(content, 100_000, content.length), rest.body());
    HttpResponse<byte[]> beyond = answer(to(file).header("Range", "bytes=307200-"));
    assertEquals(416, beyond.statusCode());
    assertEquals("bytes */307200", header(beyond, "Content-Range"));
    for (String range : List.of("bytes=1-2,5-6", "bytes=-5", "bytes=1-2", "lines=1-")) {
      assertArrayEquals(content, answer(to(file).header("Range", range)).body());
    }

    try (var socket = RawSocket.open(server.server())) {
      socket.write("HEAD /files/%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(file));
      String head = socket.head();
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
    }
  }

  @Test
  void aFileComesInPieces() throws Exception {
    byte[] content = TestUser.random(9 * KIB * KIB);
    FileTicket ticket = ask(file, content.length);
    assertEquals(0, ticket.offset());
    int[] ends = {1, 100_000, 5 * KIB * KIB, content.length};
    int from = 0;
    for (int end : ends) {
      assertEquals(404, get(file).statusCode());
      assertAt(204, end, put(file, ticket.ticket(), from, Arrays.copyOfRange(content, from, end)));
      from = end;
      assertEquals(end, ask(file, content.length).offset());
      ticket = ask(file, content.length);
    }
    assertArrayEquals(content, get(file).body());
    assertAt(204, content.length, put(file, ticket.ticket(), content.length, new byte[0]));
    assertArrayEquals(content, get(file).body());
  }

  @Test
  void theOffsetIsThatOfWhatIsThere() throws Exception {
    FileTicket ticket = ask(file, 2000);
    assertAt(409, 0, put(file, ticket.ticket(), 1, new byte[10]));
    assertAt(204, 10, put(file, ticket.ticket(), 0, new byte[10]));
    assertAt(409, 10, put(file, ticket.ticket(), 0, new byte[10]));
    assertAt(409, 10, put(file, ticket.ticket(), 11, new byte[10]));
    for (String wrong : List.of("-1", "x", "1e1", "9999999999999999")) {
      var request =
          putting(file, ticket.ticket(), wrong, BodyPublishers.ofByteArray(new byte[10]));
      assertEquals(400, answer(request).statusCode());
    }
    assertAt(204, 2000, put(file, ticket.ticket(), 10, new byte[1990]));
  }

  @Test
  void onlyTheNewestTicketUploadsAndOnlyInItsTime() throws Exception {
    FileTicket old = ask(file, 2000);
    FileTicket ticket = ask(file, 2000);
    assertEquals(401, put(file, old.ticket(), 0, new byte[2000]).statusCode());
    Bytes other = Bytes.of(TestUser.random(32));
    FileTicket ofOther = ask(other, 2000);
    assertEquals(401, put(file, ofOther.ticket(), 0, new byte[2000]).statusCode());
    Secret wrong = Secret.of(TestUser.random(32));
    assertEquals(401, put(file, wrong, 0, new byte[2000]).statusCode());
    var without = to(file).PUT(BodyPublishers.ofByteArray(new byte[2000]));
    assertEquals(401, answer(without.header("Upload-Offset", "0")).statusCode());
    Bytes unknown = Bytes.of(TestUser.random(32));
    assertEquals(401, put(unknown, ticket.ticket(), 0, new byte[2000]).statusCode());
    assertAt(204, 50, put(file, ticket.ticket(), 0, new byte[50]));
    CLOCK.advance(FileLimits.TICKET_LIFE);
    assertEquals(401, put(file, ticket.ticket(), 50, new byte[50]).statusCode());
    assertAt(204, 2000, put(file, ask(file, 2000).ticket(), 50, new byte[1950]));
  }

  @Test
  void moreThanWasAskedForIsRefused() throws Exception {
    FileTicket ticket = ask(file, 100_000);
    assertEquals(413, put(file, ticket.ticket(), 0, new byte[100_001]).statusCode());
    byte[] much = new byte[200_000];
    var chunked =
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(much));
    assertEquals(413, answer(putting(file, ticket.ticket(), 0, chunked)).statusCode());
    try (var socket = RawSocket.open(server.server())) {
      socket.write(head(ask(file, 100_000), 100_001) + "Expect: 100-continue\r\n\r\n");
      assertTrue(socket.head().startsWith("HTTP/1.1 413 "));
      socket.assertDropped();
    }
    assertEquals(0, ask(file, 100_000).offset());
    byte[] all = TestUser.random(100_000);
    var fits = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(all));
    assertAt(204, all.length, answer(putting(file, ask(file, 100_000).ticket(), 0, fits)));
    var more = putting(file, ask(file, 100_000).ticket(), 100_000, chunked);
    assertEquals(413, answer(more).statusCode());
    assertArrayEquals(all, get(file).body());
  }

  @Test
  void whatCameBeforeTheConnectionEndedIsThere() throws Exception {
    byte[] content = TestUser.random(SIZE_MAX);
    int came = 6 * KIB * KIB;
    FileTicket ticket = ask(file, content.length);
    try (var socket = RawSocket.open(server.server())) {
      socket.write(head(ticket, content.length) + "Expect: 100-continue\r\n\r\n");
      assertTrue(socket.head().startsWith("HTTP/1.1 100 "));
      socket.write(Arrays.copyOf(content, came));
      awaitPart(came);
      // Were the server killed now, so much would be known to be on disk.
      assertTrue(row().received() >= 4 * KIB * KIB, row().toString());
      // Another upload of the user waits for its turn, and one of this file for its end.
      assertEquals(409, put(file, ticket.ticket(), 0, new byte[10]).statusCode());
      Bytes second = Bytes.of(TestUser.random(32));
      assertEquals(429, put(second, ask(second, 2000).ticket(), 0, new byte[10]).statusCode());
    }
    FileTicket again = ask(file, content.length);
    assertEquals(came, again.offset());
    byte[] rest = Arrays.copyOfRange(content, came, content.length);
    assertAt(204, content.length, put(file, again.ticket(), came, rest));
    assertArrayEquals(content, get(file).body());
  }

  private String head(FileTicket ticket, int length) {
    return "PUT /files/%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
            .formatted(file, length)
        + "Upload-Offset: 0\r\nSotto-Ticket: %s\r\n"
            .formatted(Bytes.of(ticket.ticket().toArray()));
  }

  private static Path place(Bytes file) {
    String name = HexFormat.of().formatHex(file.toArray());
    return data.resolve("files").resolve(name.substring(0, 2)).resolve(name);
  }

  private static Path partOf(Path whole) {
    return whole.resolveSibling(whole.getFileName() + ".part");
  }

  private void awaitPart(int size) throws Exception {
    Path part = partOf(place(file));
    while (!Files.exists(part) || Files.size(part) < size) {
      Thread.onSpinWait();
    }
  }

  private FileRow row() {
    return Store.get(server.system())
        .files()
        .find(file)
        .toCompletableFuture()
        .join()
        .orElseThrow();
  }

  @Test
  void limitsAreThoseOfTheOperator() throws Exception {
    var large =
        client.ask(
            ServerFrame.Failed.class, nonce -> asking(client, nonce, file, SIZE_MAX + 1));
    assertEquals(ErrorCode.FILE_TOO_LARGE, large.code());
    assertEquals(SIZE_MAX, large.max().orElseThrow());
    ask(file, SIZE_MAX);
    Bytes second = Bytes.of(TestUser.random(32));
    client.assertRefused(
        ErrorCode.FILES_FULL, nonce -> asking(client, nonce, second, 3 * KIB * KIB));
    drop(client, file);
    ask(second, 3 * KIB * KIB);
  }

  @Test
  void whereNobodyMayHaveFilesThatIsSaid(@TempDir Path folder) throws Exception {
    try (var none = TestServer.start(folder, Map.of("sotto.files.size-max", 0));
        RawClient there = RawClient.registered(none.server(), new TestUser("nofiles" + names))) {
      for (int i = 0; i < 3; i++) {
        var refused =
            there.ask(ServerFrame.Failed.class, nonce -> asking(there, nonce, file, 2000));
        assertEquals(ErrorCode.FILE_TOO_LARGE, refused.code());
        assertEquals(0, refused.max().orElseThrow());
      }
    }
  }

  @Test
  void aNameIsTakenForOthersAndForAnotherSize() throws Exception {
    upload(file, new byte[2000]);
    client.assertRefused(ErrorCode.FILE_REFUSED, nonce -> asking(client, nonce, file, 2001));
    try (RawClient other =
        RawClient.registered(server.server(), new TestUser("other" + names))) {
      other.assertRefused(ErrorCode.FILE_REFUSED, nonce -> asking(other, nonce, file, 2000));
      drop(other, file);
      assertEquals(200, get(file).statusCode());
    }
    drop(client, file);
    assertEquals(404, get(file).statusCode());
    assertFalse(isOnDisk(file));
    drop(client, file);
  }

  @Test
  void whatIsNoFileIsNotFoundAndOnlyOwnPagesAreAnswered() throws Exception {
    assertEquals(404, get(file).statusCode());
    upload(file, new byte[2000]);
    String origin = server.server().url().origin();
    for (String path : List.of("", "x", "../application.conf", file + "A", file + "/x")) {
      var request = HttpRequest.newBuilder(URI.create(origin + "/files/" + path));
      assertEquals(404, answer(request).statusCode(), path);
    }
    var foreign = to(file).header("Origin", "https://elsewhere.example");
    assertEquals(403, answer(foreign).statusCode());
    assertEquals(200, answer(to(file).header("Origin", origin)).statusCode());
    for (String method : List.of("POST", "DELETE", "OPTIONS", "PATCH")) {
      var refused = answer(to(file).method(method, BodyPublishers.ofString("x")));
      assertEquals(405, refused.statusCode());
      assertEquals("GET, HEAD, PUT", header(refused, "Allow"));
    }
  }

  @Test
  void filesGoWhenTheirTimeIsOver() throws Exception {
    upload(file, new byte[2000]);
    Bytes unfinished = Bytes.of(TestUser.random(32));
    assertAt(204, 50, put(unfinished, ask(unfinished, 2000).ticket(), 0, new byte[50]));
    Path stray = data.resolve("files/ab/ab" + "0".repeat(62));
    Files.createDirectories(stray.getParent());
    Files.writeString(stray, "left by a crash");
    sweep();
    assertFalse(Files.exists(stray));
    assertEquals(200, get(file).statusCode());
    assertTrue(isOnDisk(unfinished));
    CLOCK.advance(Duration.ofDays(1));
    sweep();
    assertEquals(200, get(file).statusCode());
    assertFalse(isOnDisk(unfinished));
    CLOCK.advance(Duration.ofDays(1));
    sweep();
    assertEquals(404, get(file).statusCode());
    assertFalse(isOnDisk(file));
  }

  private static void sweep() {
    Store.get(server.system()).files().sweep(CLOCK.millis()).toCompletableFuture().join();
  }

  @Test
  void whatIsDeletedIsNotUploadedAnyMore() throws Exception {
    try (var socket = beginUpload(server)) {
      awaitPart(50_000);
      CLOCK.advance(Duration.ofDays(1));
      sweep();
      assertTrue(socket.head().startsWith("HTTP/1.1 404 "));
      socket.assertDropped();
    }
    assertFalse(isOnDisk(file));
  }

  /** Half of 100,000 bytes are sent. */
  private RawSocket beginUpload(TestServer server) throws Exception {
    FileTicket ticket = ask(file, 100_000);
    RawSocket socket = RawSocket.open(server.server());
    socket.write(head(ticket, 100_000) + "Expect: 100-continue\r\n\r\n");
    assertTrue(socket.head().startsWith("HTTP/1.1 100 "));
    socket.write(new byte[50_000]);
    return socket;
  }

  @Test
  void anUploadTakesOnlySoLong(@TempDir Path folder) throws Exception {
    client.close();
    try (var quick = TestServer.start(folder, Map.of("sotto.limits.upload-within", "3 s"))) {
      client = RawClient.registered(quick.server(), alice);
      try (var socket = beginUpload(quick)) {
        socket.head();
        socket.assertDropped();
      }
      // As after any other end: what came is there.
      assertEquals(50_000, ask(file, 100_000).offset());
    }
  }

  @Test
  void aFileThatIsGoneFromTheDiskIsForgotten() throws Exception {
    upload(file, new byte[2000]);
    Files.delete(place(file));
    assertEquals(404, get(file).statusCode());
    FileTicket ticket = ask(file, 2000);
    assertAt(409, 0, put(file, ticket.ticket(), 2000, new byte[0]));
    assertEquals(0, ask(file, 2000).offset());
    sweep();
    upload(file, new byte[2000]);
    assertEquals(200, get(file).statusCode());
  }

  @Test
  void filesGoWithTheAccount() throws Exception {
    upload(file, new byte[2000]);
    Bytes kept = Bytes.of(TestUser.random(32));
    try (RawClient other =
        RawClient.registered(server.server(), new TestUser("stays" + names))) {
      FileTicket ticket =
          other.ask(FileTicket.class, nonce -> asking(other, nonce, kept, 2000));
      assertAt(204, 2000, put(kept, ticket.ticket(), 0, new byte[2000]));
      new Erasure(server.system())
          .erase(alice.name, "asked for it")
          .toCompletableFuture()
          .join();
      assertEquals(404, get(file).statusCode());
      assertFalse(isOnDisk(file));
      assertEquals(200, get(kept).statusCode());
    }
  }

  @Test
  void whoReadsSlowlyIsNotCutOff(@TempDir Path folder) throws Exception {
    byte[] content = TestUser.random(20 * KIB * KIB);
    try (var strict = TestServer.start(folder, Map.of("sotto.limits.first-frame-within", "2 s"))) {
      store(strict, file, content);
      try (var socket = RawSocket.open(strict.server());
          var unused = RawSocket.open(strict.server())) {
        socket.write("GET /files/%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(file));
        assertTrue(socket.head().startsWith("HTTP/1.1 200 "));
        // Longer than a connection is waited for that says nothing.
        unused.assertEnded();
        assertArrayEquals(content, socket.read(content.length));
      }
    }
  }

  @Test
  void whoWritesSlowlyIsNotCutOff(@TempDir Path folder) throws Exception {
    client.close();
    try (var strict = TestServer.start(folder, Map.of("sotto.limits.first-frame-within", "2 s"))) {
      client = RawClient.registered(strict.server(), alice);
      try (var socket = beginUpload(strict);
          var unused = RawSocket.open(strict.server())) {
        unused.assertEnded();
        socket.write(new byte[50_000]);
        assertTrue(socket.head().startsWith("HTTP/1.1 204 "));
      }
    }
  }

  static void store(TestServer server, Bytes file, byte[] content) {
    StoredFiles files = Store.get(server.system()).files();
    long never = Long.MAX_VALUE / 2;
    var row = new FileRow(file, "nobody", content.length, 0, never);
    files.reserve(row, new FileQuota(never, never)).toCompletableFuture().join();
    IncomingFile incoming = files.append(row).toCompletableFuture().join();
    incoming.append(ByteBuffer.wrap(content));
    assertTrue(incoming.end(never).toCompletableFuture().join());
  }
}
