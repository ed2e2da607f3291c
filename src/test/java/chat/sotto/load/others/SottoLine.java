package chat.sotto.load.others;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hpke;
import chat.sotto.crypto.Labels;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A client's connection to Sotto, so that {@code sotto load} is not the only one to measure it:
 * sockets, frames of RFC 6455 and the order of docs/protocol.md §2 are its own, nothing of the Java
 * client is used. It checks no chains, and signs for 32 entries as that does.
 */
final class SottoLine implements Loop.Line {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Suite SUITE = Suite.X25519;
  private static final int BUFFER = 1 << 17;
  private static final int BINARY = 0x82;
  private static final int ACKNOWLEDGE_AFTER = 32;

  final UserName name;
  final DeviceId device = new DeviceId(HexFormat.of().formatHex(random(16)));
  final Loop loop;
  private final Ed25519.SigningKey deviceKey = Ed25519.generate(RANDOM);
  private final X25519.KeyPair connectionKey = X25519.generateKeyPair(RANDOM);
  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
  private final Deque<ByteBuffer> out = new ArrayDeque<>();
  private final Hello hello;
  private final Hpke.Sender c2s;
  private final Hpke.ReceiverContext s2c;
  private final Secret token;
  private SelectionKey key;
  private LongConsumer ear = due -> {};
  private long nonce;
  private long messages;
  private int unacknowledged;

  /** Makes an account and comes online; blocks. */
  SottoLine(InetSocketAddress server, String name, Loop loop) throws IOException, FrameException {
    this.name = new UserName(name);
    this.loop = loop;
    channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    upgrade(server.getPort());
    byte[] greeting = awaitMessage();
    hello = FrameCodec.decodeHello(greeting);
    byte[] helloHash = Handshake.helloHash(greeting);
    byte[] serverKey = hello.signKey().toArray();
    byte[] sealKey = hello.sealKeys().get(0).key().toArray();
    byte[] info = Handshake.clientInfo(SUITE, helloHash, serverKey);
    c2s = Hpke.setupBaseS(SUITE, sealKey, info, RANDOM);
    byte[] frame = FrameCodec.encode(register());
    byte[] signature =
        new Handshake.First(
                SUITE, helloHash, serverKey, sealKey, c2s.enc(), connectionKey.publicKey(), frame)
            .sign(deviceKey);
    byte[] sealed = c2s.context().seal(concat(signature, frame));
    byte[] envelope = concat(new byte[] {(byte) SUITE.id()}, concat(c2s.enc(), sealed));
    write(masked(envelope));
    byte[] answer = awaitMessage();
    byte[] enc = Arrays.copyOf(answer, SUITE.encBytes());
    s2c =
        Hpke.setupPskR(
            SUITE,
            enc,
            connectionKey,
            Handshake.serverInfo(SUITE, Handshake.transcript(helloHash, envelope)),
            c2s.context().export(Labels.PSK, Handshake.PSK_BYTES),
            Handshake.PSK_ID);
    byte[] opened = s2c.open(Arrays.copyOfRange(answer, enc.length, answer.length));
    byte[] said = Arrays.copyOfRange(opened, Ed25519.SIGNATURE_BYTES, opened.length);
    token = ((ServerFrame.SignedIn) FrameCodec.decodeServer(said)).token();
  }

  private ClientFrame.Register register() {
    Bytes publicKey = Bytes.of(deviceKey.publicKey());
    var start = new Point(0, Statements.inboxStart(name, 1));
    var row = new Device(device, publicKey, List.of(SUITE.id()), 1, start);
    Bytes prekey = Bytes.of(X25519.generateKeyPair(RANDOM).publicKey());
    return new ClientFrame.Register(
        0,
        name.value(),
        Secret.of(random(32)),
        device,
        publicKey,
        Bytes.of(connectionKey.publicKey()),
        Statements.signDeviceList(
            Ed25519.generate(RANDOM),
            name,
            hello.serverHost(),
            1,
            Bytes.of(new byte[32]),
            List.of(row)),
        List.of(
            Statements.signPrekey(
                deviceKey, name, device, 1, Prekey.Kind.SIGNED, SUITE.id(), prekey)),
        Bytes.of(random(300)));
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static byte[] concat(byte[] one, byte[] two) {
    return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
  }

  // Of the loop's thread

  /** From now on it belongs to its loop. @param ear told when each message that came was due */
  void begin(LongConsumer ear) throws IOException {
    this.ear = ear;
    channel.configureBlocking(false);
    loop.execute(() -> key = loop.register(channel, this));
  }

  /** A body that says when it was due, and random bytes. */
  void send(SottoLine to, long dueNanos, int size) {
    byte[] body = random(size);
    ByteBuffer.wrap(body).putLong(dueNanos);
    messages++;
    nonce += 2;
    say(
        new ClientFrame.Send(
            nonce,
            token,
            to.name,
            messages,
            1,
            Bytes.of(random(16)),
            List.of(new ClientFrame.Copy(to.device, Bytes.of(body)))));
  }

  private void say(ClientFrame frame) {
    out.add(masked(c2s.context().seal(FrameCodec.encode(frame))));
    loop.sendSoon(this);
  }

  @Override
  public void ready() throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (key.isReadable()) {
      if (channel.read(in) < 0) {
        throw new EOFException("the server ended the connection of " + name);
      }
      in.flip();
      for (byte[] message = nextMessage(); message != null; message = nextMessage()) {
        take(message);
      }
      in.compact();
    }
  }

