package chat.sotto.crypto;

import static chat.sotto.crypto.GroupScript.invite;
import static chat.sotto.crypto.GroupScript.remove;
import static chat.sotto.crypto.GroupScript.user;

import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Vectors of what a commit may do. */
final class GroupRuleVectors extends GroupRuleCases {
  private static final long DAYS_14 = 14 * 24 * 3_600_000L;

  GroupRuleVectors(ObjectNode file) {
    super(file);
  }

  void addAll() {
    making();
    heads();
    rights();
    ops();
    limits();
  }

  private void making() {
    var empty = new GroupScript("empty");
    Part create = script -> script.commit(Kind.CREATE, found("alice"));
    refuse("a group made by a change", GroupRefusal.NOT_MEMBER, empty, "alice", change());
    refuse(
        "a group founded for somebody else", GroupRefusal.GROUP_REFUSED, empty, "bob", create);
    refuse(
        "a group made with an invitation",
        GroupRefusal.GROUP_REFUSED,
        empty,
        "alice",
        script -> script.commit(Kind.CREATE, found("alice"), invite("bob")));
    refuse(
        "a group made of nobody",
        GroupRefusal.GROUP_REFUSED,
        empty,
        "alice",
        script -> script.commit(Kind.CREATE));
    refuse("a group made twice", GroupRefusal.GROUP_REFUSED, three(), "alice", create);
    refuse(
        "founding in a change",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "alice",
        change(found("dave")));
    refuse(
        "a reset that founds",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "alice",
        script -> script.commit(Kind.RESET, found("dave")));
  }

  private void heads() {
    refuse(
        "an epoch left out",
        GroupRefusal.EPOCH_STALE,
        three(),
        "alice",
        script -> with(script.change(), script.membership.epoch() + 2, script.head));
    refuse(
        "an epoch that there is",
        GroupRefusal.EPOCH_STALE,
        three(),
        "alice",
        script -> with(script.change(), script.membership.epoch(), script.head));
    Function<GroupScript, Point> older = script -> script.entries.get(1).point();
    refuse(
        "a commit that has not seen the confirmation",
        GroupRefusal.EPOCH_STALE,
        three(),
        "alice",
        script -> with(script.change(), script.membership.epoch() + 1, older.apply(script)));
    refuse(
        "a proposal that has not seen the confirmation",
        GroupRefusal.EPOCH_STALE,
        three(),
        "bob",
        script ->
            new GroupContent.Proposal(
                new GroupProposal.Leave(), older.apply(script), GroupStatements.unsigned()));
    refuse(
        "a confirmation that has not seen another",
        GroupRefusal.EPOCH_STALE,
        three(),
        "carol",
        script ->
            new GroupContent.Confirm(
                1,
                older.apply(script),
                user("alice"),
                script.draw(60),
                GroupStatements.unsigned()));
    refuse(
        "a confirmation of another epoch",
        GroupRefusal.EPOCH_STALE,
        three(),
        "carol",
        script ->
            new GroupContent.Confirm(
                0, script.head, user("alice"), script.draw(60), GroupStatements.unsigned()));
    GroupScript posted = threeAnd("bob", script -> script.post(1));
    Point beforePost = posted.entries.get(2).point();
    posted.append("alice", with(posted.change(), posted.membership.epoch() + 1, beforePost));
    hold(posted);
  }

  private static Commit with(Commit commit, long epoch, Point head) {
    return new Commit(
        epoch, commit.kind(), commit.ops(), commit.rosterHash(), head, commit.check(),
        commit.joinCheck(), commit.infoDigest(), commit.signature());
  }

  private void rights() {
    refuse("a stranger commits", GroupRefusal.NOT_MEMBER, three(), "dave", change());
    refuse("somebody invited commits", GroupRefusal.NOT_MEMBER, three(), "carol", change());
    refuse(
        "a member invites", GroupRefusal.NOT_ADMIN, three(), "bob", change(invite("dave")));
    refuse("a member removes", GroupRefusal.NOT_ADMIN, three(), "bob", change(remove("carol")));
    refuse(
        "a member makes itself admin",
        GroupRefusal.NOT_ADMIN,
        three(),
        "bob",
        change(role("bob", GroupRole.ADMIN)));
    refuse(
        "the removed commit",
        GroupRefusal.NOT_MEMBER,
        threeAnd("alice", change(remove("bob"))),
        "bob",
        change());
    refuse(
        "another roster hash",
        GroupRefusal.GROUP_REFUSED,
        three(),
        "alice",
        script -> {
          Commit commit = script.change();
          return new Commit(
              commit.epoch(), commit.kind(), commit.ops(), script.draw(32), commit.head(),
              commit.check(), commit.joinCheck(), commit.infoDigest(), commit.signature());
        });
  }

