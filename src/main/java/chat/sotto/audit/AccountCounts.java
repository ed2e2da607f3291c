package chat.sotto.audit;

import chat.sotto.model.DeviceList;
import chat.sotto.user.Account;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.concurrent.atomic.LongAdder;

/** How often what happened to accounts. Thread-safe. */
final class AccountCounts {
  private final LongAdder linked = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private final LongAdder passwords = new LongAdder();
  private final LongAdder resets = new LongAdder();
  private final LongAdder erased = new LongAdder();
  private final LongAdder reopened = new LongAdder();
  private final LongAdder archived = new LongAdder();

  void saw(UserState before, UserEvent event) {
    if (event instanceof UserEvent.AccountChanged changed) {
      changed
          .deviceList()
          .ifPresent(
              list -> {
                DeviceList known = before.account().map(Account::deviceList).orElseThrow();
                linked.add(countOnlyIn(list, known));
                removed.add(countOnlyIn(known, list));
              });
      if (changed.credentials().isPresent()) {
        (changed.proof() == ChangeProof.RESET ? resets : passwords).increment();
      }
    } else if (event instanceof UserEvent.Erased) {
      erased.increment();
    } else if (event instanceof UserEvent.Reopened) {
      reopened.increment();
    }
  }

  private static long countOnlyIn(DeviceList list, DeviceList other) {
    return list.devices().stream().filter(one -> other.device(one.id()).isEmpty()).count();
  }

  /** @param last of a user */
  void ended(UserState last) {
    archived.add(last.archive().bytes());
  }

  Figures.OfAccounts figures() {
    return new Figures.OfAccounts(
        linked.sum(),
        removed.sum(),
        passwords.sum(),
        resets.sum(),
        erased.sum(),
        reopened.sum(),
        archived.sum());
  }
}
