package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.GroupInfo;
import chat.sotto.client.GroupInfo.Standing;
import chat.sotto.client.GroupLine;
import chat.sotto.client.OwnDevices;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Groups of people with several devices, whole clients and a real server. */
class GroupDevicesTest extends ServerTest {
  private static Person linked(Person first) throws Exception {
    return Person.linked(first, server.url(), folder.resolve(first.name + "-phone"));
  }

  private static <T> T get(CompletableFuture<T> answer) throws Exception {
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static GroupId groupOf(Person admin, Person guest) throws Exception {
    GroupId group = get(admin.client.groups().create("Lesekreis"));
    get(admin.client.groups().invite(group, Set.of(guest.name)));
    awaitStanding(guest, group, Standing.INVITED);
    get(guest.client.groups().accept(group));
    return group;
  }

  private static void awaitStanding(Person person, GroupId group, Standing standing)
      throws Exception {
    person.awaitThat(
        standing + " in the group",
        () ->
            person.client.groups().find(group).map(GroupInfo::standing).equals(
                Optional.of(standing)));
  }

  private static void awaitPost(Person person, GroupId group, String text) throws Exception {
    person.awaitThat("\"" + text + "\"", () -> shows(person, group, text));
  }

  private static boolean shows(Person person, GroupId group, String text) {
    return person.client.groups().lines(group).stream()
        .anyMatch(
            line ->
                line.text().equals(text)
                    && (line.state() == GroupLine.State.SENT
                        || line.state() == GroupLine.State.RECEIVED));
  }

  private static DeviceId idOf(Person person) throws Exception {
    return get(person.client.devices().all()).stream()
        .filter(OwnDevices.OwnDevice::isThis)
        .map(OwnDevices.OwnDevice::id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void linkedDeviceReadsGroupWithSiblingOffline() throws Exception {
    try (Person alice = registered("alice");
        Person bob = registered("bob")) {
      GroupId group = groupOf(alice, bob);
      alice.client.groups().post(group, "before");
      awaitPost(bob, group, "before");
      alice.client.disconnect();
      try (Person phone = linked(alice)) {
        awaitStanding(phone, group, Standing.MEMBER);
        assertTrue(phone.client.groups().awaited().isEmpty());
        bob.client.groups().post(group, "to both");
        awaitPost(phone, group, "to both");
        phone.client.groups().post(group, "from the phone");
        awaitPost(bob, group, "from the phone");
        assertFalse(shows(phone, group, "before"));
        alice.client.connect();
        awaitPost(alice, group, "to both");
        awaitPost(alice, group, "from the phone");
      }
    }
  }

  @Test
  void revokedDeviceIsOutOfTheGroup() throws Exception {
    try (Person carol = registered("carol");
        Person dave = registered("dave");
        Person phone = linked(carol)) {
      carol.await(ClientEvent.OwnDevicesChanged.class);
      GroupId group = groupOf(carol, dave);
      awaitStanding(phone, group, Standing.MEMBER);
      long epoch = carol.client.groups().find(group).orElseThrow().epoch();
      DeviceId gone = idOf(phone);
      phone.client.disconnect();
      get(carol.client.devices().revoke(gone, Person.PASSWORD));
      dave.client.groups().post(group, "only to the laptop");
      awaitPost(carol, group, "only to the laptop");
      assertTrue(carol.client.groups().find(group).orElseThrow().epoch() > epoch);
      phone.client.connect();
      assertTrue(phone.await(ClientEvent.Revoked.class).erased());
    }
  }

  @Test
  void groupThatOneDeviceMakesIsOnTheOther() throws Exception {
    try (Person erin = registered("erin");
        Person frank = registered("frank");
        Person phone = linked(erin)) {
      erin.await(ClientEvent.OwnDevicesChanged.class);
      GroupId group = groupOf(erin, frank);
      awaitStanding(phone, group, Standing.MEMBER);
      phone.client.groups().post(group, "from the phone");
      awaitPost(frank, group, "from the phone");
      awaitPost(erin, group, "from the phone");
      get(phone.client.groups().rename(group, "Buchclub"));
      erin.awaitThat(
          "the name",
          () ->
              erin.client.groups().find(group).flatMap(GroupInfo::name).equals(
                  Optional.of("Buchclub")));
    }
  }

  @Test
  void newDeviceOfSomebodyInvitedAccepts() throws Exception {
    try (Person grace = registered("grace");
        Person heidi = registered("heidi")) {
      GroupId group = get(grace.client.groups().create("Lesekreis"));
      get(grace.client.groups().invite(group, Set.of(heidi.name)));
      heidi.client.disconnect();
      try (Person phone = linked(heidi)) {
        awaitStanding(phone, group, Standing.INVITED);
        assertEquals(
            Optional.of(grace.name),
            phone.client.groups().find(group).flatMap(GroupInfo::invitedBy));
        get(phone.client.groups().accept(group));
        grace.client.groups().post(group, "welcome");
        awaitPost(phone, group, "welcome");
        heidi.client.connect();
        awaitPost(heidi, group, "welcome");
      }
    }
  }
}
