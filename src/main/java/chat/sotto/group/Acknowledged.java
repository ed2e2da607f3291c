package chat.sotto.group;

import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far people have come, as far as they told, and which posts nobody needs any more therefore.
 * Pieces are not dropped here: each goes when its own device has acknowledged it. Lost with the
 * entity; what is not deleted for that goes when its time has come.
 */
final class Acknowledged {
  private final Map<UserName, Long> cursors = new HashMap<>();
  private long passed;

  /**
   * Posts that all members have passed by now are looked at once. One that somebody who is out may
   * still have to fetch stays until it expires: that person may never come.
   *
   * @return bodies that nobody needs any more
   */
  List<String> add(GroupState state, UserName user, long sequenceNr) {
    if (state.stretches().of(user).isEmpty()) {
      return List.of();
    }
    cursors.merge(user, sequenceNr, Math::max);
    long lowest = lowest(state.membership());
    List<String> unneeded =
        state.recent(passed, lowest).stream()
            .filter(one -> one.postBody().isPresent())
            .filter(one -> allHave(state, one.sequenceNr()))
            .map(one -> one.postBody().orElseThrow())
            .toList();
    passed = Math.max(passed, lowest);
    return unneeded;
  }

  private long lowest(Membership membership) {
    return membership.rows().keySet().stream()
        .filter(membership::isMember)
        .mapToLong(this::cursor)
        .min()
        .orElse(0);
  }

  private boolean allHave(GroupState state, long sequenceNr) {
    return state.stretches().readers(sequenceNr).allMatch(user -> cursor(user) >= sequenceNr);
  }

  private long cursor(UserName user) {
    return cursors.getOrDefault(user, 0L);
  }
}
