package chat.sotto.audit;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.user.DeviceAddress;
import chat.sotto.user.UserEvent;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What became of one entry of a log, for each device that was to get it. Thread-safe. */
final class Deliveries {
  private final long sequenceNr;
  private final SortedMap<String, Delivery> byDevice = new TreeMap<>();

  Deliveries(long sequenceNr) {
    this.sequenceNr = sequenceNr;
  }

  /**
   * An entry on its way to one device.
   *
   * @param digest and {@code size}: of the device's own ciphertext, where there is one
   * @param bodyThere whether that is still stored
   * @param deliveredBy when the entry had been pushed at the latest: the journal says when the last
   *     one was that the acknowledgement covers
   * @param acknowledgedIn number of the acknowledgement in the user's journal
   * @param cutOffAt when the device fell behind the limits, with the entry not acknowledged
   */
  @JsonTypeName("delivery")
  record Delivery(
      UserName user,
      DeviceId device,
      Optional<Integer> size,
      Optional<Bytes> digest,
      Optional<Boolean> bodyThere,
      Optional<Instant> deliveredBy,
      Optional<Instant> acknowledgedAt,
      Optional<Long> acknowledgedIn,
      Optional<Instant> cutOffAt)
      implements Answer {
    @Override
    public String text() {
      var text = new StringBuilder("  %s, device %s: ".formatted(user, device));
      if (acknowledgedAt.isPresent()) {
        text.append(
            "delivered by %s, acknowledged %s (event %d of User|%s)"
                .formatted(
                    deliveredBy.map(Moment::words).orElse("?"),
                    Moment.words(acknowledgedAt.get()),
                    acknowledgedIn.orElseThrow(),
                    user));
      } else if (cutOffAt.isPresent()) {
        text.append("cut off %s, never delivered".formatted(Moment.words(cutOffAt.get())));
      } else {
        text.append("not acknowledged");
      }
      size.ifPresent(bytes -> text.append(", %d bytes".formatted(bytes)));
      bodyThere.ifPresent(
          there -> text.append(there ? ", ciphertext still stored" : ", ciphertext gone"));
      digest.ifPresent(bytes -> text.append("\n    digest ").append(bytes));
      return text.toString();
    }

    private boolean isOpen() {
      return acknowledgedAt.isEmpty() && cutOffAt.isEmpty();
    }
  }

  /** The entry is on its way to a device. */
  synchronized void expect(
      UserName user,
      DeviceId device,
      Optional<Integer> size,
      Optional<Bytes> digest,
      Optional<Boolean> bodyThere) {
    var expected =
        new Delivery(
            user,
            device,
            size,
            digest,
            bodyThere,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    byDevice.put(key(user, device), expected);
  }

  private static String key(UserName user, DeviceId device) {
    return new DeviceAddress(user, device).toString();
  }

  /** @param isOfLog whether a point is of the entry's log */
  synchronized void acknowledged(
      UserName user, UserEvent.Acked acked, long journalNr, Predicate<LogPoint> isOfLog) {
    boolean covers =
        acked.items().stream()
            .anyMatch(item -> isOfLog.test(item) && item.sequenceNr() >= sequenceNr);
    if (covers) {
      settle(
          user,
          acked.device(),
          Optional.of(Moment.of(acked.deliveredAt())),
          Optional.of(Moment.of(acked.time())),
          Optional.of(journalNr),
          Optional.empty());
    }
  }

  synchronized void cutOff(UserName user, UserEvent.DeviceCutOff cut) {
    if (cut.head().sequenceNr() >= sequenceNr) {
      settle(
          user,
          cut.device(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(Moment.of(cut.time())));
    }
  }

  /** What comes first counts. */
  private void settle(
      UserName user,
      DeviceId device,
      Optional<Instant> deliveredBy,
      Optional<Instant> acknowledgedAt,
      Optional<Long> acknowledgedIn,
      Optional<Instant> cutOffAt) {
    byDevice.computeIfPresent(
        key(user, device),
        (key, delivery) ->
            delivery.isOpen()
                ? new Delivery(
                    user,
                    device,
                    delivery.size(),
                    delivery.digest(),
                    delivery.bodyThere(),
                    deliveredBy,
                    acknowledgedAt,
                    acknowledgedIn,
                    cutOffAt)
                : delivery);
  }

  /** By user and device. */
  synchronized List<Delivery> list() {
    return List.copyOf(byDevice.values());
  }
}
