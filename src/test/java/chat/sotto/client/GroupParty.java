package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.KeyBundle;
import chat.sotto.protocol.ServerFrame.Push;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import chat.sotto.protocol.ServerFrame.SignedKey;
import chat.sotto.protocol.ServerFrame.UserKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Somebody in a group, without a connection: the test carries what it sends. */
final class GroupParty implements AutoCloseable {
  final Party party;
  final GroupId group;
  private final Map<UserName, GroupParty> everybody;
  final Map<Bytes, Optional<ErrorCode>> settled = new HashMap<>();
  final List<ClientEvent> events = new ArrayList<>();
  private long acknowledged = -1;
  private final GroupTurn turn = new GroupTurn(ListPause.USUAL, new SecureRandom());

  /** What a server that lies does to each push. */
  UnaryOperator<GroupEntryPush> tampering = UnaryOperator.identity();

  GroupParty(String name, Path folder, GroupId group, Map<UserName, GroupParty> everybody) {
    party = new Party(name, folder);
    this.group = group;
    this.everybody = everybody;
    everybody.put(party.user, this);
  }

  UserName user() {
    return party.user;
  }

  Bytes ask(GroupWish wish) {
    Bytes id = MessageIds.make(party.random);
    party.store.transaction(
        rows -> {
          new GroupOutbox(rows).add(group, id, wish, party.now);
          return null;
        });
    return id;
  }

  Bytes write(String text) {
    return ask(new GroupWish.Say(ContentJson.of(new Content.Text(text))));
  }

  GroupSending.Step next(GroupPrekeys keys) {
    return party.store.transaction(
        rows -> new GroupSending(rows, party.random, party.now, turn).next(group, keys));
  }

  /** The next entry, with the keys that the server gives for it. */
  GroupSending.Step next() {
    GroupPrekeys keys = GroupPrekeys.NONE;
    GroupSending.Step step = next(keys);
    while (step instanceof GroupSending.Step.NeedsKeys needs) {
      keys = give(keys, needs);
      step = next(keys);
    }
    return step;
  }

  GroupFlight flight() {
    return ((GroupSending.Step.Ready) next()).flight();
  }

  private GroupPrekeys give(GroupPrekeys keys, GroupSending.Step.NeedsKeys needs) {
    GroupPrekeys given = keys;
    for (UserName user : needs.invited()) {
      Party other = everybody.get(user).party;
      given = given.withInvited(user, new KeyBundle(3, other.list(), other.giveKeys()));
    }
    if (!needs.members()) {
      return given;
    }
    var members = new LinkedHashMap<UserName, UserKeys>();
    for (GroupParty other : everybody.values()) {
      var key =
          new SignedKey(
              other.party.self().device(), other.party.registered.prekeys().get(0));
      members.put(other.user(), new UserKeys(other.party.list(), List.of(key)));
    }
    return given.withMembers(members);
  }

  /** A commit on such a state, made with the keys that this party has of its own. */
  GroupFlight commit(GroupView state, GroupOp... ops) {
    GroupPrekeys keys = GroupPrekeys.NONE;
    for (GroupParty other : everybody.values()) {
      var bundle = new KeyBundle(3, other.party.list(), other.party.giveKeys());
      keys = keys.withInvited(other.user(), bundle);
    }
    GroupPrekeys given = keys;
    return party.store.transaction(
        rows ->
            new GroupCommits(state, Self.of(rows), given, party.random)
                .make(Optional.empty(), Kind.CHANGE, List.of(ops), new GroupName("x")));
  }

  /** Does all that waits, as a lane does. */
  void work(GroupOffice office) {
    for (int steps = 0; steps < 100; steps++) {
      GroupSending.Step step = next();
      if (step instanceof GroupSending.Step.Settled done) {
        settled.put(done.item().messageId(), done.refusal());
      } else if (step instanceof GroupSending.Step.Ready ready) {
        office.append(party, ready.flight());
        catchUp(office);
      } else {
        return;
      }
    }
    throw new AssertionError("there is no end to it");
  }

  /** Asks for it and does it. @return why it cannot be */
  Optional<ErrorCode> does(GroupWish wish, GroupOffice office) {
    Bytes id = ask(wish);
    work(office);
    return settled.get(id);
  }

  void says(String text, GroupOffice office) {
    write(text);
    work(office);
  }

  /** Takes everything that is there, as after a reconnect. */
  void catchUp(GroupOffice office) {
    for (Push push : office.pushes(party, acknowledged)) {
      receive(push);
    }
  }

  void receive(Push push) {
    GroupReceiving.Outcome outcome;
    try {
      outcome =
          party.store.transaction(
              rows -> {
                var receiving = new GroupReceiving(rows, party.random, party.now);
                if (push instanceof GroupStart start) {
                  return receiving.take(start);
                } else if (push instanceof RestoredPush restored) {
                  return receiving.take(restored);
                }
                return receiving.take(tampering.apply((GroupEntryPush) push));
              });
    } catch (Breach breach) {
      party.store.transaction(
          rows -> {
            new GroupRows(rows).stop(group, breach.alarm());
            return null;
          });
      return;
    }
    events.addAll(outcome.events());
    outcome.settled().ifPresent(item -> settled.put(item.messageId(), Optional.empty()));
    if (outcome.fate() == GroupReceiving.Fate.STORED) {
      acknowledged = Math.max(acknowledged, numberOf(push));
    }
  }

  private static long numberOf(Push push) {
    return push instanceof RestoredPush restored
        ? restored.sequenceNr()
        : ((GroupEntryPush) push).sequenceNr();
  }

  /** What it acknowledged after the copy, the server does not know. */
  void reconnect(GroupOffice restored) {
    acknowledged = Math.min(acknowledged, restored.copiedNr() - 1);
    catchUp(restored);
  }

  GroupView view() {
    return find().orElseThrow();
  }

  Optional<GroupView> find() {
    return party.store.transaction(rows -> new GroupRows(rows).find(group));
  }

  GroupInfo info() {
    return GroupInfo.of(view(), party.self(), Optional.empty());
  }

  Optional<Alarm> alarm() {
    return party.store.transaction(rows -> new GroupRows(rows).alarm(group));
  }

  GroupChain chainOf(GroupParty other) {
    return party.store.transaction(
        rows -> new GroupRows(rows).chain(group, other.party.self().device()));
  }

  List<GroupLine> lines() {
    return party.store.transaction(
        rows -> new GroupLines(rows).shown(group).stream().map(ShownGroupLine::line).toList());
  }

  /** What people wrote, as it is shown. */
  List<String> texts() {
    return lines().stream()
        .filter(line -> line.state() != GroupLine.State.NOTICE)
        .map(GroupLine::text)
        .toList();
  }

  List<String> notices() {
    return lines().stream()
        .filter(line -> line.state() == GroupLine.State.NOTICE)
        .map(GroupLine::text)
        .toList();
  }


  @Override
  public void close() {
    party.close();
  }
}
