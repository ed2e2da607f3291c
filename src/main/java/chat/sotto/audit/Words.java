package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What happened, in plain words. */
final class Words {
  /** Of an id, as many digits as tell a few apart. */
  private static final int SHORT = 8;

  private Words() {}

  static String of(UserName user, UserEvent event) {
    if (event instanceof UserEvent.Registered registered) {
      int devices = registered.deviceList().devices().size();
      return "%s registered with %s".formatted(user, count(devices, "device"));
    } else if (event instanceof UserEvent.SignedIn signedIn) {
      return "%s signed in on device %s".formatted(user, brief(signedIn.device()));
    } else if (event instanceof UserEvent.TokenUsed used) {
      return "%s was there with device %s (told once a day at most)"
          .formatted(user, brief(used.device()));
    } else if (event instanceof UserEvent.SignedOut signedOut) {
      return "%s signed out on device %s".formatted(user, brief(signedOut.device()));
    } else if (event instanceof UserEvent.PrekeysPut put) {
      return "device %s of %s put up %s%s"
          .formatted(
              brief(put.device()),
              user,
              count(put.prekeys().size(), "prekey"),
              put.replace() ? " in place of those before" : "");
    } else if (event instanceof UserEvent.PrekeyGiven given) {
      return "a one-time prekey of %s, device %s, was given to %s, device %s"
          .formatted(user, brief(given.device()), given.toUser(), brief(given.toDevice()));
    } else if (event instanceof UserEvent.Accepted accepted) {
      return accepted(user, accepted);
    } else if (event instanceof UserEvent.Acked acked) {
      return "device %s of %s acknowledged %s"
          .formatted(
              brief(acked.device()),
              user,
              acked.items().stream().map(Words::point).collect(Collectors.joining(", ")));
    } else if (event instanceof UserEvent.DeviceCutOff cut) {
      return "device %s of %s fell behind the limits and was cut off at entry %d"
          .formatted(brief(cut.device()), user, cut.head().sequenceNr());
    } else if (event instanceof UserEvent.SendersForgotten forgotten) {
      return "the counters of senders to %s who were silent since %s were dropped"
          .formatted(user, Moment.words(Moment.of(forgotten.before())));
    } else if (event instanceof UserEvent.VisibilitySet set) {
      return "%s chose to be listed as online to %s".formatted(user, whom(set.visibility()));
    } else if (event instanceof UserEvent.GroupJoined joined) {
      return "the devices of %s follow group %s from here on"
          .formatted(user, brief(joined.group().value()));
    } else if (event instanceof UserEvent.GroupLeft left) {
      return "the devices of %s follow group %s no more"
          .formatted(user, brief(left.group().value()));
    } else if (event instanceof UserEvent.Restored restored) {
      return restored("the inbox of " + user, restored.copyTime(), restored.generation());
    } else if (event instanceof UserEvent.Erased erased) {
      return "the operator had erased what was kept of %s: %s".formatted(user, erased.reason());
    }
    return ofAccount(user, event);
  }

  private static String ofAccount(UserName user, UserEvent event) {
    if (event instanceof UserEvent.AccountChanged changed) {
      return changed(user, changed);
    } else if (event instanceof UserEvent.ResetAsked asked) {
      return "device %s of %s asked for a new account key without the password"
          .formatted(brief(asked.device()), user);
    } else if (event instanceof UserEvent.ResetCancelled) {
      return "somebody with the password or the code of %s cancelled that".formatted(user);
    } else if (event instanceof UserEvent.SyncPut put) {
      return "device %s of %s put up what its devices share (number %d, %d bytes)"
          .formatted(brief(put.device()), user, put.counter(), put.size());
    } else if (event instanceof UserEvent.ArchiveAppended appended) {
      return "device %s of %s added batch %d to the archive (%d bytes)"
          .formatted(brief(appended.device()), user, appended.nr(), appended.size());
    } else if (event instanceof UserEvent.ArchiveDropped dropped) {
      return "device %s of %s had the archive erased".formatted(brief(dropped.device()), user);
    } else if (event instanceof UserEvent.Reopened reopened) {
      return "the operator opened the name %s again: %s".formatted(user, reopened.reason());
    }
    throw new IllegalStateException("an event without words: " + event.getClass());
  }

  static String with(ChangeProof proof) {
    return switch (proof) {
      case PASSWORD -> "with the password";
      case RECOVERY -> "with the recovery code";
      case RESET -> "after a reset that it had waited for";
      case RESTORED -> "after a restore";
    };
  }

  private static String changed(UserName user, UserEvent.AccountChanged event) {
    String list =
        event
            .deviceList()
            .map(
                after ->
                    ": device list %d with %s"
                        .formatted(after.version(), count(after.devices().size(), "device")))
            .orElse("");
    return "device %s of %s changed the account %s%s%s"
        .formatted(
            brief(event.device()),
            user,
            with(event.proof()),
            list,
            event.credentials().isPresent() ? ", a new password" : "");
  }

