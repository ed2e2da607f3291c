package chat.sotto.client;

import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ClientFrame.Send;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame.Accepted;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.DeviceListReply;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.Failed;
import chat.sotto.protocol.ServerFrame.KeyBundle;
import chat.sotto.protocol.ServerFrame.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** The way to a server that keeps one recipient's inbox by the rules of docs/protocol.md §5.2. */
final class Carrier implements Link {
  private final Core core;
  private final Party from;
  private final Party to;
  private final List<Bytes> digests = new ArrayList<>();
  final List<Send> seen = new ArrayList<>();
  final List<EntryPush> stored = new ArrayList<>();
  int lookUps;

  /** What it gives to one who asks for prekeys. */
  Supplier<List<DeviceKeys>> keys;
  DeviceList listOfRecipient;

  /** What the test lets happen instead of the answer to a send; the send is stored all the same. */
  Function<Send, Optional<Reply>> answers = send -> Optional.empty();

  /** Refuses before anything is stored. */
  Function<Send, Optional<Reply>> refusals = send -> Optional.empty();

  Carrier(Core core, Party from, Party to) {
    this.core = core;
    this.from = from;
    this.to = to;
    listOfRecipient = to.list();
    keys = to::giveKeys;
  }

  static Failed failed(ErrorCode code) {
    return new Failed(1, code, "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Forgets the sender's numbers, as for a device that was silent for long. */
  void forgetNumbers() {
    digests.clear();
  }

  /** Counts sends that were never made, as after another copy of the store made them. */
  void pretendToHaveTaken(int sends) {
    for (int i = 0; i < sends; i++) {
      digests.add(Bytes.of(new byte[32]));
    }
  }

  @Override
  public Limits limits() {
    return Limits.DEFAULT;
  }

  @Override
  public CompletableFuture<Reply> request(Request request) {
    var reply = new CompletableFuture<Reply>();
    ClientFrame.Later frame = request.frame(2, Secret.of(new byte[32]));
    // Later, so that several are in flight at once.
    core.execute(() -> core.execute(() -> reply.complete(answer(frame))));
    return reply;
  }

  @Override
  public void acknowledge(Request ack) {
    throw new UnsupportedOperationException("this carrier only sends");
  }

  private Reply answer(ClientFrame.Later frame) {
    if (frame instanceof ClientFrame.Devices) {
      lookUps++;
      return new DeviceListReply(3, listOfRecipient);
    } else if (frame instanceof ClientFrame.Keys) {
      return new KeyBundle(3, listOfRecipient, keys.get());
    }
    Send send = (Send) frame;
    seen.add(send);
    return refusals.apply(send).orElseGet(() -> store(send));
  }

  private Reply store(Send send) {
    int last = digests.size();
    if (send.n() > last + 1) {
      return new Failed(
          3,
          ErrorCode.OUT_OF_ORDER,
          "",
          Optional.of(last + 1L),
          Optional.empty(),
          Optional.empty());
    }
    if (send.deviceListVersion() != listOfRecipient.version()) {
      return new Failed(
          3,
          ErrorCode.DEVICES_CHANGED,
          "",
          Optional.empty(),
          Optional.of(listOfRecipient),
          Optional.empty());
    }
    ClientFrame.Copy copy = send.copies().get(0);
    if (send.n() == last + 1) {
      var body =
          new BodyDigest(copy.device(), Bytes.of(Hash.sha256(copy.ciphertext().toArray())));
      digests.add(Statements.bodyDigest(List.of(body)));
      stored.add(
          to.inbox()
              .append(from, send.messageId(), copy.device().value(), copy.ciphertext()));
    }
    int place = (int) send.n();
    Bytes zero = Bytes.of(new byte[32]);
    return answers
        .apply(send)
        .orElseGet(() -> new Accepted(3, place, place, 1, zero, digests.get(place - 1)));
  }
}
