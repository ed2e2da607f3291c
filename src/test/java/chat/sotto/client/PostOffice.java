package chat.sotto.client;

import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame.Copy;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A user's inbox as a server keeps it: chains what it is given. */
final class PostOffice {
  private final UserName owner;
  private Point head;
  private long time = 1_700_000_000_000L;
  private long generation = 1;
  private long nonce;

  PostOffice(UserName owner) {
    this.owner = owner;
    head = new Point(0, Statements.inboxStart(owner, 1));
  }

  Point head() {
    return head;
  }

  /** As it is now. */
  PostOffice copy() {
    var copy = new PostOffice(owner);
    copy.head = head;
    copy.time = time;
    copy.generation = generation;
    return copy;
  }

  /** Goes on from what it was when the copy was made. */
  RestoredPush restore(PostOffice copy, long newGeneration) {
    time++;
    Restored entry =
        Restored.sign(
            TestServer.anyKey(),
            Party.HOST,
            LogPoint.INBOX,
            owner.value(),
            newGeneration,
            copy.head,
            time,
            copy.time);
    generation = newGeneration;
    head = entry.point();
    nonce += 2;
    return RestoredPush.of(nonce, entry);
  }

  EntryPush append(Party from, Sending.Step.Ready item) {
    return append(from, item, Entry.MESSAGE);
  }

  /** An entry with a copy for each of several devices, as it is pushed to one of them. */
  Function<Party, EntryPush> appendAll(Party from, Sending.Step.Ready item) {
    List<BodyDigest> bodies =
        item.sealed().copies().stream()
            .sorted(Comparator.comparing(Copy::device))
            .map(
                copy ->
                    new BodyDigest(
                        copy.device(), Bytes.of(Hash.sha256(copy.ciphertext().toArray()))))
            .toList();
    EntryPush push = append(from, Entry.MESSAGE, item.messageId(), bodies, Optional.empty());
    return to ->
        with(
            push,
            item.sealed().copies().stream()
                .filter(copy -> copy.device().equals(to.self().device()))
                .map(Copy::ciphertext)
                .findFirst());
  }

  private static EntryPush with(EntryPush push, Optional<Bytes> ciphertext) {
    return new EntryPush(
        push.nonce(),
        push.kind(),
        push.owner(),
        push.generation(),
        push.sequenceNr(),
        push.time(),
        push.entryKind(),
        push.fromUser(),
        push.fromDevice(),
        push.messageId(),
        push.bodies(),
        push.hash(),
        ciphertext);
  }

  EntryPush append(Party from, Sending.Step.Ready item, String kind) {
    var copy = item.sealed().copies().get(0);
    return append(from, kind, item.messageId(), copy.device().value(), copy.ciphertext());
  }

  EntryPush append(Party from, Bytes messageId, String device, Bytes ciphertext) {
    return append(from, Entry.MESSAGE, messageId, device, ciphertext);
  }

  private EntryPush append(
      Party from, String kind, Bytes messageId, String device, Bytes ciphertext) {
    var body =
        new BodyDigest(
            new DeviceId(device),
            Bytes.of(Hash.sha256(ciphertext.toArray())));
    return append(from, kind, messageId, List.of(body), Optional.of(ciphertext));
  }

  private EntryPush append(
      Party from,
      String kind,
      Bytes messageId,
      List<BodyDigest> bodies,
      Optional<Bytes> ciphertext) {
    var unhashed =
        new Entry(
            head.sequenceNr() + 1,
            ++time,
            kind,
            from.user,
            from.self().device(),
            messageId,
            bodies,
            head.hash());
    head = new Point(unhashed.sequenceNr(), Statements.entryHash(head.hash(), owner, unhashed));
    nonce += 2;
    return new EntryPush(
        nonce,
        LogPoint.INBOX,
        owner.value(),
        generation,
        unhashed.sequenceNr(),
        unhashed.time(),
        unhashed.entryKind(),
        unhashed.fromUser(),
        unhashed.fromDevice(),
        unhashed.messageId(),
        unhashed.bodies(),
        head.hash(),
        ciphertext);
  }
}
