package chat.sotto.audit;

import static chat.sotto.audit.DoesNotHold.require;
import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.Account;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold of a user's events beside the rules of {@link UserState}. */
final class UserJudge implements Replay.Judge<UserEvent, UserState> {
  private static final Bytes NO_HASH = Bytes.of(new byte[Bounds.HASH_BYTES]);

  private final Inquiry inquiry;
  private final UserName user;
  private final Watcher watcher;
  private final Signatures.Batch signatures;
  private final Acknowledgements acknowledgements;
  private final PrekeySignatures prekeys;

  UserJudge(Inquiry inquiry, UserName user) {
    String entity = UserState.entity(user);
    this.inquiry = inquiry;
    this.user = user;
    this.watcher = inquiry.options().watchers().apply(entity);
    this.signatures = inquiry.signatures().of(entity);
    this.acknowledgements = new Acknowledgements(inquiry, user, signatures);
    this.prekeys = new PrekeySignatures(inquiry, user, signatures);
  }

  @Override
  public void judge(Replay.Step<UserEvent, UserState> step) {
    UserEvent event = step.event();
    if (event instanceof UserEvent.Registered registered) {
      judge(step, registered);
    } else if (event instanceof UserEvent.Accepted accepted) {
      judge(step, accepted);
    } else if (event instanceof UserEvent.Acked acked) {
      acknowledgements.judge(step, acked);
    } else if (event instanceof UserEvent.PrekeysPut put) {
      prekeys.judge(step, put);
    } else if (event instanceof UserEvent.SendersForgotten forgotten) {
      require(forgotten.before() < step.event().time(), "a time that is past", forgotten.before());
    }
    acknowledgements.remember(step);
    watcher.saw(user, step.entry(), event, step.after());
  }

  private void judge(Replay.Step<UserEvent, UserState> step, UserEvent.Registered event) {
    DeviceList list = event.deviceList();
    String host = inquiry.serverHost(list.serverHost());
    require(list.serverHost().equals(host), "an account at " + host, list.serverHost());
    require(
        list.version() == 1 && list.prevHash().equals(NO_HASH),
        "the first version of a device list",
        "version " + list.version());
    var start = new Point(0, Statements.inboxStart(user, UserState.GENERATION));
    require(
        list.devices().stream().allMatch(device -> device.inboxStart().equals(start)),
        "devices whose inbox begins at its start",
        "others");
    signatures.add(
        step.number(),
        "the account key over its device list",
        () -> Statements.verifyDeviceList(list));
  }

  private void judge(Replay.Step<UserEvent, UserState> step, UserEvent.Accepted event) {
    UserState before = step.before();
    Bytes head = before.inbox().head().hash();
    Bytes derived = Statements.entryHash(head, user, event.entry());
    require(event.hash().equals(derived), "log hash " + hex(derived), hex(event.hash()));
    Account account = before.account().orElseThrow();
    require(
        event.deviceListVersion() == account.deviceList().version()
            && copied(event.copies()).equals(listed(account.deviceList())),
        "a copy for each device of list version " + account.deviceList().version(),
        "version %d, %s".formatted(event.deviceListVersion(), copied(event.copies())));
    for (StoredCopy copy : event.copies()) {
      long total = before.devices().get(copy.device()).total() + copy.size();
      require(
          copy.size() >= 0 && copy.total() == total,
          "a total of %d bytes for %s".formatted(total, copy.device()),
          copy.total());
    }
    requireSender(step.number(), event);
    inquiry.tally().count(Counted.ENTRIES);
  }

  private static Set<DeviceId> listed(DeviceList list) {
    return list.devices().stream().map(Device::id).collect(Collectors.toSet());
  }

  private static Set<DeviceId> copied(List<StoredCopy> copies) {
    return copies.stream().map(StoredCopy::device).collect(Collectors.toSet());
  }

  private void requireSender(long number, UserEvent.Accepted event) {
    Optional<Device> sender =
        inquiry
            .accounts()
            .list(event.fromUser())
            .flatMap(list -> list.device(event.fromDevice()));
    if (sender.isEmpty()) {
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.SENDER_UNKNOWN,
                  UserState.entity(user),
                  number,
                  "an entry from a device of an account",
                  "device %s of %s".formatted(event.fromDevice(), event.fromUser())));
    }
  }

  @Override
  public void ended(UserState state) {
    signatures.submit();
    watcher.ended();
  }
}