  private void ops() {
    GroupRefusal refused = GroupRefusal.GROUP_REFUSED;
    GroupRefusal already = GroupRefusal.ALREADY_MEMBER;
    refuse("a member is invited", already, three(), "alice", change(invite("bob")));
    refuse("somebody is invited again", already, three(), "alice", change(invite("carol")));
    refuse("a stranger is removed", refused, three(), "alice", change(remove("dave")));
    refuse("an admin removes itself", refused, three(), "alice", change(remove("alice")));
    refuse(
        "a role for a stranger",
        refused,
        three(),
        "alice",
        change(role("dave", GroupRole.ADMIN)));
    refuse(
        "a role for somebody invited",
        refused,
        three(),
        "alice",
        change(role("carol", GroupRole.ADMIN)));
    refuse(
        "the role that bob has", refused, three(), "alice", change(role("bob", GroupRole.MEMBER)));
    refuse(
        "one user in two ops",
        refused,
        three(),
        "alice",
        change(remove("carol"), invite("carol")));
    refuse(
        "a leave that nobody proposed",
        refused,
        three(),
        "alice",
        change(new GroupOp.Leave(user("bob"))));
    refuse(
        "a decline that nobody proposed",
        refused,
        three(),
        "alice",
        change(new GroupOp.Decline(user("carol"))));
    refuse(
        "the same device list",
        refused,
        three(),
        "alice",
        change(new GroupOp.Devices(user("bob"), GroupScript.list("bob"))));
    refuse(
        "a device list of a stranger",
        refused,
        three(),
        "alice",
        change(new GroupOp.Devices(user("dave"), GroupScript.nextList("dave"))));
    refuse(
        "a rekey of a device that is not there",
        refused,
        three(),
        "alice",
        change(new GroupOp.Rekey(user("bob"), GroupScript.device("dave"))));
    var rekey = new GroupOp.Rekey(user("bob"), GroupScript.device("bob"));
    refuse("one device rekeyed twice", refused, three(), "alice", change(rekey, rekey));
    hold(threeAnd("alice", change(rekey, role("bob", GroupRole.ADMIN))));
    refuse(
        "the last admin gives it up",
        GroupRefusal.LAST_ADMIN,
        three(),
        "alice",
        change(role("alice", GroupRole.MEMBER)));
    hold(
        threeAnd(
            "alice",
            change(role("alice", GroupRole.MEMBER), role("bob", GroupRole.ADMIN))));
    timeouts();
  }

  private void timeouts() {
    GroupScript early = three();
    long invitedAt = early.entries.get(1).time();
    early.time = invitedAt + DAYS_14 - 2;
    Part timeout = change(new GroupOp.Timeout(user("carol")));
    refuse("a timeout too early", GroupRefusal.GROUP_REFUSED, early, "bob", timeout);
    refuse(
        "a timeout of a member",
        GroupRefusal.GROUP_REFUSED,
        early,
        "alice",
        change(new GroupOp.Timeout(user("bob"))));
    GroupScript late = three();
    late.time = invitedAt + DAYS_14 - 1;
    refuse(
        "a confirmation too late",
        GroupRefusal.INVITATION_OVER,
        late,
        "carol",
        script -> script.confirm("alice"));
    late.append("bob", timeout.of(late));
    hold(late);
    early.append("carol", early.confirm("alice"));
    hold(early);
  }

  private void limits() {
    GroupOp[] invites =
        IntStream.range(0, Membership.INVITES_MAX + 1)
            .mapToObj(i -> invite("guest%02d".formatted(i)))
            .toArray(GroupOp[]::new);
    var script = new GroupScript("limits");
    script.create();
    refuse("33 invited at once", GroupRefusal.GROUP_FULL, script, "alice", change(invites));
  }
}
