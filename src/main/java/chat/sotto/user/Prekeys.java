package chat.sotto.user;

import chat.sotto.model.Prekey;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * The prekeys of one device (docs/protocol.md §4.2). A one-time prekey moves from {@code oneTime}
 * to {@code given} and never back: that is what makes it one-time.
 *
 * @param oneTime not yet given, by id
 * @param given who got which within the last day; the oldest are forgotten with the next gift
 */
public record Prekeys(
    Optional<HeldPrekey> signed,
    PSortedMap<Long, HeldPrekey> oneTime,
    PMap<DeviceAddress, Given> given) {
  public static final int ONE_TIME_MAX = 100;

  private static final long SAME_AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final long NEXT_AFTER_MILLIS = Duration.ofDays(1).toMillis();

  static final Prekeys NONE =
      new Prekeys(Optional.empty(), TreePMap.empty(), HashTreePMap.empty());

  /** A gift, and when it was made. */
  public record Given(long time, HeldPrekey prekey) {
    /** Its asker asks again because no answer came. */
    boolean isSameAgain(long now) {
      return now - time < SAME_AGAIN_MILLIS;
    }
  }

  @JsonCreator
  static Prekeys restore(
      @JsonProperty("signed") Optional<HeldPrekey> signed,
      @JsonProperty("oneTime") Map<Long, HeldPrekey> oneTime,
      @JsonProperty("given") Map<DeviceAddress, Given> given) {
    return new Prekeys(signed, TreePMap.from(oneTime), HashTreePMap.from(given));
  }

  /**
   * What a put would change: these without those given away and, unless the held ones are dropped
   * first, without those held. So a put that is repeated changes nothing and brings nothing back.
   */
  List<PrekeyStatement> news(boolean replace, List<PrekeyStatement> statements) {
    Set<HeldPrekey> known = new HashSet<>(gifts());
    if (!replace) {
      known.addAll(oneTime.values());
      signed.ifPresent(known::add);
    }
    return statements.stream().filter(one -> !known.contains(HeldPrekey.of(one))).toList();
  }

  /** No id that is known stands for another key, and no more are held than may be. */
  boolean canPut(boolean replace, List<PrekeyStatement> statements) {
    Set<HeldPrekey> known = all();
    statements.stream().map(HeldPrekey::of).forEach(known::add);
    boolean idsAreNew = known.stream().map(HeldPrekey::id).distinct().count() == known.size();
    return idsAreNew && put(replace, news(replace, statements)).oneTime.size() <= ONE_TIME_MAX;
  }

  Prekeys put(boolean replace, List<PrekeyStatement> statements) {
    Optional<HeldPrekey> nowSigned = signed;
    PSortedMap<Long, HeldPrekey> nowOneTime = replace ? TreePMap.empty() : oneTime;
    for (PrekeyStatement statement : statements) {
      HeldPrekey prekey = HeldPrekey.of(statement);
      if (prekey.kind() == Prekey.Kind.SIGNED) {
        nowSigned = Optional.of(prekey);
      } else {
        nowOneTime = nowOneTime.plus(prekey.id(), prekey);
      }
    }
    return new Prekeys(nowSigned, nowOneTime, given);
  }

  /** These without one-time prekeys, given or not. */
  Prekeys signedOnly() {
    return new Prekeys(signed, TreePMap.empty(), HashTreePMap.empty());
  }

  /** What this asker has lately got; it gets the same again, or the signed one alone. */
  Optional<Given> lately(DeviceAddress asker, long now) {
    return Optional.ofNullable(given.get(asker))
        .filter(gift -> now - gift.time() < NEXT_AFTER_MILLIS);
  }

  /** The one-time prekey to be given next. */
  Optional<HeldPrekey> next() {
    return oneTime.values().stream().findFirst();
  }

  /** @throws IllegalStateException if it is not there to be given */
  Prekeys give(DeviceAddress asker, long id, long time) {
    HeldPrekey prekey = oneTime.get(id);
    if (prekey == null) {
      throw new IllegalStateException("one-time prekey " + id + " is not held");
    }
    PMap<DeviceAddress, Given> kept = given;
    for (Map.Entry<DeviceAddress, Given> gift : given.entrySet()) {
      if (time - gift.getValue().time() >= NEXT_AFTER_MILLIS) {
        kept = kept.minus(gift.getKey());
      }
    }
    return new Prekeys(
        signed, oneTime.minus(id), kept.plus(asker, new Given(time, prekey)));
  }

  /** All whose bodies are needed. */
  Set<HeldPrekey> all() {
    Set<HeldPrekey> all = new HashSet<>(oneTime.values());
    all.addAll(gifts());
    signed.ifPresent(all::add);
    return all;
  }

  private List<HeldPrekey> gifts() {
    return given.values().stream().map(Given::prekey).toList();
  }
}
