package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who was in a group at a moment, and who put them there. */
final class GroupMembers implements Watcher {
  private final GroupId group;
  private final Instant at;
  private final Map<UserName, Way> ways = new HashMap<>();
  private GroupState then;

  GroupMembers(GroupId group, Instant at) {
    this.group = group;
    this.at = at;
    this.then = GroupState.empty(group);
  }

  /** A change of the log: when, by whom, in which entry. */
  record Change(Instant time, UserName by, long sequenceNr) {
    static Change of(GroupEvent.Signed event) {
      return new Change(Moment.of(event.time()), event.user(), event.sequenceNr());
    }
  }

  /**
   * The group as a whole.
   *
   * @param entries of its log until then
   * @param epoch −1 if it was not made yet
   */
  @JsonTypeName("group")
  record Then(GroupId group, Instant at, long entries, long epoch, long members, long invited)
      implements Answer {
    @Override
    public String text() {
      if (epoch < 0) {
        return "Group %s did not exist at %s.".formatted(group, Moment.words(at));
      }
      return "Group %s at %s UTC: %d %s, %d invited (log entry %d, epoch %d)."
          .formatted(
              group,
              Moment.words(at),
              members,
              members == 1 ? "member" : "members",
              invited,
              entries,
              epoch);
    }
  }

  /**
   * Somebody in the group.
   *
   * @param since when the person founded it, accepted, or, while only invited, was invited
   * @param put who founded or invited, and in which entry
   * @param role given later by somebody
   * @param leaving the person has left, and the group waits for the commit that says so
   */
  @JsonTypeName("member")
  record Member(
      UserName user,
      GroupRole role,
      int devices,
      Change since,
      Change put,
      Optional<Change> roleGiven,
      Optional<Change> leaving)
      implements Answer {
    @Override
    public String text() {
      var text = new StringBuilder("%-16s %-7s".formatted(user, role.text()));
      text.append(" since ").append(Moment.words(since.time()));
      if (put.by().equals(user)) {
        text.append(", founded the group (entry %d)".formatted(put.sequenceNr()));
      } else {
        text.append(", invited by %s (entry %d)".formatted(put.by(), put.sequenceNr()));
        if (since.sequenceNr() != put.sequenceNr()) {
          text.append(", accepted (entry %d)".formatted(since.sequenceNr()));
        }
      }
      roleGiven.ifPresent(
          change ->
              text.append(
                  ", made %s by %s at %s (entry %d)"
                      .formatted(
                          role.text(),
                          change.by(),
                          Moment.words(change.time()),
                          change.sequenceNr())));
      leaving.ifPresent(
          change ->
              text.append(
                  ", has left at %s (entry %d)"
                      .formatted(Moment.words(change.time()), change.sequenceNr())));
      return text.toString();
    }
  }

  /** How somebody came to what it is. */
  private record Way(
      Change put, Change since, Optional<Change> roleGiven, Optional<Change> leaving) {
    static Way from(Change put) {
      return new Way(put, put, Optional.empty(), Optional.empty());
    }
  }

  @Override
  public void saw(GroupId seen, StoredEntry entry, GroupEvent event, GroupState after) {
    if (Moment.of(event.time()).isAfter(at)) {
      return;
    }
    then = after;
    if (event instanceof GroupEvent.Signed signed) {
      follow(signed, Change.of(signed));
    }
  }

  private void follow(GroupEvent.Signed event, Change change) {
    if (event instanceof GroupEvent.Committed committed) {
      committed.content().ops().forEach(op -> follow(op, change));
    } else if (event instanceof GroupEvent.Confirmed) {
      ways.computeIfPresent(
          event.user(), (user, way) -> new Way(way.put(), change, way.roleGiven(), way.leaving()));
    } else if (event.content() instanceof GroupContent.Proposal proposal
        && (proposal.op() instanceof GroupProposal.Leave
            || proposal.op() instanceof GroupProposal.Decline)) {
      ways.computeIfPresent(
          event.user(),
          (user, way) -> new Way(way.put(), way.since(), way.roleGiven(), Optional.of(change)));
    }
  }

  private void follow(GroupOp op, Change change) {
    if (op instanceof GroupOp.Found || op instanceof GroupOp.Invite) {
      ways.put(op.user(), Way.from(change));
    } else if (op instanceof GroupOp.ChangeRole) {
      ways.computeIfPresent(
          op.user(),
          (user, way) -> new Way(way.put(), way.since(), Optional.of(change), way.leaving()));
    }
  }

  /** The group, then its people by name. */
  List<Answer> answers() {
    var answers = new ArrayList<Answer>();
    Map<UserName, Membership.Row> rows = then.membership().rows();
    long members = rows.values().stream().filter(row -> row.role().isMember()).count();
    answers.add(
        new Then(
            group,
            at,
            then.head().sequenceNr(),
            then.membership().epoch(),
            members,
            rows.size() - members));
    rows.forEach((user, row) -> answers.add(member(user, row)));
    return answers;
  }

  private Member member(UserName user, Membership.Row row) {
    Way way = ways.get(user);
    return new Member(
        user,
        row.role(),
        row.deviceList().devices().size(),
        way.since(),
        way.put(),
        way.roleGiven(),
        way.leaving());
  }
}
