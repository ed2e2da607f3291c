package chat.sotto.user;

import chat.sotto.journal.EntityState;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.Generations;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What follows from a user's events: pure, immutable, and of a size that grows with devices and
 * correspondents, never with what waits in the inbox. The server and an auditor derive it alike.
 *
 * @param chain over the journal's entries
 * @param time of the last event, milliseconds since 1970; the next one is later
 * @param account empty until somebody registered
 */
public record UserState(
    UserName user,
    HashChain chain,
    long time,
    Optional<Account> account,
    PMap<DeviceId, DeviceState> devices,
    Inbox inbox,
    Groups groups,
    Archive archive)
    implements EntityState<UserEvent, UserState> {
  /** Together with the name of the user it names the journal's entity. */
  static final String ENTITY_TYPE = "User";

  public static UserState empty(UserName user) {
    var start = new Point(0, Statements.inboxStart(user, Generations.FIRST));
    return new UserState(
        user,
        HashChain.start(entity(user)),
        0,
        Optional.empty(),
        HashTreePMap.empty(),
        Inbox.startingAt(start),
        Groups.NONE,
        Archive.EMPTY);
  }

  @JsonCreator
  static UserState restore(
      @JsonProperty("user") UserName user,
      @JsonProperty("chain") HashChain chain,
      @JsonProperty("time") long time,
      @JsonProperty("account") Optional<Account> account,
      @JsonProperty("devices") Map<DeviceId, DeviceState> devices,
      @JsonProperty("inbox") Inbox inbox,
      @JsonProperty("groups") Groups groups,
      @JsonProperty("archive") Optional<Archive> archive) {
    return new UserState(
        user,
        chain,
        time,
        account,
        HashTreePMap.from(devices),
        inbox,
        groups,
        archive.orElse(Archive.EMPTY));
  }

  /** The name under which the journal keeps a user's events. */
  public static String entity(UserName user) {
    return ENTITY_TYPE + "|" + user;
  }

  @Override
  public UserState apply(JournalEntry entry) {
    return apply(entry, UserEvent.CODEC.decode(entry.event()));
  }

  @Override
  public UserState apply(JournalEntry entry, UserEvent event) {
    require(event.time() > time, "the event is not later than the one before");
    require(
        canRegister() || !(event instanceof UserEvent.Registered),
        "an account is registered once, unless it was opened again");
    require(
        isRegistered() || event instanceof UserEvent.Registered,
        "an account is registered before anything else");
    require(
        !isErased()
            || event instanceof UserEvent.Restored
            || event instanceof UserEvent.Reopened && !isReopened()
            || event instanceof UserEvent.Registered,
        "nothing happens to an erased account");
    require(
        isErased() || !(event instanceof UserEvent.Reopened),
        "only an erased account is opened again");
    return new UserState(
            user, chain.append(entry), event.time(), account, devices, inbox, groups, archive)
        .on(event);
  }

  private UserState on(UserEvent event) {
    if (event instanceof UserEvent.Registered registered) {
      return AccountChanging.after(this, registered);
    } else if (event instanceof UserEvent.SignedIn signedIn) {
      return on(signedIn);
    } else if (event instanceof UserEvent.TokenUsed used) {
      return on(used);
    } else if (event instanceof UserEvent.SignedOut signedOut) {
      return with(signedOut.device(), device -> device.with(Optional.<Token>empty()));
    } else if (event instanceof UserEvent.PrekeysPut put) {
      return with(
          put.device(),
          device -> device.with(device.prekeys().put(put.replace(), put.prekeys())));
    } else if (event instanceof UserEvent.PrekeyGiven given) {
      return on(given);
    } else if (event instanceof UserEvent.Accepted accepted) {
      return on(accepted);
    } else if (event instanceof UserEvent.Acked acked) {
      return Acknowledging.after(this, acked);
    } else if (event instanceof UserEvent.DeviceCutOff cutOff) {
      return on(cutOff);
    } else if (event instanceof UserEvent.SendersForgotten forgotten) {
      return with(inbox.forgetSilentSince(forgotten.before()));
    } else if (event instanceof UserEvent.VisibilitySet set) {
      return with(account().orElseThrow().with(set.visibility()));
    } else if (event instanceof UserEvent.GroupJoined joined) {
      return on(joined);
    } else if (event instanceof UserEvent.GroupLeft left) {
      require(groups.contains(left.group()), "the user was not in the group");
      return with(groups.leave(left.group()));
    } else if (event instanceof UserEvent.ArchiveAppended appended) {
      return with(archive.append(appended));
    } else if (event instanceof UserEvent.ArchiveDropped) {
      return with(archive.dropped(chain.sequenceNr()));
    } else if (event instanceof UserEvent.AccountChanged changed) {
      return AccountChanging.after(this, changed);
    } else if (event instanceof UserEvent.ResetAsked asked) {
      var reset = new Reset(asked.device(), asked.time());
      require(device(asked.device()).isPresent(), "the device is unknown");
      return with(account().orElseThrow().with(Optional.of(reset)));
    } else if (event instanceof UserEvent.ResetCancelled) {
      return with(account().orElseThrow().with(Optional.<Reset>empty()));
    } else if (event instanceof UserEvent.SyncPut put) {
      Account sharing = account().orElseThrow();
      return with(sharing.with(sharing.sync().put(put)));
    } else if (event instanceof UserEvent.Reopened) {
      return with(account().orElseThrow().with(Standing.REOPENED));
    } else if (event instanceof UserEvent.Restored restored) {
      return on(restored);
    } else if (event instanceof UserEvent.Erased) {
      return erased();
    }
    throw new IllegalStateException("an event without a consequence: " + event.getClass());
  }

  private UserState on(UserEvent.SignedIn event) {
    var token = new Token(event.tokenHash(), event.tokenExpiresAt());
    return with(
        event.device(), device -> device.with(Optional.of(token)).seenAt(event.time()));
  }

  private UserState on(UserEvent.TokenUsed event) {
    return with(
        event.device(),
        device ->
            device
                .with(device.token().map(token -> new Token(token.hash(), event.tokenExpiresAt())))
                .seenAt(event.time()));
  }

  private UserState on(UserEvent.PrekeyGiven event) {
    var asker = new DeviceAddress(event.toUser(), event.toDevice());
    return with(
        event.device(),
        device -> device.with(device.prekeys().give(asker, event.prekeyId(), event.time())));
  }

  private UserState on(UserEvent.Accepted event) {
    UserState next = with(inbox.append(event));
    for (StoredCopy copy : event.copies()) {
      next = next.with(copy.device(), device -> device.received(copy.total()));
    }
    return next;
  }

  private UserState on(UserEvent.GroupJoined event) {
    require(!groups.contains(event.group()), "the user is in the group already");
    require(groups.hasRoom(), "the user is in too many groups");
    return with(groups.join(event.group()));
  }

  private UserState on(UserEvent.DeviceCutOff event) {
    require(event.head().equals(inbox.head()), "the cut is not at the head");
    return with(event.device(), device -> device.cutOffAt(headFor(device)));
  }

  /** A copy may hold a reset that was ended after it was made: nobody would have been told. */
  private UserState on(UserEvent.Restored event) {
    UserState next = with(inbox.append(event.entry(user)));
    if (hasAccount()) {
      next = next.with(account.get().with(Optional.<Reset>empty()));
    }
    for (DeviceId id : devices.keySet()) {
      next = next.with(id, DeviceState::restored);
    }
    return next;
  }

  /**
   * Tokens, one-time prekeys, groups, and who ever wrote are gone. The signed prekeys stay: as long
   * as the person is in the rosters of groups, their commits need them.
   */
  private UserState erased() {
    PMap<DeviceId, DeviceState> left = devices;
    for (DeviceId id : devices.keySet()) {
      left = left.plus(id, devices.get(id).erased());
    }
    Optional<Account> name = account.map(living -> living.with(Standing.ERASED));
    Archive none = archive.dropped(chain.sequenceNr());
    return new UserState(user, chain, time, name, left, inbox.erased(), Groups.NONE, none);
  }

  UserState with(DeviceId id, UnaryOperator<DeviceState> change) {
    DeviceState device = devices.get(id);
    require(device != null, "the device is unknown");
    return new UserState(
        user, chain, time, account, devices.plus(id, change.apply(device)), inbox, groups, archive);
  }

  private UserState with(Inbox changed) {
    return new UserState(user, chain, time, account, devices, changed, groups, archive);
  }

  UserState with(Groups changed) {
    return new UserState(user, chain, time, account, devices, inbox, changed, archive);
  }

  private UserState with(Archive changed) {
    return new UserState(user, chain, time, account, devices, inbox, groups, changed);
  }

  UserState with(Account changed) {
    return with(changed, devices, groups);
  }

  UserState with(Account changed, PMap<DeviceId, DeviceState> nowDevices, Groups nowGroups) {
    return new UserState(
        user, chain, time, Optional.of(changed), nowDevices, inbox, nowGroups, archive);
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  // What a handler asks before it decides

  /** Whether the name is taken. */
  boolean isRegistered() {
    return account.isPresent();
  }

  /** Whether the name is taken and nothing else is left of the account. */
  boolean isErased() {
    return account.filter(Account::erased).isPresent();
  }

  /** Whether the name was erased and may be registered once more. */
  boolean isReopened() {
    return account.filter(Account::isReopened).isPresent();
  }

  boolean canRegister() {
    return !isRegistered() || isReopened();
  }

  /** Whether somebody lives here. */
  boolean hasAccount() {
    return isRegistered() && !isErased();
  }

  Optional<DeviceState> device(DeviceId id) {
    return Optional.ofNullable(devices.get(id));
  }

  /** The device, if the list has it with this sign key. */
  Optional<DeviceState> device(DeviceId id, Bytes signKey) {
    return account
        .flatMap(made -> made.deviceList().device(id))
        .filter(listed -> listed.signKey().equals(signKey))
        .flatMap(listed -> device(id));
  }

  /** The place after everything that was accepted so far. */
  Position headFor(DeviceState device) {
    return new Position(inbox.head(), chain.sequenceNr(), device.total());
  }

  boolean isOfInbox(LogPoint item) {
    return item.kind().equals(LogPoint.INBOX)
        && item.owner().equals(user.value())
        && inbox.generations().contain(item);
  }

  /** Whether the device had not acknowledged so much of one of these groups' logs. */
  boolean hasGroupNews(DeviceId device, List<LogPoint> items) {
    return items.stream().anyMatch(item -> groups.isNews(device, item));
  }

  /**
   * Whether the point is of this inbox or of a group, be it one that the user was in: a device that
   * signs does not know yet what was left meanwhile. Such a point changes nothing.
   */
  boolean canBeOwnLog(LogPoint item) {
    return isOfInbox(item) || Groups.isOfGroup(item);
  }

  /**
   * Whether a device may acknowledge up to here: not beyond the head, and with the hash, as far as
   * hashes are kept. The connection has compared it with what it pushed.
   */
  boolean canAcknowledge(DeviceState device, Position place) {
    return place.canFollow(device.cursor()) && headFor(device).canFollow(place);
  }

  /** The devices that get a copy of what that device sends: of its own user's, the others. */
  Set<DeviceId> recipients(DeviceAddress from) {
    return account.orElseThrow().deviceList().devices().stream()
        .map(Device::id)
        .filter(device -> !from.equals(new DeviceAddress(user, device)))
        .collect(Collectors.toSet());
  }

  /** Whether there is exactly one copy for each of these, which are of the current list. */
  boolean isForDevices(long listVersion, Set<DeviceId> recipients, List<Copy> copies) {
    Set<DeviceId> copied = copies.stream().map(Copy::device).collect(Collectors.toSet());
    return listVersion == account.orElseThrow().deviceList().version()
        && copies.size() == recipients.size()
        && copied.equals(recipients);
  }

  /** The devices for which one more copy would go beyond the limits. */
  List<DeviceId> beyond(List<Copy> copies, UserLimits limits) {
    return copies.stream()
        .filter(
            copy ->
                !devices
                    .get(copy.device())
                    .hasRoomFor(copy.size(), inbox.head().sequenceNr(), limits))
        .map(Copy::device)
        .toList();
  }

  /** The next entry of the inbox. */
  UserEvent.Accepted next(
      long time,
      DeviceAddress from,
      long n,
      Bytes messageId,
      List<Copy> copies,
      long expiresAt) {
    List<StoredCopy> stored =
        copies.stream()
            .map(copy -> copy.stored(devices.get(copy.device()).total()))
            .sorted(Comparator.comparing(StoredCopy::device))
            .toList();
    Entry entry =
        inbox.next(
            user, time, from, messageId, stored.stream().map(StoredCopy::bodyDigest).toList());
    long listVersion = account.orElseThrow().deviceList().version();
    return UserEvent.Accepted.of(entry, n, listVersion, stored, expiresAt);
  }
}
