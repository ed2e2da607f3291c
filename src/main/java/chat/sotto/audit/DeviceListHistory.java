package chat.sotto.audit;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.UserEvent;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The device lists that an account had, and what each changed. */
final class DeviceListHistory {
  private final List<Answer> versions = new ArrayList<>();
  private Optional<DeviceList> last = Optional.empty();

  /**
   * One version, as it took the place of the one before.
   *
   * @param number of the event
   * @param by the device that changed it, and with which proof; absent where an account begins
   * @param newAccountKey whether the account key is not the one before
   * @param announced whether a device of the list before signed that
   */
  @JsonTypeName("device-list")
  record Version(
      UserName user,
      long version,
      Instant since,
      long number,
      Bytes listHash,
      Optional<DeviceId> by,
      Optional<ChangeProof> proof,
      List<DeviceId> added,
      List<DeviceId> removed,
      boolean newAccountKey,
      boolean announced)
      implements Answer {
    @Override
    public String text() {
      var text =
          new StringBuilder(
              "list version %d, since %s".formatted(version, Moment.words(since)));
      by.ifPresent(
          device ->
              text.append(", by device %s %s".formatted(device, Words.with(proof.orElseThrow()))));
      added.forEach(device -> text.append("\n  added ").append(device));
      removed.forEach(device -> text.append("\n  removed ").append(device));
      if (newAccountKey) {
        text.append("\n  another account key, ")
            .append(announced ? "announced by that device" : "announced by nobody");
      }
      return text.toString();
    }
  }

  void saw(UserName user, long number, UserEvent event) {
    Accounts.brought(event).ifPresent(list -> add(user, number, event, list));
  }

  private void add(UserName user, long number, UserEvent event, DeviceList list) {
    Optional<UserEvent.AccountChanged> change =
        event instanceof UserEvent.AccountChanged changed
            ? Optional.of(changed)
            : Optional.empty();
    boolean newKey = last.filter(one -> !one.accountKey().equals(list.accountKey())).isPresent();
    versions.add(
        new Version(
            user,
            list.version(),
            Moment.of(event.time()),
            number,
            Statements.listHash(list),
            change.map(UserEvent.AccountChanged::device),
            change.map(UserEvent.AccountChanged::proof),
            missing(list, last),
            last.map(one -> missing(one, Optional.of(list))).orElse(List.of()),
            newKey,
            newKey && list.keyChange().isPresent()));
    last = Optional.of(list);
  }

  /** The devices of the one that are not in the other. */
  private static List<DeviceId> missing(DeviceList one, Optional<DeviceList> other) {
    return one.devices().stream()
        .map(Device::id)
        .filter(device -> other.flatMap(list -> list.device(device)).isEmpty())
        .toList();
  }

  /** In their order. */
  List<Answer> answers() {
    return List.copyOf(versions);
  }
}
