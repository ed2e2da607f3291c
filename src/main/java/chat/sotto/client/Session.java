package chat.sotto.client;

import chat.sotto.crypto.DoubleRatchet;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.Secret;
import java.util.Optional;

/**
 * A Double Ratchet with one device of another person, as it is stored.
 *
 * @param opening what every message carries until the other side was heard on this session
 * @param openedAt milliseconds since 1970
 * @param replacedAt when another session took its place: nothing is sent on this one any more
 */
record Session(
    Bytes id, Secret state, Optional<Bytes> opening, long openedAt, Optional<Long> replacedAt) {

  static Session opened(Bytes id, DoubleRatchet ratchet, Bytes opening, long now) {
    return new Session(id, secret(ratchet), Optional.of(opening), now, Optional.empty());
  }

  static Session accepted(Bytes id, DoubleRatchet ratchet, long now) {
    return new Session(id, secret(ratchet), Optional.empty(), now, Optional.empty());
  }

  DoubleRatchet ratchet() {
    return DoubleRatchet.fromBytes(state.toArray());
  }

  Session afterSealing(DoubleRatchet next) {
    return new Session(id, secret(next), opening, openedAt, replacedAt);
  }

  /** Any message of the other side confirms the session. */
  Session afterOpening(DoubleRatchet next) {
    return new Session(id, secret(next), Optional.empty(), openedAt, replacedAt);
  }

  Session replaced(long now) {
    return new Session(id, state, opening, openedAt, Optional.of(replacedAt.orElse(now)));
  }

  private static Secret secret(DoubleRatchet ratchet) {
    return Secret.of(ratchet.toBytes());
  }
}
