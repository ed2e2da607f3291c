package chat.sotto.audit;

import static chat.sotto.audit.DoesNotHold.require;
import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;

/** What must hold of a user's events beside the rules of {@link UserState}. */
final class UserJudge implements Replay.Judge<UserEvent, UserState> {
  private final Inquiry inquiry;
  private final UserName user;
  private final Watcher watcher;
  private final Signatures.Batch signatures;
  private final AccountJudge account;
  private final Acknowledgements acknowledgements;
  private final PrekeySignatures prekeys;
  private final UserBodies bodies;

  UserJudge(Inquiry inquiry, JournalFile.Entity entity, UserName user) {
    this.inquiry = inquiry;
    this.user = user;
    this.watcher = inquiry.options().watchers().apply(entity.name());
    this.signatures = inquiry.signatures().of(entity.name());
    this.account = new AccountJudge(inquiry, user, signatures);
    this.acknowledgements = new Acknowledgements(inquiry, user, signatures);
    this.prekeys = new PrekeySignatures(inquiry, user, signatures);
    this.bodies = new UserBodies(inquiry, entity, user, prekeys);
  }

  @Override
  public void judge(Replay.Step<UserEvent, UserState> step) {
    UserEvent event = step.event();
    if (event instanceof UserEvent.Registered registered) {
      account.judge(step, registered);
    } else if (event instanceof UserEvent.Accepted accepted) {
      judge(step, accepted);
    } else if (event instanceof UserEvent.Acked acked) {
      acknowledgements.judge(step, acked);
    } else if (event instanceof UserEvent.PrekeysPut put) {
      prekeys.judge(step, put);
    } else if (event instanceof UserEvent.Restored restored) {
      String host = step.before().account().orElseThrow().deviceList().serverHost();
      inquiry.serverWord().judge(signatures, step.number(), restored.entry(user), host);
    } else if (event instanceof UserEvent.SendersForgotten forgotten) {
      require(forgotten.before() < step.event().time(), "a time that is past", forgotten.before());
    } else {
      judgeShared(step, event);
    }
    acknowledgements.remember(step);
    watcher.saw(user, step.entry(), event, step.after());
  }

  /** What an account's devices do for all of them. */
  private void judgeShared(Replay.Step<UserEvent, UserState> step, UserEvent event) {
    if (event instanceof UserEvent.AccountChanged changed) {
      account.judge(step, changed);
    } else if (event instanceof UserEvent.ResetAsked asked) {
      account.judge(step, asked);
    } else if (event instanceof UserEvent.ResetCancelled cancelled) {
      account.judge(step, cancelled);
    } else if (event instanceof UserEvent.SyncPut put) {
      account.judge(step, put);
      bodies.shared(put);
    } else if (event instanceof UserEvent.ArchiveAppended appended) {
      account.judge(step, appended);
    } else if (event instanceof UserEvent.ArchiveDropped dropped) {
      account.requireListed(step, dropped.device());
    } else if (event instanceof UserEvent.TokenUsed used) {
      require(
          step.before().devices().get(used.device()).token().isPresent(),
          "a device that has a token",
          "device " + used.device());
    }
  }

  private void judge(Replay.Step<UserEvent, UserState> step, UserEvent.Accepted event) {
    UserState before = step.before();
    Bytes head = before.inbox().head().hash();
    Bytes derived = Statements.entryHash(head, user, event.entry());
    if (!event.hash().equals(derived)) {
      throw new DoesNotHold(
          Finding.Code.RULE_BROKEN, "log hash " + hex(derived), "log hash " + hex(event.hash()));
    }
    require(
        isForDevices(event, before.account().orElseThrow().deviceList()),
        "a copy for each device of the account's list",
        "list version " + event.deviceListVersion());
    for (StoredCopy copy : event.copies()) {
      long total = before.devices().get(copy.device()).total() + copy.size();
      require(copy.size() >= 0 && copy.total() == total, "another total of bytes", copy.total());
    }
    requireSender(step, event);
    inquiry.tally().count(Counted.ENTRIES);
    inquiry.tally().add(Counted.CIPHERTEXTS, event.copies().size());
  }

  /**
   * Copies rise by device, so none is for the same device as another. A device that sends to its
   * own user sends to the others.
   */
  private boolean isForDevices(UserEvent.Accepted event, DeviceList list) {
    boolean areListed = true;
    boolean isOwn = event.fromUser().equals(user);
    for (StoredCopy copy : event.copies()) {
      areListed &= list.device(copy.device()).isPresent();
      areListed &= !isOwn || !copy.device().equals(event.fromDevice());
    }
    int sender = isOwn && list.device(event.fromDevice()).isPresent() ? 1 : 0;
    return areListed
        && event.copies().size() == list.devices().size() - sender
        && event.deviceListVersion() == list.version();
  }

  /** Of the own devices it is known exactly which there were, of others by the time. */
  private void requireSender(
      Replay.Step<UserEvent, UserState> step, UserEvent.Accepted event) {
    boolean isKnown =
        event.fromUser().equals(user)
            ? step.before()
                .account()
                .flatMap(made -> made.deviceList().device(event.fromDevice()))
                .isPresent()
            : inquiry.accounts().haveDevice(event.fromUser(), event.fromDevice(), event.time());
    if (!isKnown) {
      inquiry
          .findings()
          .add(
              new Finding(
                  Finding.Code.SENDER_UNKNOWN,
                  UserState.entity(user),
                  step.number(),
                  "an entry from a device that an account had then",
                  "device %s of %s".formatted(event.fromDevice(), event.fromUser())));
    }
  }

  @Override
  public void ended(UserState state, boolean isWhole) {
    if (!isWhole || state.account().orElseThrow().erased()) {
      inquiry.progress().isUnknown(user);
    } else if (!inquiry.bodies().areLeftOut()) {
      bodies.judge(state);
    }
    state
        .account()
        .ifPresent(
            made ->
                made.removed()
                    .keySet()
                    .forEach(device -> inquiry.progress().isGone(user, device)));
    inquiry.sawTime(state.time());
    signatures.submit();
    watcher.ended();
  }
}
