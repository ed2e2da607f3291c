package chat.sotto.audit;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.DeviceState;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which devices a user has, and what the server keeps for each. */
final class DevicesOfUser implements Watcher {
  private static final int FINGERPRINT_BYTES = 16;

  private final Map<DeviceId, Times> times = new HashMap<>();
  private final DeviceListHistory lists = new DeviceListHistory();
  private UserState last;
  private Instant registeredAt = Instant.EPOCH;
  private Optional<UserEvent.Erased> erased = Optional.empty();

  DevicesOfUser(UserName user) {
    this.last = UserState.empty(user);
  }

  /**
   * @param listHash hash of the list that the account key signed (docs/protocol.md §4.1)
   * @param erasedFor the operator's reason, if the account was erased
   */
  @JsonTypeName("account")
  record AccountOf(
      UserName user,
      Instant registeredAt,
      Bytes accountKey,
      String fingerprint,
      long listVersion,
      Bytes listHash,
      int devices,
      int groups,
      Optional<Instant> erasedAt,
      Optional<String> erasedFor)
      implements Answer {
    @Override
    public String text() {
      String erased =
          erasedAt
              .map(time -> "; erased %s: %s".formatted(Moment.words(time), erasedFor.orElse("")))
              .orElse("");
      return "%s, registered %s UTC, account key %s, device list version %d with %s, in %s%s"
          .formatted(
              user,
              Moment.words(registeredAt),
              fingerprint,
              listVersion,
              Words.count(devices, "device"),
              Words.count(groups, "group"),
              erased);
    }
  }

  /**
   * @param fingerprint the first 16 bytes of the SHA-256 of the sign key, as hex
   * @param tokenExpiresAt until when it can come back without the password; absent if signed out
   * @param oneTimePrekeys not given away yet
   * @param inboxCursor the last entry that it acknowledged, or where it was cut off
   */
  @JsonTypeName("device")
  record DeviceOf(
      UserName user,
      DeviceId device,
      Bytes signKey,
      String fingerprint,
      Instant addedAt,
      boolean signedIn,
      Optional<Instant> signedInAt,
      Optional<Instant> signedOutAt,
      Optional<Instant> tokenExpiresAt,
      Optional<Instant> acknowledgedAt,
      Optional<Long> signedPrekey,
      int oneTimePrekeys,
      long inboxCursor,
      long inboxHead,
      boolean cutOff)
      implements Answer {
    @Override
    public String text() {
      var text = new StringBuilder("device %s, key %s".formatted(device, fingerprint));
      text.append("\n  added %s".formatted(Moment.words(addedAt)));
      signedInAt.ifPresent(time -> text.append(", signed in ").append(Moment.words(time)));
      signedOutAt.ifPresent(time -> text.append(", signed out ").append(Moment.words(time)));
      tokenExpiresAt.ifPresent(
          time -> text.append(", may come back until ").append(Moment.words(time)));
      text.append(
          "\n  %d one-time prekeys left, inbox acknowledged up to %d of %d"
              .formatted(oneTimePrekeys, inboxCursor, inboxHead));
      acknowledgedAt.ifPresent(time -> text.append(", last at ").append(Moment.words(time)));
      return text.append(cutOff ? ", cut off there" : "").toString();
    }
  }

  /** What the device acknowledged of a group's log. */
  @JsonTypeName("device-group")
  record GroupCursor(UserName user, DeviceId device, GroupId group, long cursor)
      implements Answer {
    @Override
    public String text() {
      return "  group %s acknowledged up to %d".formatted(group, cursor);
    }
  }

  private record Times(
      Optional<Instant> signedIn, Optional<Instant> signedOut, Optional<Instant> acknowledged) {
    static final Times NONE = new Times(Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  public void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {
    last = after;
    lists.saw(user, entry.sequenceNr(), event);
    Optional<Instant> time = Optional.of(Moment.of(event.time()));
    if (event instanceof UserEvent.Registered) {
      registeredAt = Moment.of(event.time());
      // The name may have been opened again.
      erased = Optional.empty();
    } else if (event instanceof UserEvent.Erased gone) {
      erased = Optional.of(gone);
    } else if (event instanceof UserEvent.SignedIn signedIn) {
      Times before = times(signedIn.device());
      times.put(signedIn.device(), new Times(time, Optional.empty(), before.acknowledged()));
    } else if (event instanceof UserEvent.SignedOut signedOut) {
      Times before = times(signedOut.device());
      times.put(signedOut.device(), new Times(before.signedIn(), time, before.acknowledged()));
    } else if (event instanceof UserEvent.Acked acked) {
      Times before = times(acked.device());
      times.put(acked.device(), new Times(before.signedIn(), before.signedOut(), time));
    }
  }

  private Times times(DeviceId device) {
    return times.getOrDefault(device, Times.NONE);
  }

  /** The account, its devices in the order of the list, each with its groups, then its lists. */
  List<Answer> answers() {
    var answers = new ArrayList<Answer>();
    last.account()
        .ifPresent(
            account -> {
              DeviceList list = account.deviceList();
              answers.add(
                  new AccountOf(
                      last.user(),
                      registeredAt,
                      list.accountKey(),
                      fingerprint(list.accountKey()),
                      list.version(),
                      account.listHash(),
                      list.devices().size(),
                      last.groups().cursors().size(),
                      erased.map(event -> Moment.of(event.time())),
                      erased.map(UserEvent.Erased::reason)));
              list.devices().stream()
                  .filter(device -> last.devices().containsKey(device.id()))
                  .forEach(device -> add(answers, device));
              answers.addAll(lists.answers());
            });
    return answers;
  }

  private void add(List<Answer> answers, Device device) {
    DeviceState state = last.devices().get(device.id());
    Times seen = times(device.id());
    answers.add(
        new DeviceOf(
            last.user(),
            device.id(),
            device.signKey(),
            fingerprint(device.signKey()),
            Moment.of(device.addedAt()),
            state.token().isPresent(),
            seen.signedIn(),
            seen.signedOut(),
            state.token().map(token -> Moment.of(token.expiresAt())),
            seen.acknowledged(),
            state.prekeys().signed().map(prekey -> prekey.id()),
            state.prekeys().oneTime().size(),
            state.cursor().point().sequenceNr(),
            last.inbox().head().sequenceNr(),
            state.cutOff()));
    groupCursors(device.id()).forEach(answers::add);
  }

  private Stream<GroupCursor> groupCursors(DeviceId device) {
    return last.groups().cursors().entrySet().stream()
        .filter(group -> group.getValue().containsKey(device))
        .map(
            group ->
                new GroupCursor(
                    last.user(),
                    device,
                    group.getKey(),
                    group.getValue().get(device).sequenceNr()))
        .sorted((one, other) -> one.group().compareTo(other.group()));
  }

  private static String fingerprint(Bytes key) {
    byte[] hash = Arrays.copyOf(Hash.sha256(key.toArray()), FINGERPRINT_BYTES);
    return HexFormat.of().formatHex(hash).replaceAll("(.{4})(?!$)", "$1 ");
  }
}
