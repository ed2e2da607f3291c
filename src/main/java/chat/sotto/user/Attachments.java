package chat.sotto.user;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which connections serve a user's devices now, one each. Lost with the entity, by design. */
final class Attachments {
  private final Map<DeviceId, Attachment> byDevice = new HashMap<>();

  private record Attachment(
      Bytes tokenHash, String connectionId, ActorRef<Notice> connection) {}

  boolean isEmpty() {
    return byDevice.isEmpty();
  }

  boolean contains(DeviceId device) {
    return byDevice.containsKey(device);
  }

  /** The newest wins. @return the connection that it takes the place of */
  Optional<ActorRef<Notice>> attach(User.Attach newest) {
    var attachment =
        new Attachment(newest.tokenHash(), newest.connectionId(), newest.connection());
    Attachment older = byDevice.put(newest.device(), attachment);
    return Optional.ofNullable(older)
        .filter(one -> !one.connectionId().equals(newest.connectionId()))
        .map(Attachment::connection);
  }

  /** @param farewell to a connection that is to serve its device no more with this token */
  void dismiss(BiFunction<DeviceId, Bytes, Optional<Notice>> farewell) {
    byDevice
        .entrySet()
        .removeIf(
            entry -> {
              Attachment one = entry.getValue();
              Optional<Notice> last = farewell.apply(entry.getKey(), one.tokenHash());
              last.ifPresent(one.connection()::tell);
              return last.isPresent();
            });
  }

  void remove(ActorRef<?> connection) {
    byDevice.values().removeIf(attachment -> attachment.connection().equals(connection));
  }

  void tell(DeviceId device, Notice notice) {
    ifPresent(device, connection -> connection.tell(notice));
  }

  void tellAll(Notice notice) {
    byDevice.values().forEach(attachment -> attachment.connection().tell(notice));
  }

  /** @param notice for a device */
  void tellEach(Function<DeviceId, Notice> notice) {
    byDevice.forEach(
        (device, attachment) -> attachment.connection().tell(notice.apply(device)));
  }

  private void ifPresent(DeviceId device, Consumer<ActorRef<Notice>> action) {
    Optional.ofNullable(byDevice.get(device)).map(Attachment::connection).ifPresent(action);
  }
}
