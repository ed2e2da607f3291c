package chat.sotto.load.others;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.LongConsumer;

/**
 * A client's connection: RFC 6120 with SASL PLAIN, an account made in band (XEP-0077), and messages
 * that carry when they were due. It knows so much XML as two servers write.
 */
final class XmppLine implements Loop.Line {
  static final String DOMAIN = "localhost";
  private static final String MESSAGE_END = "</message>";
  private static final int BUFFER = 1 << 16;
  private static final String OPENING =
      "<stream:stream to='localhost' xmlns='jabber:client'"
          + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

  final String user;
  final Loop loop;
  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final StringBuilder out = new StringBuilder();
  private ByteBuffer sending = ByteBuffer.allocate(0);
  private String text = "";
  private Ear ear;
  private LongConsumer acknowledged = count -> {};
  private SelectionKey key;

  /** Is told of each message that came. */
  @FunctionalInterface
  interface Ear {
    /** @param dueNanos when it was to be sent, as {@link System#nanoTime} */
    void heard(int from, long dueNanos);
  }

  /** Comes online; blocks. @param isNew whether to make the account first */
  XmppLine(InetSocketAddress server, String user, boolean isNew, Loop loop)
      throws IOException {
    this.user = user;
    this.loop = loop;
    channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ask(OPENING, "</stream:features>");
    if (isNew) {
      ask(
          "<iq type='set' id='made'><query xmlns='jabber:iq:register'><username>%s</username>"
                  .formatted(user)
              + "<password>secret</password></query></iq>",
          "</iq>",
          "/>");
    }
    byte[] plain = ("\0" + user + "\0secret").getBytes(StandardCharsets.UTF_8);
    ask(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>"
            .formatted(Base64.getEncoder().encodeToString(plain)),
        "<success");
    text = "";
    ask(OPENING, "</stream:features>");
    ask(
        "<iq type='set' id='bound'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            + "<resource>load</resource></bind></iq>",
        "</iq>");
    text = "";
  }

  /** Says that messages may come; blocks. */
  void beThere() throws IOException {
    write(ByteBuffer.wrap("<presence/>".getBytes(StandardCharsets.UTF_8)));
  }

  /** From now on the server says what it has taken when it is asked (XEP-0198); blocks. */
  void countStanzas() throws IOException {
    ask("<enable xmlns='urn:xmpp:sm:3'/>", "<enabled");
    text = "";
  }

  /** Of the loop's thread. @param taken is told how many stanzas the server has taken in all */
  void askForCount(LongConsumer taken) {
    acknowledged = taken;
    send("<r xmlns='urn:xmpp:sm:3'/>");
  }

  @Override
  public void leave() throws IOException {
    channel.close();
  }

  /** Waits until one of these has come, while the channel still blocks. */
  private void ask(String question, String... ends) throws IOException {
    write(ByteBuffer.wrap(question.getBytes(StandardCharsets.UTF_8)));
    text = "";
    while (true) {
      if (channel.read(in.clear()) < 0) {
        throw new EOFException("ended after " + text);
      }
      text += StandardCharsets.ISO_8859_1.decode(in.flip());
      requireNoError(text);
      for (String end : ends) {
        if (text.contains(end)) {
          return;
        }
      }
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void requireNoError(String answer) {
    if (answer.contains("type='error'")
        || answer.contains("type=\"error\"")
        || answer.contains("<failure")
        || answer.contains("<stream:error")) {
      throw new IllegalStateException("refused: " + answer);
    }
  }

  String address() {
    return user + "@" + DOMAIN;
  }

  /** Comes into a room (XEP-0045); blocks. */
  void join(String room) throws IOException {
    ask(
        "<presence to='%s/%s'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
            .formatted(room, user),
        "code='110'",
        "code=\"110\"");
    text = "";
  }

  /** From now on it belongs to its loop. */
  void begin(Ear ear) throws IOException {
    this.ear = ear;
    channel.configureBlocking(false);
    loop.execute(() -> key = loop.register(channel, this));
  }

  /** Of the loop's thread. */
  void send(String stanza) {
    out.append(stanza);
    loop.sendSoon(this);
  }

  /** @param type chat or groupchat */
  static String message(String type, String to, int from, long dueNanos, int size) {
    String stamp = from + ":" + dueNanos + ":";
    return "<message type='%s' to='%s'><body>%s%s</body></message>"
        .formatted(type, to, stamp, "x".repeat(size - stamp.length()));
  }

  @Override
  public void ready() throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (key.isReadable()) {
      int count;
      do {
        count = channel.read(in.clear());
        text += StandardCharsets.ISO_8859_1.decode(in.flip());
      } while (count == BUFFER);
      takeMessages();
      takeCount();
      if (count < 0) {
        throw new EOFException("the server ended the connection of " + user);
      }
    }
  }

  private void takeMessages() {
    int from = 0;
    int end = text.indexOf(MESSAGE_END);
    while (end >= 0) {
      String stanza = text.substring(from, end);
      requireNoError(stanza);
      int body = stanza.indexOf("<body");
      if (body >= 0) {
        int begin = stanza.indexOf('>', body) + 1;
        // A room also says in words who can see whom.
        if (Character.isDigit(stanza.charAt(begin))) {
          int middle = stanza.indexOf(':', begin);
          ear.heard(
              Integer.parseInt(stanza, begin, middle, 10),
              Long.parseLong(stanza, middle + 1, stanza.indexOf(':', middle + 1), 10));
        }
      }
      from = end + MESSAGE_END.length();
      end = text.indexOf(MESSAGE_END, from);
    }
    text = text.substring(from);
  }

  private void takeCount() {
    int at = text.indexOf("<a ");
    int end = text.indexOf("/>", at);
    if (at >= 0 && end >= 0) {
      String digits = text.substring(text.indexOf(" h=", at), end).replaceAll("\\D", "");
      text = text.substring(end + 2);
      acknowledged.accept(Long.parseLong(digits));
    }
  }

  @Override
  public void flush() throws IOException {
    if (!sending.hasRemaining() && out.length() > 0) {
      sending = ByteBuffer.wrap(out.toString().getBytes(StandardCharsets.UTF_8));
      out.setLength(0);
    }
    channel.write(sending);
    boolean isLeft = sending.hasRemaining() || out.length() > 0;
    key.interestOps(isLeft ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }
}