  private void take(byte[] message) throws IOException {
    ServerFrame frame;
    try {
      frame = FrameCodec.decodeServer(s2c.open(message));
    } catch (FrameException e) {
      throw new IOException("no frame", e);
    }
    if (frame instanceof ServerFrame.EntryPush entry) {
      byte[] body = entry.ciphertext().orElseThrow().toArray();
      unacknowledged++;
      if (unacknowledged == ACKNOWLEDGE_AFTER) {
        acknowledge(entry);
      }
      ear.accept(ByteBuffer.wrap(body).getLong());
    } else if (frame instanceof ServerFrame.Failed failed) {
      throw new IllegalStateException("refused: " + failed);
    }
  }

  private void acknowledge(ServerFrame.EntryPush last) {
    unacknowledged = 0;
    var reached =
        List.of(
            new LogPoint(
                last.kind(), last.owner(), last.generation(), last.sequenceNr(), last.hash()));
    Bytes signature = Statements.signAck(deviceKey, hello.serverHost(), name, device, reached);
    say(new ClientFrame.Ack(last.nonce() + 1, token, reached, signature));
  }

  @Override
  public void flush() throws IOException {
    if (!out.isEmpty()) {
      channel.write(out.toArray(ByteBuffer[]::new));
      out.removeIf(each -> !each.hasRemaining());
    }
    key.interestOps(
        out.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  @Override
  public void leave() throws IOException {
    channel.close();
  }

  // RFC 6455

  private void upgrade(int port) throws IOException {
    String request =
        """
        GET /ws HTTP/1.1
        Host: localhost:%d
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Protocol: sotto.v1
        Sec-WebSocket-Key: %s

        """
            .formatted(port, Base64.getEncoder().encodeToString(random(16)));
    byte[] bytes = request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    write(ByteBuffer.wrap(bytes));
    String answer = "";
    while (!answer.contains("\r\n\r\n")) {
      fill();
      answer = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
    }
    if (!answer.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + answer);
    }
    in.flip().position(answer.indexOf("\r\n\r\n") + 4);
    in.compact();
  }

  /** The mask is four zero bytes, which leave a payload as it is. */
  private static ByteBuffer masked(byte[] message) {
    ByteBuffer frame = ByteBuffer.allocate(message.length + 14).put((byte) BINARY);
    if (message.length < 126) {
      frame.put((byte) (0x80 | message.length));
    } else if (message.length <= 0xffff) {
      frame.put((byte) (0x80 | 126)).putShort((short) message.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(message.length);
    }
    return frame.putInt(0).put(message).flip();
  }

  /** The payload of the next frame, if all of it is there; null if not. */
  private byte[] nextMessage() throws IOException {
    int at = in.position();
    if (in.remaining() < 2) {
      return null;
    }
    int opcode = in.get(at) & 0xff;
    int length = in.get(at + 1);
    int head = 2;
    if (length == 126) {
      head = 4;
      length = in.remaining() < head ? BUFFER : in.getShort(at + 2) & 0xffff;
    }
    if (in.remaining() < head + length) {
      return null;
    }
    if (opcode != BINARY) {
      throw new IOException("a frame that is no message: " + opcode);
    }
    byte[] message = new byte[length];
    in.position(at + head);
    in.get(message);
    return message;
  }

  private byte[] awaitMessage() throws IOException {
    while (true) {
      in.flip();
      byte[] message = nextMessage();
      in.compact();
      if (message != null) {
        return message;
      }
      fill();
    }
  }

  private void fill() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("ended before the sign-in");
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
