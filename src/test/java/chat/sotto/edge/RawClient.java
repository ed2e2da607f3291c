package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.Server;
import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One connection, with every step in the test's hands: written from docs/protocol.md §2 over the
 * crypto and protocol rooms, so that bad input can be made on purpose.
 */
final class RawClient implements AutoCloseable {
  private static final long WAIT_SECONDS = 15;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final WebSocket socket;

  /** What the client takes for the hello; a test may put another in its place. */
  byte[] helloBytes;

  final Hello hello;
  final X25519.KeyPair connectionKey = X25519.generateKeyPair(TestUser.RANDOM);
  private final Ear ear;
  private final BlockingQueue<Object> heard;
  private final Queue<ServerFrame> kept = new ArrayDeque<>();
  private final Queue<AccountPush> accounts = new ArrayDeque<>();
  private Hpke.Sender c2s;
  private byte[] transcript;
  private Hpke.ReceiverContext s2c;
  private int lastMessageBytes;
  private Secret token;
  private long nonce;

  record Closed(int code) {}

  private static final class Ear implements WebSocket.Listener {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private volatile boolean paused;

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      var bytes = new byte[data.remaining()];
      data.get(bytes);
      message.writeBytes(bytes);
      if (last) {
        heard.add(message.toByteArray());
        message.reset();
      }
      if (!paused) {
        socket.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard.add(new Closed(code));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      heard.add(error);
    }
  }

  private RawClient(WebSocket socket, Ear ear) throws Exception {
    this.socket = socket;
    this.ear = ear;
    this.heard = ear.heard;
    this.helloBytes = message();
    this.hello = FrameCodec.decodeHello(helloBytes);
  }

  static RawClient connect(Server server) throws Exception {
    return connect(uri(server));
  }

  static RawClient connect(URI uri) throws Exception {
    var ear = new Ear();
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .subprotocols("sotto.v1")
            .connectTimeout(Duration.ofSeconds(WAIT_SECONDS))
            .buildAsync(uri, ear)
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
    return new RawClient(socket, ear);
  }

  /** Made and empty, everything said. */
  static RawClient registered(Server server, TestUser user) throws Exception {
    RawClient client = connect(server);
    client.register(user);
    client.hear(ServerFrame.CaughtUp.class);
    return client;
  }

  static URI uri(Server server) {
    return URI.create("ws://localhost:" + server.address().getPort() + "/ws");
  }

  // What comes

  Object next() throws InterruptedException {
    Object next = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  byte[] message() throws InterruptedException {
    byte[] message = assertInstanceOf(byte[].class, next());
    lastMessageBytes = message.length;
    return message;
  }

  int lastMessageBytes() {
    return lastMessageBytes;
  }

  void assertClosed(CloseCode code) throws InterruptedException {
    assertClosed(code.code());
  }

  void assertClosed(int code) throws InterruptedException {
    assertEquals(new Closed(code), next());
  }

  /** What was pushed before is not looked at. */
  void awaitClosed(CloseCode code) throws InterruptedException {
    Object next = next();
    while (!(next instanceof Closed)) {
      next = next();
    }
    assertEquals(new Closed(code.code()), next);
  }

  boolean heardNothingMore() {
    return heard.isEmpty() && kept.isEmpty();
  }

  /** Takes one more message from the network, then none until {@link #resumeReading}. */
  void pauseReading() {
    ear.paused = true;
  }

  void resumeReading() {
    ear.paused = false;
    socket.request(1);
  }

  // The first envelope

  Bytes connectionKey() {
    return Bytes.of(connectionKey.publicKey());
  }

  byte[] sealFirst(ClientFrame.First frame, Ed25519.SigningKey deviceKey) {
    return sealFirst(FrameCodec.encode(frame), frame.connectionKey(), deviceKey, 1);
  }

  /** The first envelope around any bytes. */
  byte[] sealFirst(
      byte[] frame, Bytes connectionKey, Ed25519.SigningKey deviceKey, int suiteByte) {
    Suite suite = Suite.X25519;
    byte[] helloHash = Handshake.helloHash(helloBytes);
    byte[] serverKey = hello.signKey().toArray();
    byte[] sealKey = hello.sealKeys().get(0).key().toArray();
    c2s =
        Hpke.setupBaseS(
            suite,
            sealKey,
            Handshake.clientInfo(suite, helloHash, serverKey),
            TestUser.RANDOM);
    byte[] signature =
        new Handshake.First(
                suite, helloHash, serverKey, sealKey, c2s.enc(), connectionKey.toArray(), frame)
            .sign(deviceKey);
    var envelope = new ByteArrayOutputStream();
    envelope.write(suiteByte);
    envelope.writeBytes(c2s.enc());
    envelope.writeBytes(c2s.context().seal(concat(signature, frame)));
    transcript = Handshake.transcript(helloHash, envelope.toByteArray());
    return envelope.toByteArray();
  }

  static byte[] concat(byte[] one, byte[] two) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(two);
    return both.toByteArray();
  }

  /** The first envelope around a frame that is signed already. */
  byte[] sealSigned(byte[] signatureAndFrame) {
    Suite suite = Suite.X25519;
    c2s =
        Hpke.setupBaseS(
            suite,
            hello.sealKeys().get(0).key().toArray(),
            Handshake.clientInfo(
                suite, Handshake.helloHash(helloBytes), hello.signKey().toArray()),
            TestUser.RANDOM);
    byte[] sealed = c2s.context().seal(signatureAndFrame);
    return concat(new byte[] {1}, concat(c2s.enc(), sealed));
  }

