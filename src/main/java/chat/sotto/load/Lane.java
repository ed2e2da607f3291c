package chat.sotto.load;

import chat.sotto.client.Connection;
import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What one member writes to another, under rising numbers and with as many of them unanswered as
 * the protocol allows. What was not taken for now is sent again under the same number.
 */
final class Lane {
  private static final int IN_FLIGHT_MAX = Limits.DEFAULT.sendsInFlightMax();
  private static final Duration AGAIN_AFTER = Duration.ofMillis(100);
  private static final long LIST_VERSION = 1;
  private static final int MESSAGE_ID_BYTES = 16;

  /** The same is sent again. What comes after a number that was refused is out of order. */
  private static final Set<ErrorCode> FOR_NOW =
      Set.of(
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.BUSY,
          ErrorCode.RATE_LIMITED,
          ErrorCode.OUT_OF_ORDER);

  private final Loops loops;
  private final Executor loop;
  private final Member to;
  private final int sender;
  private final int size;
  private final SplittableRandom random = new SplittableRandom();
  private final Consumer<Stamp> accepted;
  private final ArrayDeque<Message> waiting = new ArrayDeque<>();
  private final TreeMap<Long, Message> unanswered = new TreeMap<>();
  private Line line;
  private long numbers;
  private int made;
  private int open;
  private boolean isStalled;
  private int refusals;

  private record Message(long n, Stamp stamp, Bytes id, Bytes body) {}

  /**
   * @param sender what its stamps say
   * @param accepted told of each that is on the server's disk, on the loop of the line
   */
  Lane(
      Loops loops,
      Executor loop,
      Line line,
      Member to,
      int sender,
      int size,
      Consumer<Stamp> accepted) {
    this.loops = loops;
    this.loop = loop;
    this.line = line;
    this.to = to;
    this.sender = sender;
    this.size = size;
    this.accepted = accepted;
  }

  /** Of messages made. */
  int made() {
    return made;
  }

  /** Made and not accepted yet. */
  int pending() {
    return waiting.size() + unanswered.size();
  }

  /** How often the server said that it does not take something now. */
  int refusals() {
    return refusals;
  }

  void send(long dueNanos) {
    var stamp = new Stamp(sender, made++, dueNanos);
    byte[] id = new byte[MESSAGE_ID_BYTES];
    random.nextBytes(id);
    waiting.add(new Message(++numbers, stamp, Bytes.of(id), stamp.body(size, random)));
    pump();
  }

  private void pump() {
    while (!isStalled && unanswered.size() < IN_FLIGHT_MAX && !waiting.isEmpty()) {
      Message next = waiting.remove();
      unanswered.put(next.n, next);
      transmit(next);
    }
  }

  private void transmit(Message message) {
    UserName name = to.name;
    var copies = List.of(new ClientFrame.Copy(to.device, message.body));
    open++;
    line.request(
            (nonce, token) ->
                new ClientFrame.Send(
                    nonce, token, name, message.n, LIST_VERSION, message.id, copies))
        .whenComplete((reply, lost) -> answered(message, reply, lost));
  }

  private void answered(Message message, ServerFrame.Reply reply, Throwable lost) {
    open--;
    if (reply instanceof ServerFrame.Accepted answer && isOf(answer, message)) {
      if (unanswered.remove(message.n) != null) {
        accepted.accept(message.stamp);
      }
    } else if (lost instanceof Connection.LostException
        || reply instanceof ServerFrame.Failed failed && FOR_NOW.contains(failed.code())) {
      refusals++;
      isStalled = true;
    } else {
      loops.fail(new LoadException("a message was not taken: " + reply, lost));
    }
    if (!isStalled) {
      pump();
    } else if (open == 0 && lost == null) {
      loops.after(AGAIN_AFTER, loop, this::goOn);
    }
  }

  /** The server has this, and not something else under its number. */
  private boolean isOf(ServerFrame.Accepted answer, Message message) {
    Bytes digest = Bytes.of(Hash.sha256(message.body.toArray()));
    return answer.n() == message.n
        && answer
            .digest()
            .equals(Statements.bodyDigest(List.of(new BodyDigest(to.device, digest))));
  }

  private void goOn() {
    if (line.hasEnded()) {
      return;
    }
    isStalled = false;
    unanswered.values().forEach(this::transmit);
    pump();
  }

  /** Sends on another line what the one before, which is gone, had no answer to. */
  void over(Line next) {
    line = next;
    goOn();
  }
}
