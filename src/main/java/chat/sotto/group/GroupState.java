package chat.sotto.group;

import chat.sotto.journal.EntityState;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Generations;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What follows from a group's events: pure, immutable, and of a size that grows with the people who
 * ever were in it, never with its entries. The server and an auditor derive it alike; each judges
 * every entry anew.
 *
 * @param chain over the journal's entries
 * @param head of the log; its number is that of the last event
 * @param counters of each device's posts in this epoch
 * @param recent the newest entries, oldest first
 * @param generations of the log
 */
public record GroupState(
    GroupId group,
    HashChain chain,
    long time,
    Point head,
    Membership membership,
    PMap<DeviceId, Long> counters,
    PVector<Recent> recent,
    Stretches stretches,
    Generations generations)
    implements EntityState<GroupEvent, GroupState> {
  /** Entries that are remembered. An older one is neither known as repeated nor taken as a head. */
  public static final int RECENT_MAX = 256;

  /** Together with the group's id it names the journal's entity. */
  static final String ENTITY_TYPE = "Group";

  public static GroupState empty(GroupId group) {
    return new GroupState(
        group,
        HashChain.start(entity(group)),
        0,
        GroupStatements.start(group),
        Membership.of(group),
        HashTreePMap.empty(),
        TreePVector.empty(),
        Stretches.NONE,
        Generations.ONE);
  }

  @JsonCreator
  static GroupState restore(
      @JsonProperty("group") GroupId group,
      @JsonProperty("chain") HashChain chain,
      @JsonProperty("time") long time,
      @JsonProperty("head") Point head,
      @JsonProperty("membership") Membership membership,
      @JsonProperty("counters") Map<DeviceId, Long> counters,
      @JsonProperty("recent") List<Recent> recent,
      @JsonProperty("stretches") Stretches stretches,
      @JsonProperty("generations") Generations generations) {
    return new GroupState(
        group,
        chain,
        time,
        head,
        membership,
        HashTreePMap.from(counters),
        TreePVector.from(recent),
        stretches,
        generations);
  }

  /** The name under which the journal keeps a group's events. */
  public static String entity(GroupId group) {
    return ENTITY_TYPE + "|" + group;
  }

  @Override
  public GroupState apply(JournalEntry entry) {
    return apply(entry, GroupEvent.CODEC.decode(entry.event()));
  }

  @Override
  public GroupState apply(JournalEntry entry, GroupEvent event) {
    require(event.time() > time, "the event is not later than the one before");
    HashChain chained = chain.append(entry);
    require(event.sequenceNr() == chained.sequenceNr(), "the entry has another number");
    return event instanceof GroupEvent.Signed signed
        ? after(chained, signed)
        : after(chained, (GroupEvent.Restored) event);
  }

  private GroupState after(HashChain chained, GroupEvent.Signed event) {
    GroupEntry logged = event.entry();
    require(
        logged.hash().equals(GroupStatements.entryHash(head.hash(), group, logged)),
        "the entry does not follow the log's head");
    Membership after = judged(logged);
    Stretches continued = stretches.after(event);
    return new GroupState(
        group,
        chained,
        event.time(),
        logged.point(),
        after,
        countersAfter(event),
        remember(event),
        after.isClosed() ? continued.endAll(logged.sequenceNr()) : continued,
        generations);
  }

  private GroupState after(HashChain chained, GroupEvent.Restored event) {
    require(!isEmpty(), "nothing of the group was in the copy");
    Restored entry = event.entry(group);
    require(
        generations.canGoOnWith(entry, head), "the entry does not follow the log's head");
    return new GroupState(
        group,
        chained,
        event.time(),
        entry.point(),
        membership.restored(entry.sequenceNr()),
        counters,
        remember(event),
        stretches,
        generations.goOnWith(entry));
  }

  private Membership judged(GroupEntry entry) {
    try {
      return membershipAfter(Membership.Place.of(entry), entry.content());
    } catch (GroupRefusedException e) {
      throw new IllegalStateException("the entry breaks a rule: " + e.refusal(), e);
    }
  }

  private PMap<DeviceId, Long> countersAfter(GroupEvent.Signed event) {
    if (event instanceof GroupEvent.Committed) {
      return HashTreePMap.empty();
    } else if (event instanceof GroupEvent.Posted posted) {
      require(
          posted.content().counter() == expectedCounter(posted.device()),
          "the post is not the device's next one");
      return counters.plus(posted.device(), posted.content().counter());
    }
    return counters;
  }

  private PVector<Recent> remember(GroupEvent event) {
    PVector<Recent> kept = recent.size() < RECENT_MAX ? recent : recent.minus(0);
    return kept.plus(Recent.of(group, event));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  // What a handler asks before it decides

  @JsonIgnore
  boolean isEmpty() {
    return chain.isEmpty();
  }

  /**
   * The membership after an entry there.
   *
   * @throws GroupRefusedException if a rule forbids it; a post's counter is looked at elsewhere
   */
  Membership membershipAfter(Membership.Place place, GroupContent content)
      throws GroupRefusedException {
    Membership after = membership;
    if (content instanceof GroupContent.Commit commit) {
      after = membership.commit(place, commit);
    } else if (content instanceof GroupContent.Proposal proposal) {
      after = membership.propose(place, proposal);
    } else if (content instanceof GroupContent.Confirm confirm) {
      after = membership.confirm(place, confirm);
    } else if (content instanceof GroupContent.Post post) {
      membership.post(place, post);
    }
    requireHead(content.head());
    return after;
  }

  /**
   * What a device signed to have seen is what there is. A head that is too old to be known is not
   * taken: with a hash of its own making, a member could make all others see a fork.
   */
  private void requireHead(Point claimed) throws GroupRefusedException {
    long oldest = head.sequenceNr() - Math.max(recent.size() - 1, 0);
    if (claimed.sequenceNr() < oldest) {
      throw new GroupRefusedException(GroupRefusal.EPOCH_STALE);
    }
    if (!hashAt(claimed.sequenceNr()).equals(Optional.of(claimed.hash()))) {
      throw new GroupRefusedException(GroupRefusal.GROUP_REFUSED);
    }
  }

  private Optional<Bytes> hashAt(long sequenceNr) {
    if (sequenceNr == head.sequenceNr()) {
      return Optional.of(head.hash());
    }
    long index = sequenceNr - head.sequenceNr() + recent.size() - 1;
    return index >= 0 && index < recent.size()
        ? Optional.of(recent.get((int) index).hash())
        : Optional.empty();
  }

  /** The counter that the device's next post must have. */
  long expectedCounter(DeviceId device) {
    return counters.getOrDefault(device, 0L) + 1;
  }

  /** The entry, if this very content was taken lately. */
  Optional<Recent> repeated(GroupStatements.Signer signer, GroupContent content) {
    List<Recent> sameId =
        recent.stream().filter(one -> one.messageId().equals(signer.messageId())).toList();
    if (sameId.isEmpty()) {
      return Optional.empty();
    }
    // Once: anybody may use one id for all entries, and a content may be long.
    Bytes sent = Recent.sent(signer, content);
    return sameId.stream().filter(one -> one.sent().equals(sent)).findFirst();
  }

  /** Those of the newest entries that stand between, {@code after < number <= upTo}. */
  List<Recent> recent(long after, long upTo) {
    long first = head.sequenceNr() - recent.size() + 1;
    int from = (int) Math.max(after + 1 - first, 0);
    int to = (int) Math.min(upTo + 1 - first, recent.size());
    return from < to ? recent.subList(from, to) : List.of();
  }

  /** The entry that follows the head, chained to it. */
  GroupEntry next(
      long time,
      GroupStatements.Signer signer,
      GroupContent content,
      Optional<Bytes> seed) {
    var unchained =
        new GroupEntry(
            head.sequenceNr() + 1,
            time,
            signer.user(),
            signer.device(),
            signer.messageId(),
            content,
            seed,
            head.hash());
    return unchained.with(GroupStatements.entryHash(head.hash(), group, unchained));
  }

  /** Whether what comes next is the user's too. */
  boolean isOpen(UserName user) {
    return stretches.isOpen(user);
  }

  /** Whether the device is in the roster, or was when its user went. */
  boolean hasDevice(UserName user, DeviceId device) {
    return stretches.devices(user).containsKey(device);
  }

  /** Of a user who is only invited. */
  Optional<UserName> inviter(UserName user) {
    return membership
        .row(user)
        .flatMap(Membership.Row::invitation)
        .map(Membership.Invitation::inviter);
  }

  /** Whether a list of the user's devices was proposed, and no commit has settled that. */
  boolean isListPending(UserName user) {
    return membership.pending().stream()
        .filter(one -> one.user().equals(user))
        .anyMatch(one -> one.op() instanceof GroupProposal.Devices);
  }
}