  void send(byte[] message) {
    socket.sendBinary(ByteBuffer.wrap(message), true).join();
  }

  ServerFrame first(Function<Bytes, ClientFrame.First> frame, TestUser user) throws Exception {
    return first(frame, user.deviceKey);
  }

  ServerFrame first(Function<Bytes, ClientFrame.First> frame, Ed25519.SigningKey deviceKey)
      throws Exception {
    send(sealFirst(frame.apply(connectionKey()), deviceKey));
    return firstReply();
  }

  /** As that of a device that was in no list: it becomes one of its user's. */
  ServerFrame.SignedIn link(ClientFrame.Link frame) throws Exception {
    say(frame);
    var signedIn = assertInstanceOf(ServerFrame.SignedIn.class, hear());
    token = signedIn.token();
    return signedIn;
  }

  /** Opens the first envelope of the server and checks its signature. */
  ServerFrame firstReply() throws Exception {
    byte[] envelope = message();
    Suite suite = Suite.X25519;
    byte[] enc = Arrays.copyOf(envelope, suite.encBytes());
    s2c =
        Hpke.setupPskR(
            suite,
            enc,
            connectionKey,
            Handshake.serverInfo(suite, transcript),
            c2s.context().export(Labels.PSK, Handshake.PSK_BYTES),
            Handshake.PSK_ID);
    byte[] opened = s2c.open(Arrays.copyOfRange(envelope, enc.length, envelope.length));
    byte[] signature = Arrays.copyOf(opened, Ed25519.SIGNATURE_BYTES);
    byte[] frame = Arrays.copyOfRange(opened, Ed25519.SIGNATURE_BYTES, opened.length);
    assertTrue(
        Handshake.verifyServerFirst(
            hello.signKey().toArray(), signature, transcript, enc, frame));
    ServerFrame decoded = FrameCodec.decodeServer(frame);
    if (decoded instanceof ServerFrame.SignedIn signedIn) {
      token = signedIn.token();
    }
    return decoded;
  }

  ServerFrame.SignedIn register(TestUser user) throws Exception {
    return assertInstanceOf(ServerFrame.SignedIn.class, first(user::register, user));
  }

  ServerFrame.SignedIn login(TestUser user) throws Exception {
    return assertInstanceOf(ServerFrame.SignedIn.class, first(user::login, user));
  }

  ServerFrame.SignedIn resume(TestUser user, Secret token) throws Exception {
    return assertInstanceOf(
        ServerFrame.SignedIn.class, first(key -> user.resume(key, token), user));
  }

  // Later envelopes

  Secret token() {
    return token;
  }

  long nextNonce() {
    nonce += 2;
    return nonce;
  }

  byte[] seal(byte[] frame) {
    return c2s.context().seal(frame);
  }

  void say(ClientFrame frame) {
    send(seal(FrameCodec.encode(frame)));
  }

  ServerFrame hear() throws Exception {
    return kept.isEmpty() ? hearNext() : kept.remove();
  }

  /** What the server says of the account is kept apart: every sign-in brings it. */
  private ServerFrame hearNext() throws Exception {
    ServerFrame next = FrameCodec.decodeServer(s2c.open(message()));
    while (next instanceof AccountPush account) {
      accounts.add(account);
      next = FrameCodec.decodeServer(s2c.open(message()));
    }
    return next;
  }

  /** The next that was not heard yet. */
  AccountPush hearAccount() throws Exception {
    while (accounts.isEmpty()) {
      ServerFrame next = FrameCodec.decodeServer(s2c.open(message()));
      if (next instanceof AccountPush account) {
        accounts.add(account);
      } else {
        kept.add(next);
      }
    }
    return accounts.remove();
  }

  <T extends ServerFrame> T hear(Class<T> type) throws Exception {
    return assertInstanceOf(type, hear());
  }

  /** Skips pushes. */
  ServerFrame.Reply reply() throws Exception {
    ServerFrame frame = hear();
    while (frame instanceof ServerFrame.Push) {
      frame = hear();
    }
    return (ServerFrame.Reply) frame;
  }

  <T extends ServerFrame> T ask(Class<T> type, Function<Long, ClientFrame> frame)
      throws Exception {
    say(frame.apply(nextNonce()));
    return assertInstanceOf(type, reply());
  }

  /** As {@link #ask}, but the pushes that come before the reply are heard after it. */
  <T extends ServerFrame> T askKeeping(Class<T> type, Function<Long, ClientFrame> frame)
      throws Exception {
    say(frame.apply(nextNonce()));
    ServerFrame next = hearNext();
    while (next instanceof ServerFrame.Push) {
      kept.add(next);
      next = hearNext();
    }
    return assertInstanceOf(type, next);
  }

  void assertRefused(ErrorCode code, Function<Long, ClientFrame> frame) throws Exception {
    assertEquals(code, ask(ServerFrame.Failed.class, frame).code());
  }

  void assertAlive() throws Exception {
    ask(ServerFrame.Pong.class, nonce -> new ClientFrame.Ping(nonce, token));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
