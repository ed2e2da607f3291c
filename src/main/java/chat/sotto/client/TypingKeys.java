package chat.sotto.client;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Membership;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The keys under which devices say that their users are writing (docs/protocol.md §7.10): the
 * newest of each, with the numbers that were used under it.
 */
final class TypingKeys {
  private static final Duration AGE_MAX = Duration.ofDays(7);
  private static final Table<Own> OWN = new Table<>("typing-key-own", Own.class);
  private static final Table<Heard> HEARD = new Table<>("typing-key-heard", Heard.class);

  private final Rows rows;

  /**
   * This device's key for a conversation.
   *
   * @param nr the last one that was used; 0 for none
   * @param audience the devices that it is for
   * @param carrier the text that brings it, until the server has that
   */
  record Own(Secret key, long nr, long madeAt, Bytes audience, Optional<Bytes> carrier) {
    Own next() {
      return new Own(key, nr + 1, madeAt, audience, carrier);
    }
  }

  /** Another device's. @param nr the highest that was heeded */
  record Heard(Secret key, long nr) {}

  TypingKeys(Rows rows) {
    this.rows = rows;
  }

  /** The devices that a person's messages are for. */
  static Bytes audience(DeviceList list) {
    return Statements.listHash(list);
  }

  /** The devices of the other members of a group. */
  static Bytes audience(Membership membership, UserName self) {
    String devices =
        membership.roster().stream()
            .filter(row -> !row.user().equals(self) && membership.isMember(row.user()))
            .flatMap(row -> row.deviceList().devices().stream())
            .map(Device::id)
            .map(DeviceId::value)
            .sorted()
            .collect(Collectors.joining(","));
    return Bytes.of(Hash.sha256(devices.getBytes(StandardCharsets.UTF_8)));
  }

  /** A text with the key that it brings, if one is due: it makes the text longer. */
  ContentJson brought(
      String conversation,
      Bytes message,
      ContentJson said,
      Bytes audience,
      long now,
      SecureRandom random) {
    if (!said.type().equals(Content.Text.TYPE) || !Sync.typing(rows)) {
      return said;
    }
    Optional<Own> known = rows.get(OWN, conversation);
    boolean isCarrier =
        known.flatMap(Own::carrier).filter(message::equals).isPresent();
    boolean isGood =
        known
            .filter(own -> own.audience().equals(audience))
            .filter(own -> now - own.madeAt() <= AGE_MAX.toMillis())
            .isPresent();
    if (isGood && !isCarrier) {
      return said;
    }
    var key = new byte[Bounds.KEY_BYTES];
    random.nextBytes(key);
    Own own =
        isCarrier
            ? new Own(known.get().key(), 0, known.get().madeAt(), audience, Optional.of(message))
            : new Own(Secret.of(key), 0, now, audience, Optional.of(message));
    rows.put(OWN, conversation, own);
    return TypingKeyJson.with(said, own.key());
  }

  /** The server has the text that brought it. */
  void sent(String conversation, Bytes message) {
    rows.get(OWN, conversation)
        .filter(own -> own.carrier().equals(Optional.of(message)))
        .map(own -> new Own(own.key(), own.nr(), own.madeAt(), own.audience(), Optional.empty()))
        .ifPresent(own -> rows.put(OWN, conversation, own));
  }

  /** With a number that was not used yet; empty if nobody there has the key. */
  Optional<Own> next(String conversation, Bytes audience) {
    Optional<Own> next =
        rows.get(OWN, conversation)
            .filter(own -> own.carrier().isEmpty() && own.audience().equals(audience))
            .map(Own::next);
    next.ifPresent(own -> rows.put(OWN, conversation, own));
    return next;
  }

  void heard(String conversation, DeviceId device, Secret key) {
    rows.put(HEARD, heardKey(conversation, device), new Heard(key, 0));
  }

  Optional<Heard> heardOf(String conversation, DeviceId device) {
    return rows.get(HEARD, heardKey(conversation, device));
  }

  /** @return whether it is above all that were heeded under this key; then it is the highest */
  boolean heed(String conversation, DeviceId device, Heard heard, long nr) {
    boolean isNew = nr > heard.nr();
    if (isNew) {
      rows.put(HEARD, heardKey(conversation, device), new Heard(heard.key(), nr));
    }
    return isNew;
  }

  private static String heardKey(String conversation, DeviceId device) {
    return conversation + "/" + device.value();
  }
}
