package chat.sotto.endtoend;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.FailingStore;
import chat.sotto.client.GroupInfo;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.client.Groups;
import chat.sotto.client.OwnDevices;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.UserName;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** People who do at random what people do in groups, without waiting for anything. */
final class GroupCrowd implements AutoCloseable {
  private static final int GROUPS_MAX = 4;
  private static final int LINKS_MAX = 5;
  private static final int REMOVALS_MAX = 2;

  /** Of one person: so that the end is not far when the steps are. */
  private static final int WAITING_MAX = 6;

  private final Random random;
  private final Supplier<URI> server;
  private final Path folder;

  /** One for each device. */
  private final List<Person> people = new ArrayList<>();

  /** Devices that were linked after their user had begun. */
  private final Set<FailingStore> late = new HashSet<>();

  private final Set<UserName> several = new HashSet<>();
  private int made;
  private int linked;
  private int removed;

  /** Every text that was written, under its id. */
  final Map<Bytes, String> written = new HashMap<>();

  final Set<Bytes> refused = new HashSet<>();

  /** How far the logs went, as devices knew that are not there any more. */
  private final Map<GroupId, Long> reached = new HashMap<>();

  GroupCrowd(Random random, Supplier<URI> server, Path folder, int size) throws Exception {
    this.random = random;
    this.server = server;
    this.folder = folder;
    for (int i = 1; i <= size; i++) {
      people.add(Person.registered("p" + i + "x", server.get(), folder));
    }
  }

  List<Person> people() {
    return List.copyOf(people);
  }

  /** Whether it is a device that came later, and does not have what was before. */
  boolean isLate(Person person) {
    return late.contains(person.store);
  }

  /** Whether its user has or had another device. */
  boolean hasSeveral(Person person) {
    return several.contains(person.name);
  }

  /** One person does one thing, on one of the devices. */
  void step() throws Exception {
    Person person = any(people);
    int dice = random.nextInt(100);
    if (dice == 0) {
      createIfRoom(person);
    } else if (dice < 6) {
      person.client.disconnect();
    } else if (dice < 11) {
      person.client.connect();
    } else if (dice < 14) {
      restart(person);
    } else if (dice == 14) {
      changeDevices(person);
    } else {
      List<GroupInfo> open =
          person.client.groups().all().stream().filter(GroupCrowd::isIn).toList();
      if (open.isEmpty()) {
        createIfRoom(person);
      } else {
        act(person, any(open));
      }
    }
  }

  /** Groups that everybody left do not count: the others would have nothing to do. */
  private void createIfRoom(Person person) {
    long open =
        people.stream()
            .flatMap(one -> one.client.groups().all().stream())
            .filter(GroupCrowd::isIn)
            .map(GroupInfo::id)
            .distinct()
            .count();
    if (open < GROUPS_MAX && person.client.groups().waiting() == 0) {
      person.client.groups().create("group " + made++);
    }
  }

  private void restart(Person person) {
    person.client.close();
    collectRefusals(person);
    Person again = person.over(server.get());
    people.set(people.indexOf(person), again);
    again.client.connect();
  }

  private void changeDevices(Person person) throws Exception {
    Optional<Person> other =
        people.stream()
            .filter(one -> one != person && one.name.equals(person.name))
            .findFirst();
    if (other.isEmpty() && linked < LINKS_MAX) {
      Path file = folder.resolve(person.name + "-" + ++linked);
      Person device = Person.linked(person, server.get(), file);
      late.add(device.store);
      several.add(device.name);
      people.add(device);
    } else if (other.isPresent() && isLate(other.get()) && removed < REMOVALS_MAX) {
      remove(other.get(), person);
    }
  }

  /** What was written on a device is in the log before it goes: nobody else can send it. */
  private void remove(Person gone, Person by) throws Exception {
    removed++;
    people.forEach(person -> person.client.connect());
    gone.awaitThat("that nothing waits", () -> gone.client.groups().waiting() == 0);
    gone.client.groups().all().stream()
        .filter(GroupCrowd::isIn)
        .forEach(info -> reached.merge(info.id(), info.sequenceNr(), Math::max));
    DeviceId id = onlyOther(by.ask(by.client.devices()::all));
    by.client.devices().revoke(id, Person.PASSWORD).get(60, TimeUnit.SECONDS);
    gone.await(ClientEvent.Revoked.class);
    people.remove(gone);
    gone.close();
    collectRefusals(gone);
  }

  private static DeviceId onlyOther(List<OwnDevices.OwnDevice> devices) {
    return devices.stream()
        .filter(device -> !device.isThis())
        .map(OwnDevices.OwnDevice::id)
        .findFirst()
        .orElseThrow();
  }

