package chat.sotto.crypto;

import static chat.sotto.crypto.GroupScript.invite;
import static chat.sotto.crypto.GroupScript.remove;
import static chat.sotto.crypto.GroupScript.user;

import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.RosterRow;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Vectors of what proposals, confirmations and posts may do, and how a newcomer begins. */
final class GroupAnswerVectors extends GroupRuleCases {
  GroupAnswerVectors(ObjectNode file) {
    super(file);
  }

  void addAll() {
    proposals();
    pending();
    confirmations();
    posts();
    joining();
  }

  private void proposals() {
    refuse(
        "a stranger leaves",
        GroupRefusal.NOT_MEMBER,
        three(),
        "dave",
        proposal(new GroupProposal.Leave()));
    refuse(
        "somebody invited leaves",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "carol",
        proposal(new GroupProposal.Leave()));
    refuse(
        "a member declines",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "bob",
        proposal(new GroupProposal.Decline()));
    refuse(
        "the last admin leaves",
        GroupRefusal.LAST_ADMIN,
        three(),
        "alice",
        proposal(new GroupProposal.Leave()));
    refuse(
        "a device list that is there",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "bob",
        proposal(new GroupProposal.Devices(GroupScript.list("bob"))));
    refuse(
        "a device list of somebody else",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "bob",
        proposal(new GroupProposal.Devices(GroupScript.nextList("carol"))));
    refuse(
        "a device list with somebody else's device",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "bob",
        proposal(new GroupProposal.Devices(GroupScript.nextList("bob", "alice"))));
    GroupScript left = threeAnd("bob", proposal(new GroupProposal.Leave()));
    refuse(
        "leaving twice", GroupRefusal.NOT_MEMBER, left, "bob", proposal(new GroupProposal.Leave()));
    GroupScript asked = threeAnd("carol", proposal(new GroupProposal.Rekey()));
    refuse(
        "one device asks twice for keys",
        GroupRefusal.GROUP_REFUSED,
        asked,
        "carol",
        proposal(new GroupProposal.Rekey()));
    var alone = new GroupScript("alone");
    alone.create();
    alone.append("alice", alone.proposal(new GroupProposal.Leave()));
    hold(alone);
    refuse("a commit after everybody left", GroupRefusal.NOT_MEMBER, alone, "alice", change());
  }

  private void pending() {
    GroupScript left = threeAnd("bob", proposal(new GroupProposal.Leave()));
    refuse("who left commits", GroupRefusal.NOT_MEMBER, left, "bob", change());
    refuse(
        "who left posts", GroupRefusal.NOT_MEMBER, left, "bob", script -> script.post(1));
    refuse(
        "a post while a leave is pending",
        GroupRefusal.EPOCH_PENDING,
        left,
        "alice",
        script -> script.post(1));
    refuse(
        "a commit that leaves a leave pending",
        GroupRefusal.EPOCH_PENDING,
        left,
        "alice",
        change(invite("dave")));
    refuse(
        "a role for who left",
        GroupRefusal.GROUP_REFUSED,
        left,
        "alice",
        change(role("bob", GroupRole.ADMIN)));
    left.append("alice", left.change(new GroupOp.Leave(user("bob"))));
    hold(left);
    GroupScript asked = threeAnd("bob", proposal(new GroupProposal.Rekey()));
    refuse(
        "a commit without the keys asked for",
        GroupRefusal.EPOCH_PENDING,
        asked,
        "alice",
        change());
    GroupScript reset = threeAnd("bob", proposal(new GroupProposal.Rekey()));
    reset.append("alice", reset.commit(Kind.RESET));
    hold(reset);
    GroupScript removed = threeAnd("bob", proposal(new GroupProposal.Leave()));
    removed.append("alice", removed.change(remove("bob")));
    hold(removed);
  }

