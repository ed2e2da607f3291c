package chat.sotto.user;

import chat.sotto.journal.EventCodec;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Entry;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a user, as it is kept for ever. Times are milliseconds since 1970 and rise from
 * event to event. The JSON names are frozen: src/test/resources/journal/events-v1 pins each form.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = UserEvent.Registered.class, name = "registered"),
  @JsonSubTypes.Type(value = UserEvent.SignedIn.class, name = "signed-in"),
  @JsonSubTypes.Type(value = UserEvent.TokenUsed.class, name = "token-used"),
  @JsonSubTypes.Type(value = UserEvent.SignedOut.class, name = "signed-out"),
  @JsonSubTypes.Type(value = UserEvent.PrekeysPut.class, name = "prekeys-put"),
  @JsonSubTypes.Type(value = UserEvent.PrekeyGiven.class, name = "prekey-given"),
  @JsonSubTypes.Type(value = UserEvent.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = UserEvent.Acked.class, name = "acked"),
  @JsonSubTypes.Type(value = UserEvent.DeviceCutOff.class, name = "device-cut-off"),
  @JsonSubTypes.Type(value = UserEvent.SendersForgotten.class, name = "senders-forgotten"),
  @JsonSubTypes.Type(value = UserEvent.VisibilitySet.class, name = "visibility-set"),
  @JsonSubTypes.Type(value = UserEvent.GroupJoined.class, name = "group-joined"),
  @JsonSubTypes.Type(value = UserEvent.GroupLeft.class, name = "group-left"),
  @JsonSubTypes.Type(value = UserEvent.Restored.class, name = "restored"),
  @JsonSubTypes.Type(value = UserEvent.Erased.class, name = "erased"),
  @JsonSubTypes.Type(value = UserEvent.AccountChanged.class, name = "account-changed"),
  @JsonSubTypes.Type(value = UserEvent.ResetAsked.class, name = "reset-asked"),
  @JsonSubTypes.Type(value = UserEvent.ResetCancelled.class, name = "reset-cancelled"),
  @JsonSubTypes.Type(value = UserEvent.SyncPut.class, name = "sync-put"),
  @JsonSubTypes.Type(value = UserEvent.ArchiveAppended.class, name = "archive-appended"),
  @JsonSubTypes.Type(value = UserEvent.ArchiveDropped.class, name = "archive-dropped"),
  @JsonSubTypes.Type(value = UserEvent.Reopened.class, name = "reopened"),
})
public sealed interface UserEvent {
  EventCodec<UserEvent> CODEC = new EventCodec<>(UserEvent.class);

  long time();

  /**
   * The account exists from here on.
   *
   * @param credentials SHA-256 of the body that holds salt and verifier
   * @param vault SHA-256 of the body that holds the wrapped vault
   */
  record Registered(long time, DeviceList deviceList, Bytes credentials, Bytes vault)
      implements UserEvent {}

  /** The device got a token, which ends its older one; only the token's SHA-256 is kept. */
  record SignedIn(long time, DeviceId device, Bytes tokenHash, long tokenExpiresAt)
      implements UserEvent {}

  /** The device's token was used and lives longer; written at most once a day. */
  record TokenUsed(long time, DeviceId device, long tokenExpiresAt) implements UserEvent {}

  record SignedOut(long time, DeviceId device) implements UserEvent {}

  /** @param replace whether the one-time prekeys held before are dropped first */
  record PrekeysPut(
      long time, DeviceId device, boolean replace, List<PrekeyStatement> prekeys)
      implements UserEvent {
    public PrekeysPut {
      prekeys = List.copyOf(prekeys);
    }
  }

  /** The device's one-time prekey went to this asking device and will go to no other. */
  record PrekeyGiven(
      long time, DeviceId device, long prekeyId, UserName toUser, DeviceId toDevice)
      implements UserEvent {}

  /**
   * An entry stands in the inbox.
   *
   * @param n the sender device's own count of sends to this inbox
   * @param copies sorted by device
   * @param expiresAt when the bodies are dropped
   * @param hash the inbox's chain hash after this entry (docs/protocol.md §6)
   */
  record Accepted(
      long time,
      long sequenceNr,
      String entryKind,
      UserName fromUser,
      DeviceId fromDevice,
      long n,
      Bytes messageId,
      long deviceListVersion,
      List<StoredCopy> copies,
      long expiresAt,
      Bytes hash)
      implements UserEvent {
    public Accepted {
      copies = List.copyOf(copies);
    }

    static Accepted of(
        Entry entry, long n, long deviceListVersion, List<StoredCopy> copies, long expiresAt) {
      return new Accepted(
          entry.time(),
          entry.sequenceNr(),
          entry.entryKind(),
          entry.fromUser(),
          entry.fromDevice(),
          n,
          entry.messageId(),
          deviceListVersion,
          copies,
          expiresAt,
          entry.hash());
    }

    /** The header that the inbox's chain is made of. */
    public Entry entry() {
      return new Entry(
          sequenceNr,
          time,
          entryKind,
          fromUser,
          fromDevice,
          messageId,
          copies.stream().map(StoredCopy::bodyDigest).toList(),
          hash);
    }

    InboxEntry.OfDevice inboxEntry(long journalNr) {
      return new InboxEntry.OfDevice(journalNr, entry(), copies, expiresAt);
    }

    Receipt receipt() {
      Bytes digest = Statements.bodyDigest(entry().bodies());
      return new Receipt(n, sequenceNr, time, hash, digest, copies.get(0).bodyId());
    }
  }