  private void act(Person person, GroupInfo group) throws InterruptedException {
    if (group.standing() == Standing.INVITED) {
      ask(person, () -> answer(person, group.id()));
    } else if (group.standing() == Standing.MEMBER) {
      int dice = random.nextInt(100);
      boolean isAdmin = group.isAdmin(person.name);
      if (dice < 2) {
        ask(person, () -> person.client.groups().leave(group.id()));
      } else if (isAdmin && dice < 14) {
        govern(person, group);
      } else {
        ask(person, () -> write(person, group.id()));
      }
    }
  }

  private void answer(Person person, GroupId group) {
    if (random.nextInt(5) == 0) {
      person.client.groups().decline(group);
    } else {
      person.client.groups().accept(group);
    }
  }

  private void govern(Person person, GroupInfo group) throws InterruptedException {
    Groups groupsOf = person.client.groups();
    UserName other = any(people).name;
    Optional<GroupRole> role =
        group.people().stream()
            .filter(one -> one.user().equals(other))
            .map(GroupInfo.Person::role)
            .findFirst();
    if (other.equals(person.name)) {
      ask(person, () -> groupsOf.rename(group.id(), "name " + random.nextInt(1000)));
    } else if (role.isEmpty()) {
      ask(person, () -> groupsOf.invite(group.id(), Set.of(other)));
    } else if (random.nextInt(3) == 0) {
      ask(person, () -> groupsOf.remove(group.id(), other));
    } else if (role.get().isMember()) {
      GroupRole next = random.nextBoolean() ? GroupRole.ADMIN : GroupRole.MEMBER;
      ask(person, () -> groupsOf.setRole(group.id(), other, next));
    }
  }

  /** Waits until the person has not much left to do; if it is away, it comes back for that. */
  private void ask(Person person, Runnable wish) throws InterruptedException {
    if (isBusy(person)) {
      person.client.connect();
      person.awaitThat("what was asked for before", () -> !isBusy(person));
    }
    wish.run();
  }

  private static boolean isBusy(Person person) {
    return person.client.groups().waiting() >= WAITING_MAX;
  }

  private void write(Person person, GroupId group) {
    String text = person.name + " writes " + written.size();
    written.put(person.client.groups().post(group, text), text);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Everybody comes back, and takes all that there is. */
  void settle() throws Exception {
    people.forEach(person -> person.client.connect());
    // What one does in the end, another may have to take.
    for (Person person : people) {
      person.awaitThat("that nothing waits", () -> person.client.groups().waiting() == 0);
    }
    for (Person person : people) {
      person.awaitThat("the end of each log", () -> !isBehind(person));
      // What became of its wishes was told before this is answered.
      person.ask(person.client.devices()::all);
      collectRefusals(person);
    }
  }

  Set<GroupId> groups() {
    return people.stream()
        .flatMap(person -> person.client.groups().all().stream())
        .map(GroupInfo::id)
        .collect(Collectors.toSet());
  }

  private boolean isBehind(Person person) {
    return groups().stream()
        .flatMap(group -> newest(group).stream())
        .anyMatch(
            newest ->
                newest.sequenceNr() < reached.getOrDefault(newest.id(), 0L)
                    || isBehind(person, newest));
  }

  /** Whether the device does not know yet what its user is in the group, or not all that came. */
  private static boolean isBehind(Person person, GroupInfo newest) {
    Optional<GroupInfo> known = person.client.groups().find(newest.id()).filter(GroupCrowd::isIn);
    Optional<Standing> standing =
        newest.people().stream()
            .filter(one -> one.user().equals(person.name) && !one.leaving())
            .map(one -> one.role().isMember() ? Standing.MEMBER : Standing.INVITED)
            .findFirst();
    return !known.map(GroupInfo::standing).equals(standing)
        || known.filter(info -> info.sequenceNr() < newest.sequenceNr()).isPresent();
  }

  private static boolean isIn(GroupInfo info) {
    return info.standing() != Standing.LEFT && info.standing() != Standing.REMOVED;
  }

  /** As somebody knows it who is in it and has taken most of the log. */
  private Optional<GroupInfo> newest(GroupId group) {
    return people.stream()
        .flatMap(person -> person.client.groups().find(group).stream())
        .filter(GroupCrowd::isIn)
        .max(Comparator.comparing(GroupInfo::sequenceNr));
  }

  private void collectRefusals(Person person) {
    for (ClientEvent event : person.events()) {
      if (event instanceof ClientEvent.GroupRefused refusal) {
        refused.add(refusal.id());
      }
    }
  }

  @Override
  public void close() {
    people.forEach(Person::close);
  }
}
