package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What changed how one message is shown (docs/protocol.md §7.7). The order in which changes come
 * does not matter, nor whether one comes twice; a delete is final and forgets the others.
 *
 * @param reactions the one of each user that counts, also if it takes the reaction back
 */
record Changes(Optional<Edited> edit, List<Reacted> reactions, boolean deleted) {
  static final Changes NONE = new Changes(Optional.empty(), List.of(), false);
  private static final Changes DELETED = new Changes(Optional.empty(), List.of(), true);

  /** Of two, the one with the higher number counts; of one number, the one with the higher id. */
  private interface Numbered {
    Comparator<Numbered> ORDER =
        Comparator.comparingLong(Numbered::nr).thenComparing(Numbered::id);

    long nr();

    Bytes id();
  }

  record Edited(long nr, Bytes id, String text) implements Numbered {
    @Override
    public String toString() {
      return "Edited[nr=" + nr + "]";
    }
  }

  record Reacted(UserName user, long nr, Bytes id, Optional<String> emoji) implements Numbered {
    @Override
    public String toString() {
      return "Reacted[nr=" + nr + "]";
    }
  }

  Changes {
    reactions = List.copyOf(reactions);
  }

  /** @param id of the message that brings it */
  Changes with(Bytes id, Content.Edit change) {
    var next = new Edited(change.nr(), id, change.text());
    boolean counts = edit.filter(known -> Numbered.ORDER.compare(known, next) >= 0).isEmpty();
    return deleted || !counts ? this : new Changes(Optional.of(next), reactions, false);
  }

  Changes with(UserName by, Bytes id, Content.Reaction change) {
    var next = new Reacted(by, change.nr(), id, change.emoji());
    Optional<Reacted> known = of(by);
    if (deleted || known.filter(one -> Numbered.ORDER.compare(one, next) >= 0).isPresent()) {
      return this;
    }
    var all = new ArrayList<Reacted>(reactions);
    known.ifPresent(all::remove);
    all.add(next);
    return new Changes(edit, all, false);
  }

  Changes withDelete() {
    return DELETED;
  }

  private Optional<Reacted> of(UserName user) {
    return reactions.stream().filter(one -> one.user.equals(user)).findFirst();
  }

  /** The number that an edit has to have to count. */
  long nextEdit() {
    return next(edit.map(Edited::nr));
  }

  long nextReaction(UserName by) {
    return next(of(by).map(Reacted::nr));
  }

  private static long next(Optional<Long> nr) {
    return Math.min(Content.NR_MAX, nr.orElse(0L) + 1);
  }

  /** Each user's emoji. */
  SortedMap<UserName, String> shown() {
    var shown = new TreeMap<UserName, String>();
    reactions.forEach(one -> one.emoji.ifPresent(emoji -> shown.put(one.user, emoji)));
    return shown;
  }
}
