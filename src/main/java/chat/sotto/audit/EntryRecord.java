package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.Optional;

/**
 * What is recorded of an entry of a log itself.
 *
 * @param log {@code inbox/USER} or {@code group/ID}
 * @param journalNr number of its event in the journal
 * @param storedAt when the database wrote it; no hash covers that
 * @param words what it is, in words
 * @param fromUser absent if the server itself made it, after a restore
 * @param n the sender device's own count: of sends to this inbox, or of posts in the epoch
 * @param hash chain hash of the log after it (docs/protocol.md §6, §9.1)
 * @param size bytes of a post's ciphertext, and {@code digest} its SHA-256
 * @param bodyThere whether a post's ciphertext is still stored
 * @param expiresAt when its bodies are dropped, whoever has not got them
 * @param signatureGood whether the device of the group signed it; an entry of an inbox carries no
 *     signature that the server sees, only its acknowledgements do
 */
@JsonTypeName("entry")
record EntryRecord(
    String log,
    long sequenceNr,
    long journalNr,
    Instant acceptedAt,
    Instant storedAt,
    String entryKind,
    String words,
    Optional<UserName> fromUser,
    Optional<DeviceId> fromDevice,
    Optional<Long> n,
    Optional<Bytes> messageId,
    Bytes hash,
    Optional<Integer> size,
    Optional<Bytes> digest,
    Optional<Boolean> bodyThere,
    Optional<Instant> expiresAt,
    Optional<Boolean> signatureGood)
    implements Answer {
  static EntryRecord of(UserName owner, StoredEntry stored, UserEvent.Accepted event) {
    return new EntryRecord(
        LogPoint.INBOX + "/" + owner,
        event.sequenceNr(),
        stored.sequenceNr(),
        Moment.of(event.time()),
        Moment.of(stored.writtenAt()),
        event.entryKind(),
        Words.of(owner, event),
        Optional.of(event.fromUser()),
        Optional.of(event.fromDevice()),
        Optional.of(event.n()),
        Optional.of(event.messageId()),
        event.hash(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Moment.of(event.expiresAt())),
        Optional.empty());
  }

  /** @param bodyThere of a post */
  static EntryRecord of(
      GroupId group,
      StoredEntry stored,
      GroupEvent.Signed event,
      Optional<Boolean> bodyThere,
      boolean signatureGood) {
    Optional<GroupEvent.Posted> post =
        Optional.<GroupEvent>of(event)
            .filter(GroupEvent.Posted.class::isInstance)
            .map(GroupEvent.Posted.class::cast);
    Optional<Long> expiresAt =
        event instanceof GroupEvent.Committed committed
            ? Optional.of(committed.expiresAt())
            : post.map(GroupEvent.Posted::expiresAt);
    return new EntryRecord(
        LogPoint.GROUP + "/" + group,
        event.sequenceNr(),
        stored.sequenceNr(),
        Moment.of(event.time()),
        Moment.of(stored.writtenAt()),
        event.content().entryKind(),
        Words.of(event),
        Optional.of(event.user()),
        Optional.of(event.device()),
        post.map(GroupEvent.Posted::content).map(GroupContent.Post::counter),
        Optional.of(event.messageId()),
        event.hash(),
        post.map(GroupEvent.Posted::size),
        post.map(GroupEvent.Posted::content).map(GroupContent.Post::digest),
        bodyThere,
        expiresAt.map(Moment::of),
        Optional.of(signatureGood));
  }

  /** The server's own entry, with which a log goes on after a restore. */
  static EntryRecord of(StoredEntry stored, Restored entry, String words) {
    return new EntryRecord(
        entry.kind() + "/" + entry.owner(),
        entry.sequenceNr(),
        stored.sequenceNr(),
        Moment.of(entry.time()),
        Moment.of(stored.writtenAt()),
        "restored",
        words,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        entry.hash(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public String text() {
    var text = new StringBuilder("Entry %d of %s: %s.".formatted(sequenceNr, log, words));
    text.append("\n  accepted    %s UTC".formatted(Moment.words(acceptedAt)));
    fromUser.ifPresent(
        user ->
            text.append("\n  from        %s, device %s".formatted(user, fromDevice.orElseThrow())));
    n.ifPresent(number -> text.append("\n  count       %d of that device".formatted(number)));
    messageId.ifPresent(id -> text.append("\n  message id  ").append(id));
    text.append("\n  chain hash  ").append(hash);
    digest.ifPresent(bytes -> text.append("\n  digest      ").append(bytes));
    size.ifPresent(bytes -> text.append("\n  size        %d bytes".formatted(bytes)));
    bodyThere.ifPresent(
        there -> text.append("\n  ciphertext  ").append(there ? "still stored" : "gone"));
    expiresAt.ifPresent(
        time -> text.append("\n  kept until  %s at most".formatted(Moment.words(time))));
    signatureGood.ifPresent(
        good -> text.append("\n  signature   ").append(good ? "good" : "WRONG"));
    return text.toString();
  }
}
