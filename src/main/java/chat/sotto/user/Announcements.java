package chat.sotto.user;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a user's connections are told, and others who have to know. Never what is not on disk. */
final class Announcements {
  /** Names in one notice, and groups, so that it stays below 32 KiB. */
  private static final int NAMES_MAX = 500;

  private static final int PLACES_MAX = 200;

  private final ActorContext<User.Command> context;
  private final Clock clock;
  private final UserLimits limits;
  private final ProgressNews progress;
  private final RemovalListener removals;
  private final Attachments attachments = new Attachments();

  Announcements(ActorContext<User.Command> context, UserSurroundings surroundings) {
    this.context = context;
    this.clock = surroundings.clock();
    this.limits = surroundings.limits();
    this.progress = new ProgressNews(surroundings.clock(), surroundings.progress());
    this.removals = surroundings.removals();
  }

  boolean isAnybodyAttached() {
    return !attachments.isEmpty();
  }

  boolean isAttached(DeviceId device) {
    return attachments.contains(device);
  }

  void detach(ActorRef<?> connection) {
    attachments.remove(connection);
  }

  // What happened

  /** Tells of events that are on disk now. */
  void makeKnown(UserState before, UserState after, List<UserEvent> events) {
    long journalNr = before.chain().sequenceNr();
    attachments.dismiss((device, tokenHash) -> farewell(after, device, tokenHash));
    List<InboxEntry.OfDevice> entries = new ArrayList<>();
    for (UserEvent event : events) {
      journalNr++;
      if (event instanceof UserEvent.Accepted accepted) {
        entries.add(accepted.inboxEntry(journalNr));
      } else if (event instanceof UserEvent.DeviceCutOff cutOff) {
        DeviceState device = after.device(cutOff.device()).orElseThrow();
        attachments.tell(cutOff.device(), new Notice.CutOff(device.cursor()));
      } else if (event instanceof UserEvent.GroupJoined joined) {
        tellOf(after, joined.group());
      } else if (event instanceof UserEvent.Acked acked) {
        progress.onAcked(after, acked);
      } else if (event instanceof UserEvent.AccountChanged) {
        tellOfRemoved(before, after);
        tellOfAccount(after);
      } else if (event instanceof UserEvent.ResetAsked
          || event instanceof UserEvent.ResetCancelled
          || event instanceof UserEvent.SyncPut) {
        tellOfAccount(after);
      }
    }
    if (!entries.isEmpty()) {
      attachments.tellAll(new Notice.Appended(entries));
    }
  }

  /** No connection outlives its token, nor the device's right to it. */
  private Optional<Notice> farewell(UserState state, DeviceId device, Bytes tokenHash) {
    Optional<Token> token =
        state
            .device(device)
            .flatMap(DeviceState::token)
            .filter(one -> clock.millis() < one.expiresAt());
    if (token.isEmpty()) {
      return Optional.of(new Notice.SignedOff());
    }
    return token.get().hash().equals(tokenHash)
        ? Optional.empty()
        : Optional.of(new Notice.Superseded());
  }

  private void tellOfRemoved(UserState before, UserState after) {
    for (Device device : before.account().orElseThrow().deviceList().devices()) {
      if (after.device(device.id()).isEmpty()) {
        long acknowledged = before.device(device.id()).orElseThrow().cursor().journalNr();
        removals.removed(
            before.user(),
            device.id(),
            acknowledged,
            before.groups().acknowledgedBy(device.id()));
      }
    }
  }

  private void tellOfAccount(UserState state) {
    attachments.tellAll(new Notice.AccountChanged(overview(state)));
  }

  private AccountAnswer.Overview overview(UserState state) {
    return AccountAnswer.Overview.of(state.account().orElseThrow(), limits);
  }

  void tellOf(UserState state, GroupId group) {
    if (state.groups().contains(group)) {
      attachments.tellEach(
          device -> new Notice.GroupChanged(state.groups().place(group, device)));
    }
  }

  // Who is there

  void attach(UserState state, User.Attach command) {
    ActorRef<Notice> connection = command.connection();
    Optional<Notice> farewell = farewell(state, command.device(), command.tokenHash());
    if (farewell.isPresent()) {
      connection.tell(farewell.get());
      return;
    }
    DeviceState device = state.device(command.device()).orElseThrow();
    attachments.attach(command).ifPresent(older -> older.tell(new Notice.Superseded()));
    context.watch(connection);
    connection.tell(
        new Notice.Attached(
            context.getSelf(),
            device.cursor(),
            state.headFor(device),
            device.cutOff(),
            state.inbox().generations(),
            state.account().orElseThrow().visibility(),
            overview(state)));
    tell(connection, state.inbox().heardFrom(), NAMES_MAX, Notice.HeardFrom::new);
    tell(connection, state.groups().places(command.device()), PLACES_MAX, Notice.InGroups::new);
  }

  /** In as many notices as it takes. */
  private static <T> void tell(
      ActorRef<Notice> connection,
      Collection<T> all,
      int max,
      Function<List<T>, Notice> notice) {
    List<T> each = List.copyOf(all);
    for (int from = 0; from < each.size(); from += max) {
      int to = Math.min(from + max, each.size());
      connection.tell(notice.apply(List.copyOf(each.subList(from, to))));
    }
  }

  /** @return the account, and who of its devices is there */
  AccountAnswer.Facts facts(UserState state) {
    Account account = state.account().orElseThrow();
    return new AccountAnswer.Facts(
        account.deviceList(),
        account.listHash(),
        account.secrets(),
        state.inbox().generations().newest(),
        state.inbox().head(),
        account.sync(),
        account.deviceList().devices().stream()
            .map(Device::id)
            .map(
                id ->
                    new AccountAnswer.SeenDevice(
                        id,
                        state.device(id).map(DeviceState::lastSeen).orElse(0L),
                        isAttached(id)))
            .toList());
  }
}
