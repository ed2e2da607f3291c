package chat.sotto.audit;

import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.user.Account;
import chat.sotto.user.Archive;
import chat.sotto.user.BodyIds;
import chat.sotto.user.HeldPrekey;
import chat.sotto.user.Position;
import chat.sotto.user.Prekeys;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The bodies of a user: what is kept until it is replaced, and what waits for its devices. */
final class UserBodies {
  private final Inquiry inquiry;
  private final JournalFile.Entity entity;
  private final UserName user;
  private final PrekeySignatures prekeys;
  private long sharedBytes;

  UserBodies(
      Inquiry inquiry, JournalFile.Entity entity, UserName user, PrekeySignatures prekeys) {
    this.inquiry = inquiry;
    this.entity = entity;
    this.user = user;
    this.prekeys = prekeys;
  }

  /** @param state after all events */
  void judge(UserState state) {
    Account account = state.account().orElseThrow();
    if (account.erased()) {
      return;
    }
    Bytes credentials = account.secrets().credentials();
    kept("the credentials", BodyIds.credentials(user, credentials), credentials);
    kept("the vault", BodyIds.vault(user, account.secrets().vault()), account.secrets().vault());
    account
        .secrets()
        .recovery()
        .ifPresent(digest -> kept("the recovery vault", BodyIds.recovery(user, digest), digest));
    account
        .sync()
        .digest()
        .ifPresent(this::judgeShared);
    state
        .devices()
        .forEach(
            (id, device) ->
                judge(account.deviceList().device(id).orElseThrow(), device.prekeys()));
    Map<DeviceId, Position> cursors = new HashMap<>();
    state.devices().forEach((id, device) -> cursors.put(id, device.cursor()));
    // No more than this is kept until then: a state holds all who ever wrote.
    long last = state.chain().sequenceNr();
    inquiry.later(() -> judgeWaiting(cursors, last));
    Archive archive = state.archive();
    if (!archive.isEmpty()) {
      inquiry.later(
          () -> inquiry.forEach(entity, archive.journalNr(), last, row -> judge(archive, row)));
    }
  }

  /** What the devices share was replaced. */
  void shared(UserEvent.SyncPut put) {
    sharedBytes = put.size();
  }

  private void judgeShared(Bytes digest) {
    var needed =
        new Bodies.Needed(
            entity.name(),
            0,
            "what the devices share",
            BodyIds.sync(user, digest),
            Optional.of(digest),
            Optional.empty());
    requireWithSize(needed, sharedBytes);
  }

  private void kept(String what, String id, Bytes digest) {
    inquiry
        .bodies()
        .require(
            new Bodies.Needed(
                entity.name(), 0, what, id, Optional.of(digest), Optional.empty()));
  }

  /** Those that may be given out, or were lately. */
  private static Stream<HeldPrekey> all(Prekeys prekeys) {
    return Stream.of(
            prekeys.signed().stream(),
            prekeys.oneTime().values().stream(),
            prekeys.given().values().stream().map(Prekeys.Given::prekey))
        .flatMap(each -> each)
        .distinct();
  }

  private void judge(Device device, Prekeys held) {
    all(held).forEach(prekey -> judge(device, prekey));
  }

  private void judge(Device device, HeldPrekey prekey) {
    var needed =
        new Bodies.Needed(
            entity.name(),
            0,
            "prekey %d of device %s".formatted(prekey.id(), device.id()),
            BodyIds.prekey(user, device.id(), prekey.id(), prekey.digest()),
            Optional.empty(),
            Optional.empty());
    inquiry
        .bodies()
        .require(needed)
        .ifPresent(body -> prekeys.judge(needed, device, prekey, body));
  }

  /** Entries after the cursor that lies furthest back are read again. */
  private void judgeWaiting(Map<DeviceId, Position> cursors, long last) {
    long from = cursors.values().stream().mapToLong(Position::journalNr).min().orElse(last);
    inquiry.forEach(entity, from, last, row -> judge(cursors, row));
  }

  private void judge(Map<DeviceId, Position> cursors, EventRow row) {
    if (UserEvent.CODEC.decode(Bytes.of(row.bytes())) instanceof UserEvent.Accepted accepted
        && accepted.expiresAt() > inquiry.moment()) {
      for (StoredCopy copy : accepted.copies()) {
        // A device that was removed since gets nothing any more.
        Position cursor = cursors.get(copy.device());
        if (cursor != null && cursor.point().sequenceNr() < accepted.sequenceNr()) {
          judge(row.nr(), accepted, copy);
        }
      }
    }
  }

  private void judge(Archive archive, EventRow row) {
    if (UserEvent.CODEC.decode(Bytes.of(row.bytes())) instanceof UserEvent.ArchiveAppended batch
        && batch.nr() >= archive.first()) {
      var needed =
          new Bodies.Needed(
              entity.name(),
              row.nr(),
              "batch %d of the archive".formatted(batch.nr()),
              BodyIds.batch(user, batch.nr()),
              Optional.of(batch.digest()),
              Optional.empty());
      requireWithSize(needed, batch.size());
    }
  }

  private void judge(long number, UserEvent.Accepted event, StoredCopy copy) {
    var needed =
        new Bodies.Needed(
            entity.name(),
            number,
            "the ciphertext for device %s".formatted(copy.device()),
            copy.bodyId(),
            Optional.of(copy.digest()),
            Optional.of(event.expiresAt()));
    requireWithSize(needed, copy.size());
  }

  private void requireWithSize(Bodies.Needed needed, long size) {
    inquiry
        .bodies()
        .require(needed)
        .filter(body -> body.size() != size)
        .ifPresent(
            body ->
                inquiry
                    .bodies()
                    .altered(needed, "of %d bytes".formatted(size), body.size() + " bytes"));
  }
}
