package chat.sotto.crypto;

import static chat.sotto.crypto.GroupScript.invite;
import static chat.sotto.crypto.GroupScript.user;

import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupRole;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Cases of the rules of membership: logs that hold, and entries that may not follow them. */
abstract class GroupRuleCases {
  static final String GROUP = GroupScript.GROUP.value();

  final ObjectNode file;

  GroupRuleCases(ObjectNode file) {
    this.file = file;
  }

  interface Part {
    GroupContent of(GroupScript script);
  }

  /** Alice is admin, bob a member, carol invited. */
  static GroupScript three() {
    var script = new GroupScript("rules");
    script.create();
    script.append("alice", script.change(invite("bob"), invite("carol")));
    script.append("bob", script.confirm("alice"));
    return script;
  }

  static GroupScript threeAnd(String by, Part part) {
    GroupScript script = three();
    script.append(by, part.of(script));
    return script;
  }

  static GroupOp role(String user, GroupRole role) {
    return new GroupOp.ChangeRole(user(user), role);
  }

  static GroupOp found(String user) {
    return new GroupOp.Found(user(user), GroupScript.list(user));
  }

  static Part proposal(GroupProposal op) {
    return script -> script.proposal(op);
  }

  static Part change(GroupOp... ops) {
    return script -> script.change(ops);
  }

  void refuse(
      String why, GroupRefusal code, GroupScript script, String by, Part part) {
    refuse(why, code, script, script.next(by, part.of(script)));
  }

  void refuse(String why, GroupRefusal code, GroupScript script, GroupEntry entry) {
    ObjectNode node = VectorFiles.refused(file, why).put("kind", "membership").put("group", GROUP);
    ArrayNode entries = node.putArray("entries");
    script.log.forEach(entries::add);
    node.set("entry", GroupScript.json(entry));
    node.put("code", text(code));
    requireRefused(why, code, () -> GroupScript.judge(script.membership, entry));
  }

  interface Judgement {
    void run() throws GroupRefusedException;
  }

  static void requireRefused(String why, GroupRefusal code, Judgement judgement) {
    try {
      judgement.run();
    } catch (GroupRefusedException e) {
      if (e.refusal() == code) {
        return;
      }
      throw new AssertionError(why + ": " + e.refusal());
    }
    throw new AssertionError("not refused: " + why);
  }

  void hold(GroupScript script) {
    ObjectNode node = VectorFiles.valid(file).put("kind", "membership").put("group", GROUP);
    ArrayNode entries = node.putArray("entries");
    script.log.forEach(entries::add);
    GroupScript.putState(node, script.membership);
  }

  static String text(GroupRefusal code) {
    return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
