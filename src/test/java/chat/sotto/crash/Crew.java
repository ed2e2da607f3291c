package chat.sotto.crash;

import chat.sotto.client.GroupInfo;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.model.GroupId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Three people who all write to one another and in one group. */
final class Crew implements AutoCloseable {
  /** Unconfirmed texts of a lane, so that a crash meets some in every state. */
  private static final int WAITING_MAX = 16;

  private static final List<String> NAMES = List.of("alice", "bob", "carol");
  private static final long PATIENCE_SECONDS = 120;

  final Ledger ledger = new Ledger();
  private final List<Member> members = new ArrayList<>();
  private final GroupId group;
  private final List<Thread> writers = new ArrayList<>();
  private volatile boolean writing;

  Crew(URI server, Path folder) throws Exception {
    for (String name : NAMES) {
      var others = new ArrayList<>(NAMES);
      others.remove(name);
      others.forEach(other -> ledger.open(Member.lane(name, other), List.of(other)));
      ledger.open(Member.lane(name, Member.GROUP), others);
    }
    for (String name : NAMES) {
      members.add(new Member(name, server, folder, ledger));
    }
    group = founded();
  }

  private GroupId founded() throws Exception {
    Member founder = members.get(0);
    List<Member> others = members.subList(1, members.size());
    GroupId id = founder.client.groups().create("crew").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    founder
        .client
        .groups()
        .invite(id, others.stream().map(member -> member.name).collect(Collectors.toSet()));
    for (Member other : others) {
      ledger.await(other.name + " is invited", () -> standing(other, id) == Standing.INVITED);
      other.client.groups().accept(id).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    // Who joins reads what is said from then on, so nobody may speak before everybody knows it.
    for (Member member : members) {
      ledger.await(member.name + " knows all", () -> isComplete(member, id));
    }
    return id;
  }

  private static Standing standing(Member member, GroupId id) {
    return member.client.groups().find(id).map(GroupInfo::standing).orElse(Standing.LEFT);
  }

  private static boolean isComplete(Member member, GroupId id) {
    return member.client.groups().find(id).stream()
        .flatMap(info -> info.people().stream())
        .allMatch(person -> person.role().isMember());
  }

  Member any(Random random) {
    return members.get(random.nextInt(members.size()));
  }

  /** One text of one person to another. */
  void sayOne() {
    members.get(0).say(members.get(1).name);
  }

  void startWriting(Random random) {
    writing = true;
    for (Member member : members) {
      var own = new Random(random.nextLong());
      var writer = new Thread(() -> write(member, own), "writer-" + member.name);
      writer.setDaemon(true);
      writer.start();
      writers.add(writer);
    }
  }

  private void write(Member member, Random random) {
    try {
      while (writing) {
        Member to = any(random);
        String lane =
            Member.lane(member.name.value(), to == member ? Member.GROUP : to.name.value());
        ledger.awaitRoom(lane, WAITING_MAX);
        if (to == member) {
          member.post(group);
        } else {
          member.say(to.name);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      ledger.complain(member.name + " cannot write: " + e);
    }
  }

  void stopWriting() throws InterruptedException {
    writing = false;
    for (Thread writer : writers) {
      writer.interrupt();
      writer.join();
    }
    writers.clear();
  }

  /** Everybody comes back at once, whatever the client would still wait for. */
  void connect() {
    members.forEach(member -> member.client.connect());
  }

  @Override
  public void close() throws InterruptedException {
    stopWriting();
    members.forEach(Member::close);
  }
}