  private static String accepted(UserName user, UserEvent.Accepted event) {
    long bytes = event.copies().stream().mapToLong(StoredCopy::size).sum();
    return "%s to %s was accepted from %s, device %s (%d bytes for %s)"
        .formatted(
            event.entryKind().equals("message") ? "a message" : "an entry " + event.entryKind(),
            user,
            event.fromUser(),
            brief(event.fromDevice()),
            bytes,
            count(event.copies().size(), "device"));
  }

  private static String whom(Visibility visibility) {
    return switch (visibility) {
      case ALL -> "everybody";
      case CONTACTS -> "contacts";
      case NOBODY -> "nobody";
    };
  }

  private static String point(LogPoint item) {
    String log = item.kind().equals(LogPoint.INBOX) ? "its inbox" : "group " + brief(item.owner());
    return log + " up to " + item.sequenceNr();
  }

  private static String restored(String log, long copyTime, long generation) {
    return "the server was restored from its copy of %s, and %s goes on from there (generation %d)"
        .formatted(Moment.words(Moment.of(copyTime)), log, generation);
  }

  static String of(GroupEvent event) {
    return event instanceof GroupEvent.Restored restored
        ? restored("the group", restored.copyTime(), restored.generation())
        : of((GroupEvent.Signed) event);
  }

  private static String of(GroupEvent.Signed event) {
    String by = event.user().value();
    GroupContent content = event.content();
    if (content instanceof GroupContent.Commit commit) {
      return commit(by, commit);
    } else if (content instanceof GroupContent.Proposal proposal) {
      return proposal(by, proposal.op());
    } else if (content instanceof GroupContent.Confirm confirm) {
      return "%s accepted the invitation of %s and is a member".formatted(by, confirm.inviter());
    } else if (event instanceof GroupEvent.Posted posted) {
      return "%s, device %s, wrote to the group (%d bytes)"
          .formatted(by, brief(posted.device()), posted.size());
    }
    throw new IllegalStateException("an event without words: " + event.getClass());
  }

  private static String commit(String by, GroupContent.Commit commit) {
    String epoch = " (epoch %d begins)".formatted(commit.epoch());
    if (commit.ops().isEmpty()) {
      boolean isReset = commit.kind() == GroupContent.Kind.RESET;
      return by + (isReset ? " made the group's keys anew" : " renewed the group's key") + epoch;
    }
    return commit.ops().stream().map(op -> op(by, op)).collect(Collectors.joining("; ")) + epoch;
  }

  private static String op(String by, GroupOp op) {
    if (op instanceof GroupOp.Found) {
      return by + " made the group and is its admin";
    } else if (op instanceof GroupOp.Invite) {
      return by + " invited " + op.user();
    } else if (op instanceof GroupOp.Remove) {
      return by + " removed " + op.user();
    } else if (op instanceof GroupOp.ChangeRole change) {
      boolean isAdmin = change.role() == GroupRole.ADMIN;
      return by + " made " + op.user() + (isAdmin ? " an admin" : " a member without admin rights");
    } else if (op instanceof GroupOp.Leave) {
      return by + " closed the keys to " + op.user() + ", who had left";
    } else if (op instanceof GroupOp.Decline) {
      return by + " closed the keys to " + op.user() + ", who had declined";
    } else if (op instanceof GroupOp.Timeout) {
      return by + " ended the invitation of " + op.user() + ", which had run out";
    } else if (op instanceof GroupOp.Devices devices) {
      return by + " took in version " + devices.deviceList().version() + " of the devices of "
          + op.user();
    } else if (op instanceof GroupOp.Rekey rekey) {
      return by + " gave the keys again to " + op.user() + ", device " + brief(rekey.device());
    }
    throw new IllegalStateException("a step without words: " + op.getClass());
  }

  private static String proposal(String by, GroupProposal op) {
    if (op instanceof GroupProposal.Leave) {
      return by + " left the group";
    } else if (op instanceof GroupProposal.Decline) {
      return by + " declined the invitation";
    } else if (op instanceof GroupProposal.Devices devices) {
      return by + " told of version " + devices.deviceList().version() + " of the own devices";
    }
    return by + " asked for the keys again";
  }

  private static String brief(DeviceId device) {
    return brief(device.value());
  }

  static String brief(String id) {
    return id.length() > SHORT ? id.substring(0, SHORT) + "…" : id;
  }

  /** The name of its kind in the journal. */
  static String type(UserEvent event) {
    return type(UserEvent.class, event);
  }

  static String type(GroupEvent event) {
    return type(GroupEvent.class, event);
  }

  private static String type(Class<?> events, Object event) {
    return Arrays.stream(events.getAnnotation(JsonSubTypes.class).value())
        .filter(type -> type.value().isInstance(event))
        .map(JsonSubTypes.Type::name)
        .findFirst()
        .orElseThrow();
  }

  static String count(long number, String noun) {
    return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }
}
