package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Prekey;
import chat.sotto.model.Prekey.Kind;
import chat.sotto.model.Statements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrekeysTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  @TempDir Path folder;
  private Party alice;
  private long signedId;
  private List<Long> oneTimeIds;

  @BeforeEach
  void makeParty() {
    alice = new Party("alice", folder);
    signedId = alice.registered.prekeys().get(0).id();
    oneTimeIds = ids(alice.registered.prekeys(), Kind.ONE_TIME);
  }

  @AfterEach
  void closeParty() {
    alice.close();
  }

  private static List<Long> ids(List<Prekey> prekeys, Kind kind) {
    return prekeys.stream().filter(prekey -> prekey.kind() == kind).map(Prekey::id).toList();
  }

  private <T> T with(Function<Prekeys, T> work) {
    return alice.store.transaction(
        rows -> work.apply(new Prekeys(rows, Self.of(rows), alice.random)));
  }

  private Optional<Prekeys.Offer> compare(long signed, List<Long> oneTime, long now) {
    return with(prekeys -> prekeys.compare(signed, oneTime, now));
  }

  private boolean has(Kind kind, long id) {
    return with(prekeys -> prekeys.find(kind.text(), id)).isPresent();
  }

  @Test
  void everyPrekeyIsSignedByTheDeviceAndHasAnIdOfItsOwn() {
    var seen = new HashSet<Long>();
    for (Prekey prekey : alice.registered.prekeys()) {
      assertTrue(seen.add(prekey.id()));
      assertTrue(
          Statements.verifyPrekey(
              alice.registered.deviceKey(), alice.user, alice.self().device(), prekey));
    }
    assertEquals(101, seen.size());
  }

  @Test
  void nothingIsDueWhileTheServerHasEnough() {
    assertEquals(Optional.empty(), compare(signedId, oneTimeIds, alice.now));
    assertEquals(
        Optional.empty(), compare(signedId, oneTimeIds.subList(0, 50), alice.now + DAY));
  }

  @Test
  void fewerThanHalfAreToppedUp() {
    List<Long> left = oneTimeIds.subList(0, 49);
    Prekeys.Offer offer = compare(signedId, left, alice.now).orElseThrow();
    assertFalse(offer.replace());
    assertEquals(51, offer.prekeys().size());
    assertTrue(ids(offer.prekeys(), Kind.SIGNED).isEmpty());
    offer.prekeys().forEach(prekey -> assertFalse(oneTimeIds.contains(prekey.id())));
  }

  @Test
  void signedPrekeyIsReplacedAfterAWeekAndItsKeyKeptForThirtyDays() {
    assertEquals(Optional.empty(), compare(signedId, oneTimeIds, alice.now + 7 * DAY));
    long replacedAt = alice.now + 7 * DAY + 1;
    Prekeys.Offer offer = compare(signedId, oneTimeIds, replacedAt).orElseThrow();
    assertEquals(1, offer.prekeys().size());
    assertEquals(Kind.SIGNED, offer.prekeys().get(0).kind());
    eraseOld(replacedAt + 30 * DAY);
    assertTrue(has(Kind.SIGNED, signedId));
    eraseOld(replacedAt + 30 * DAY + 1);
    assertFalse(has(Kind.SIGNED, signedId));
    assertTrue(has(Kind.SIGNED, offer.prekeys().get(0).id()));
  }

  private void eraseOld(long now) {
    with(
        prekeys -> {
          prekeys.eraseOld(now);
          return null;
        });
  }

  @Test
  void keysThatTheServerGaveAwayAreKeptForThirtyDays() {
    long given = oneTimeIds.get(99);
    compare(signedId, oneTimeIds.subList(0, 99), alice.now);
    eraseOld(alice.now + 30 * DAY);
    assertTrue(has(Kind.ONE_TIME, given));
    eraseOld(alice.now + 30 * DAY + 1);
    assertFalse(has(Kind.ONE_TIME, given));
    assertTrue(has(Kind.ONE_TIME, oneTimeIds.get(0)));
  }

  @Test
  void idsThatThisStoreDoesNotHoldReplaceTheWholeSet() {
    Prekeys.Offer offer =
        compare(signedId, List.of(oneTimeIds.get(0), 5_000L), alice.now).orElseThrow();
    assertTrue(offer.replace());
    assertEquals(101, offer.prekeys().size());
    offer.prekeys().forEach(prekey -> assertTrue(prekey.id() > 5_000));
    assertTrue(compare(4_711, oneTimeIds, alice.now).orElseThrow().replace());
  }
}
