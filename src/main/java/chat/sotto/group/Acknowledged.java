package chat.sotto.group;

import chat.sotto.model.Membership;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How far people have come, as far as they told, and what nobody needs any more therefore: posts
 * that every member has, pieces that everybody in the roster has. Lost with the entity; what is not
 * deleted for that goes when its time has come.
 */
final class Acknowledged {
  private final Map<UserName, Long> cursors = new HashMap<>();
  private long postsGone;
  private long piecesGone;

  /** @return bodies that nobody needs any more */
  List<String> add(GroupState state, UserName user, long sequenceNr) {
    Membership membership = state.membership();
    cursors.merge(user, sequenceNr, Math::max);
    cursors.keySet().retainAll(membership.rows().keySet());
    long posts = lowest(membership, membership::isMember);
    long pieces = lowest(membership, anybody -> true);
    var unneeded = new ArrayList<String>();
    state.recent(postsGone, posts).forEach(one -> one.postBody().ifPresent(unneeded::add));
    state
        .recent(piecesGone, pieces)
        .forEach(
            one -> one.attempt().ifPresent(attempt -> unneeded.addAll(pieces(state, attempt))));
    postsGone = Math.max(postsGone, posts);
    piecesGone = Math.max(piecesGone, pieces);
    return unneeded;
  }

  private long lowest(Membership membership, Predicate<UserName> whose) {
    return membership.rows().keySet().stream()
        .filter(whose)
        .mapToLong(user -> cursors.getOrDefault(user, 0L))
        .min()
        .orElse(0);
  }

  private static Collection<String> pieces(GroupState state, String attempt) {
    return state.membership().roster().stream()
        .map(RosterRow::deviceList)
        .flatMap(list -> list.devices().stream())
        .map(device -> BodyIds.piece(state.group(), attempt, device.id()))
        .toList();
  }
}