  private void confirmations() {
    Part confirm = script -> script.confirm("alice");
    refuse("a stranger confirms", GroupRefusal.NOT_MEMBER, three(), "dave", confirm);
    refuse("a member confirms", GroupRefusal.GROUP_REFUSED, three(), "bob", confirm);
    refuse(
        "another inviter",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "carol",
        script -> script.confirm("bob"));
    GroupScript declined = threeAnd("carol", proposal(new GroupProposal.Decline()));
    refuse("who declined confirms", GroupRefusal.NOT_MEMBER, declined, "carol", confirm);
    hold(threeAnd("carol", confirm));
    hold(threeAnd("carol", script -> script.confirm("alice")));
  }

  private void posts() {
    refuse(
        "a stranger posts",
        GroupRefusal.NOT_MEMBER,
        three(),
        "dave",
        script -> script.post(1));
    refuse(
        "somebody invited posts",
        GroupRefusal.NOT_MEMBER,
        three(),
        "carol",
        script -> script.post(1));
    refuse(
        "a post of the epoch before",
        GroupRefusal.EPOCH_STALE,
        threeAnd("alice", change()),
        "bob",
        script -> post(script, 1, script.head));
    refuse(
        "a post on a head before the epoch",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "bob",
        script -> post(script, 1, script.entries.get(0).point()));
    refuse(
        "a post on a head to come",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "bob",
        script -> post(script, 1, new Point(4, script.draw(32))));
  }

  private static GroupContent post(GroupScript script, long epoch, Point head) {
    return new GroupContent.Post(
        epoch, 1, head, script.draw(32), GroupStatements.unsigned());
  }

  private void joining() {
    GroupScript script = threeAnd("alice", change(invite("dave")));
    GroupEntry invitation = script.entries.get(3);
    List<RosterRow> rows = script.membership.roster();
    ObjectNode good = joining(VectorFiles.valid(file), invitation, rows);
    Membership joined = join(invitation, rows);
    GroupScript.putState(good, joined);
    refuseJoining("a row left out", GroupRefusal.GROUP_REFUSED, invitation, without(rows, "bob"));
    refuseJoining(
        "a roster without the committer",
        GroupRefusal.NOT_MEMBER,
        invitation,
        without(rows, "alice"));
    var ghost = new ArrayList<>(rows);
    ghost.add(new RosterRow(GroupRole.MEMBER, GroupScript.list("mallory")));
    refuseJoining("a ghost member", GroupRefusal.GROUP_REFUSED, invitation, ghost);
    var raised = new ArrayList<>(without(rows, "bob"));
    raised.add(new RosterRow(GroupRole.ADMIN, GroupScript.list("bob")));
    refuseJoining("another role", GroupRefusal.GROUP_REFUSED, invitation, raised);
  }

  private static List<RosterRow> without(List<RosterRow> rows, String user) {
    return rows.stream().filter(row -> !row.user().value().equals(user)).toList();
  }

  private static ObjectNode joining(
      ObjectNode node, GroupEntry invitation, List<RosterRow> rows) {
    node.put("kind", "joining").put("group", GROUP);
    node.set("entry", GroupScript.json(invitation));
    GroupScript.putRows(node, rows);
    return node;
  }

  private static Membership join(GroupEntry invitation, List<RosterRow> rows) {
    try {
      return Membership.joining(
          GroupScript.GROUP,
          Membership.Place.of(invitation),
          (Commit) invitation.content(),
          rows);
    } catch (GroupRefusedException e) {
      throw new AssertionError(e.refusal().name());
    }
  }

  private void refuseJoining(
      String why, GroupRefusal code, GroupEntry invitation, List<RosterRow> rows) {
    joining(VectorFiles.refused(file, why), invitation, rows).put("code", text(code));
    requireRefused(
        why,
        code,
        () ->
            Membership.joining(
                GroupScript.GROUP,
                Membership.Place.of(invitation),
                (Commit) invitation.content(),
                rows));
  }
}
