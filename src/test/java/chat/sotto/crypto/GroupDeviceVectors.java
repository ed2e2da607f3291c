package chat.sotto.crypto;

import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.KeyChange;
import chat.sotto.model.Membership;
import chat.sotto.model.Statements;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Vectors of members whose devices or account key change. */
final class GroupDeviceVectors extends GroupRuleCases {
  private static final GroupRefusal REFUSED = GroupRefusal.GROUP_REFUSED;

  /** Bob's second device. */
  private static final String PHONE = "phone-of-bob";

  GroupDeviceVectors(ObjectNode file) {
    super(file);
  }

  void addAll() {
    newDevices();
    twoLists();
    newKeys();
    joining();
  }

  private static GroupEntry proposal(
      GroupScript script, String by, String device, DeviceList list) {
    return script.next(by, device, script.proposal(new GroupProposal.Devices(list)));
  }

  private static GroupOp devices(DeviceList list) {
    return new GroupOp.Devices(list.user(), list);
  }

  private void newDevices() {
    DeviceList linked = GroupScript.linkedList("bob", PHONE);
    GroupScript script = three();
    script.append(proposal(script, "bob", PHONE, linked));
    hold(script);
    refuse(
        "one list proposed by two devices",
        REFUSED,
        script,
        proposal(script, "bob", "bob", linked));
    refuse(
        "a device commits before a commit brought it",
        GroupRefusal.NOT_MEMBER,
        script,
        script.next("bob", PHONE, script.change(devices(linked))));
    refuse(
        "a post while a list waits",
        GroupRefusal.EPOCH_PENDING,
        script,
        script.next("bob", "bob", script.post(1)));
    script.append("alice", script.change(devices(linked)));
    script.append(script.next("bob", PHONE, script.post(1)));
    hold(script);

    GroupScript before = three();
    refuse(
        "a device of no list proposes another's",
        GroupRefusal.NOT_MEMBER,
        before,
        proposal(before, "bob", "dave", linked));
    refuse(
        "a device proposes the list of somebody else",
        GroupRefusal.NOT_MEMBER,
        before,
        proposal(before, "carol", PHONE, linked));
    refuse(
        "a new device asks for keys",
        GroupRefusal.NOT_MEMBER,
        before,
        before.next("bob", PHONE, before.proposal(new GroupProposal.Rekey())));
    refuse(
        "a device of somebody who is not in the group",
        GroupRefusal.NOT_MEMBER,
        before,
        proposal(before, "dave", PHONE, GroupScript.linkedList("dave", PHONE)));
    invited();
  }

  private void invited() {
    DeviceList linked = GroupScript.linkedList("carol", PHONE);
    GroupScript script = three();
    script.append(proposal(script, "carol", PHONE, linked));
    script.append("bob", script.change(devices(linked)));
    script.append(script.next("carol", PHONE, script.confirm("alice")));
    hold(script);
  }

  /** Of two lists the later one settles both; a commit may bring the one that was proposed. */
  private void twoLists() {
    DeviceList linked = GroupScript.linkedList("bob", PHONE);
    DeviceList after =
        GroupScript.following(linked, VectorFiles.accountKey("bob"), linked.devices());
    GroupScript script = three();
    script.append(proposal(script, "bob", PHONE, linked));
    refuse("a list that nobody takes", GroupRefusal.EPOCH_PENDING, script, "alice", change());
    script.append("alice", script.change(devices(after)));
    hold(script);

    DeviceList anew = anew(GroupScript.list("bob"), "bob", "bob anew");
    DeviceList tooFar = anew(anew, "bob", "bob later");
    GroupScript twice = three();
    twice.append(proposal(twice, "bob", "bob", anew));
    refuse("a key after the one that waits", REFUSED, twice, "alice", change(devices(tooFar)));
    twice.append("alice", twice.change(devices(anew)));
    twice.append("alice", twice.change(devices(tooFar)));
    hold(twice);
  }

  private void newKeys() {
    DeviceList old = GroupScript.list("bob");
    DeviceList anew = anew(old, "bob", "bob anew");
    GroupScript script = three();
    script.append(proposal(script, "bob", "bob", anew));
    script.append("alice", script.change(devices(anew)));
    hold(script);
    refuse("a list under the key before", REFUSED, script, "alice", change(devices(after(old))));

    GroupScript before = three();
    var unannounced =
        GroupScript.following(old, VectorFiles.accountKey("bob anew"), old.devices());
    refuse("a key that nobody announced", REFUSED, before, "alice", change(devices(unannounced)));
    refuse(
        "a key that nobody announced, proposed",
        REFUSED,
        before,
        proposal(before, "bob", "bob", unannounced));
    refuse(
        "a key announced by a device that the group does not know",
        REFUSED,
        before,
        "alice",
        change(devices(anew(GroupScript.linkedList("bob", PHONE), PHONE, "bob anew"))));
    refuse(
        "the announcement of another key",
        REFUSED,
        before,
        "alice",
        change(devices(unannounced.with(anew(old, "bob", "bob later").keyChange().orElseThrow()))));
    KeyChange stolen =
        new KeyChange(
            GroupScript.device("bob"),
            anew(old, PHONE, "bob anew").keyChange().orElseThrow().signature());
    refuse(
        "an announcement signed by another device",
        REFUSED,
        before,
        "alice",
        change(devices(unannounced.with(stolen))));
  }

  private static DeviceList after(DeviceList old) {
    DeviceList second = GroupScript.nextList(old.user().value());
    return GroupScript.following(
        second, VectorFiles.accountKey(old.user().value()), second.devices());
  }

  /** The version after {@code before}, under a new key that a device announces. */
  private static DeviceList anew(DeviceList before, String announcer, String key) {
    DeviceList list =
        GroupScript.following(before, VectorFiles.accountKey(key), before.devices());
    return list.with(
        Statements.signKeyChange(
            VectorFiles.deviceKey(announcer),
            GroupScript.device(announcer),
            before,
            list.accountKey()));
  }

  private void joining() {
    DeviceList linked = GroupScript.linkedList("bob", PHONE);
    GroupScript script = threeAnd("alice", change(devices(linked)));
    GroupEntry commit = script.entries.get(3);
    ObjectNode node = VectorFiles.valid(file).put("kind", "joining").put("group", GROUP);
    node.set("entry", GroupScript.json(commit));
    GroupScript.putRows(node, script.membership.roster());
    try {
      Membership joined =
          Membership.joining(
              GroupScript.GROUP,
              Membership.Place.of(commit),
              (Commit) commit.content(),
              script.membership.roster());
      GroupScript.putState(node, joined);
    } catch (GroupRefusedException e) {
      throw new AssertionError(e.refusal().name());
    }
  }
}
