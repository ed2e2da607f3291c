package chat.sotto.client;

import chat.sotto.crypto.RefusedException;
import chat.sotto.crypto.TypingPlace;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import chat.sotto.protocol.TypingPush;
import chat.sotto.protocol.TypingRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says that this user is writing, and hears it of others (docs/protocol.md §7.10). What cannot be
 * said now is not said.
 */
final class Typing {
  static final Duration EVERY = Duration.ofSeconds(4);
  private static final int VERSION = 1;

  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Engine engine;

  /** By conversation; on the core's thread. */
  private final Map<String, Said> said = new HashMap<>();

  private record Said(long at, boolean isWriting) {}

  /** What is sealed. */
  private record Words(int version, long nr, boolean typing) {
    private Words {
      Bounds.within("version", version, VERSION, VERSION);
      Bounds.atLeast("nr", nr, 1);
    }
  }

  Typing(ClientStore store, Clock clock, SecureRandom random, Engine engine) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.engine = engine;
  }

  void say(UserName to, boolean isWriting) {
    engine
        .core()
        .execute(
            () -> {
              UserName self = store.transaction(Self::of).user();
              String conversation = Plaintext.conversation(self, to);
              say(
                  conversation,
                  rows ->
                      new People(rows, Self.of(rows).serverHost())
                          .find(to)
                          .filter(person -> !person.blocked() && new Standings(rows).accepts(to))
                          .map(person -> TypingKeys.audience(person.list())),
                  isWriting,
                  Optional.of(to),
                  Optional.empty());
            });
  }

  void say(GroupId group, boolean isWriting) {
    engine
        .core()
        .execute(
            () ->
                say(
                    group.value(),
                    rows ->
                        membership(rows, group)
                            .map(
                                members ->
                                    TypingKeys.audience(members, Self.of(rows).user())),
                    isWriting,
                    Optional.empty(),
                    Optional.of(group)));
  }

  /** In which this user is a member now. */
  private static Optional<Membership> membership(Rows rows, GroupId group) {
    return new GroupRows(rows)
        .find(group)
        .filter(GroupView::isOpen)
        .map(GroupView::membership)
        .filter(members -> members.isMember(Self.of(rows).user()));
  }

  private void say(
      String conversation,
      Function<Rows, Optional<Bytes>> audience,
      boolean isWriting,
      Optional<UserName> to,
      Optional<GroupId> group) {
    Optional<Said> before = Optional.ofNullable(said.get(conversation));
    long now = clock.millis();
    boolean isDue =
        isWriting
            ? before.filter(last -> now - last.at() < EVERY.toMillis()).isEmpty()
            : before.filter(Said::isWriting).isPresent();
    if (!isDue) {
      return;
    }
    Optional<Bytes> sealed =
        store.transaction(
            rows ->
                audience
                    .apply(rows)
                    .filter(those -> Sync.typing(rows))
                    .flatMap(those -> new TypingKeys(rows).next(conversation, those))
                    .map(own -> seal(Self.of(rows), conversation, own, isWriting)));
    if (sealed.isPresent()) {
      long at = isWriting ? now : before.get().at();
      said.put(conversation, new Said(at, isWriting));
      engine.request(
          (nonce, token) -> new TypingRequest(nonce, token, to, group, sealed.get()));
    }
  }

  private Bytes seal(Self self, String conversation, TypingKeys.Own own, boolean isWriting) {
    byte[] words = StrictJson.encode(new Words(VERSION, own.nr(), isWriting), Words.class);
    var place =
        new TypingPlace(
            self.serverHost(), conversation, self.user().value(), self.device().value());
    return Bytes.of(place.seal(own.key().toArray(), words, random));
  }

  /** What it says, if it says something that is new. */
  static Optional<ClientEvent.Typing> take(Rows rows, TypingPush push) {
    Self self = Self.of(rows);
    UserName from = push.fromUser();
    String conversation =
        push.group()
            .map(GroupId::value)
            .orElseGet(() -> Plaintext.conversation(self.user(), from));
    var keys = new TypingKeys(rows);
    Optional<TypingKeys.Heard> heard =
        keys.heardOf(conversation, push.fromDevice()).filter(known -> isThere(rows, self, push));
    if (heard.isEmpty()) {
      return Optional.empty();
    }
    var place =
        new TypingPlace(
            self.serverHost(), conversation, from.value(), push.fromDevice().value());
    try {
      byte[] words = place.open(heard.get().key().toArray(), push.sealed().toArray());
      Words read = StrictJson.decode(words, Words.class);
      return keys.heed(conversation, push.fromDevice(), heard.get(), read.nr())
          ? Optional.of(new ClientEvent.Typing(from, push.group(), read.typing()))
          : Optional.empty();
    } catch (RefusedException | JsonRefused e) {
      return Optional.empty();
    }
  }

  /** In that place, and somebody whom the user wants to hear. */
  private static boolean isThere(Rows rows, Self self, TypingPush push) {
    if (!Sync.typing(rows) || !new Standings(rows).accepts(push.fromUser())) {
      return false;
    }
    if (push.group().isPresent()) {
      return membership(rows, push.group().get())
          .filter(members -> members.isMember(push.fromUser(), push.fromDevice()))
          .isPresent();
    }
    return new People(rows, self.serverHost())
        .find(push.fromUser())
        .flatMap(person -> person.list().device(push.fromDevice()))
        .isPresent();
  }
}