  /**
   * The device has stored everything up to these points, and signed that it has.
   *
   * @param items exactly what is signed; may name a group that the user has just left
   * @param deliveredAt when the last of these entries was pushed to the device
   * @param journalNr number of the event of the inbox entry acknowledged; absent if the inbox's
   *     cursor does not move
   * @param total bytes accepted for the device up to that entry; absent with it
   */
  record Acked(
      long time,
      DeviceId device,
      List<LogPoint> items,
      Bytes signature,
      long deliveredAt,
      Optional<Long> journalNr,
      Optional<Long> total)
      implements UserEvent {
    public Acked {
      items = List.copyOf(items);
      if (journalNr.isPresent() != total.isPresent()) {
        throw new IllegalArgumentException("journalNr and total must come together");
      }
    }
  }

  /** The device fell behind the limits: what it had not acknowledged up to here is gone for it. */
  record DeviceCutOff(long time, DeviceId device, Point head) implements UserEvent {}

  /** The counters of sender devices whose last entry is older than this time were dropped. */
  record SendersForgotten(long time, long before) implements UserEvent {}

  record VisibilitySet(long time, Visibility visibility) implements UserEvent {}

  /** The user's devices follow this group's log from here on. */
  record GroupJoined(long time, GroupId group) implements UserEvent {}

  /** They do so no more: nothing of the log is left for them. */
  record GroupLeft(long time, GroupId group) implements UserEvent {}

  /**
   * The server was restored from a copy, and the inbox goes on from what that held (docs/protocol.md
   * §10). An entry of the inbox; the one-time prekeys of the copy are dropped with it.
   *
   * @param generation that begins
   * @param previous head of the inbox in the copy
   * @param copyTime when the copy was made
   * @param signature of the server
   */
  record Restored(
      long time, long generation, Point previous, long copyTime, Bytes signature, Bytes hash)
      implements UserEvent {
    public static Restored of(chat.sotto.model.Restored entry) {
      return new Restored(
          entry.time(),
          entry.generation(),
          entry.previous(),
          entry.copyTime(),
          entry.signature(),
          entry.hash());
    }

    public chat.sotto.model.Restored entry(UserName owner) {
      return new chat.sotto.model.Restored(
          LogPoint.INBOX, owner.value(), generation, previous, time, copyTime, signature, hash);
    }
  }

  /**
   * The operator had erased what the server held of the person. The name stays taken.
   *
   * @param reason the operator's words, 1 to 500 characters
   */
  record Erased(long time, String reason) implements UserEvent {
    public static final int REASON_MAX = 500;

    public Erased {
      check(reason);
    }

    private static void check(String reason) {
      Bounds.length("reason", reason, 1, REASON_MAX);
      if (reason.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("reason must have no control characters");
      }
    }
  }

  // Several devices, and what they share

  /**
   * Device list, vault, password or recovery code are others from here on; what is absent did not
   * change, but for the code: a new vault without one means that there is none any more.
   *
   * @param device that made the change, which the list may bring
   * @param credentials SHA-256 of the body that holds salt and verifier
   * @param vault SHA-256 of the body that holds the wrapped vault
   * @param vaultVersion after the change
   * @param recovery SHA-256 of the body that holds the hash of the recovery secret, and the vault
   *     that the code opens
   */
  record AccountChanged(
      long time,
      DeviceId device,
      Optional<DeviceList> deviceList,
      Optional<Bytes> credentials,
      Optional<Bytes> vault,
      long vaultVersion,
      Optional<Bytes> recovery,
      ChangeProof proof)
      implements UserEvent {}

  /** The device, whose user has forgotten the password, may begin a new account key later. */
  record ResetAsked(long time, DeviceId device) implements UserEvent {}

  /** Somebody who has the password, or the code, did not want that. */
  record ResetCancelled(long time) implements UserEvent {}

  /**
   * What the user's devices share was replaced.
   *
   * @param counter one above the last one's
   * @param digest SHA-256 of the body
   */
  record SyncPut(long time, DeviceId device, long counter, Bytes digest, long size)
      implements UserEvent {}

  /**
   * The archive has one batch more.
   *
   * @param nr one above the last one's
   * @param digest SHA-256 of the body
   */
  record ArchiveAppended(long time, DeviceId device, long nr, Bytes digest, long size)
      implements UserEvent {}

  /** All batches are gone; their numbers are not used again. */
  record ArchiveDropped(long time, DeviceId device) implements UserEvent {}

  /**
   * The operator opened the name of an erased account again.
   *
   * @param reason the operator's words, 1 to 500 characters
   */
  record Reopened(long time, String reason) implements UserEvent {
    public Reopened {
      Erased.check(reason);
    }
  }
}
