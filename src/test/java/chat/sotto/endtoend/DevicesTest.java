package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.Message;
import chat.sotto.client.OwnDevices;
import chat.sotto.client.SottoException;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.protocol.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** People with several devices, whole clients and a real server. */
class DevicesTest extends ServerTest {
  private static final String NEW_PASSWORD = "quite another horse";


  private static Person linked(Person first, String place) throws Exception {
    return Person.linked(first, server.url(), folder.resolve(first.name + place));
  }

  private static <T> T get(CompletableFuture<T> answer) throws Exception {
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static void assertRefused(ErrorCode code, CompletableFuture<?> answer) {
    var failure = assertThrows(ExecutionException.class, () -> get(answer));
    assertEquals(Optional.of(code), ((SottoException) failure.getCause()).code());
  }

  private static DeviceId idOf(Person person) throws Exception {
    return get(person.client.devices().all()).stream()
        .filter(OwnDevices.OwnDevice::isThis)
        .map(OwnDevices.OwnDevice::id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void messageReachesBothDevicesAndTheAnswerShowsOnTheOther() throws Exception {
    try (Person alice = registered("alice");
        Person bob = registered("bob")) {
      bob.say(alice, "before");
      alice.awaitShown(bob, "before");
      try (Person phone = linked(alice, "phone")) {
        alice.await(ClientEvent.OwnDevicesChanged.class);
        bob.say(alice, "after");
        alice.awaitShown(bob, "after");
        phone.awaitShown(bob, "after");
        bob.await(ClientEvent.DeviceAdded.class);
        Bytes answer = phone.say(bob, "from the phone");
        bob.awaitShown(alice, "from the phone");
        alice.awaitShown(bob, "from the phone");
        phone.awaitState(answer, Message.State.DELIVERED);
        alice.awaitState(answer, Message.State.DELIVERED);
        assertEquals(List.of("after", "from the phone"), phone.texts(bob));
        assertEquals(2, get(phone.client.devices().all()).size());
      }
    }
  }

  @Test
  void thirdDeviceIsLinkedWhileTheOthersAreOffline() throws Exception {
    try (Person carol = registered("carol");
        Person dave = registered("dave");
        Person phone = linked(carol, "phone")) {
      carol.client.disconnect();
      phone.client.disconnect();
      try (Person tablet = linked(carol, "tablet")) {
        dave.say(carol, "to all three");
        tablet.awaitShown(dave, "to all three");
        tablet.say(dave, "from the third");
        dave.awaitShown(carol, "from the third");
        // The tablet stays until its own copy is at the server, which dave's does not wait for.
        carol.client.connect();
        carol.awaitShown(dave, "to all three");
        carol.awaitShown(dave, "from the third");
      }
      phone.client.connect();
      phone.awaitShown(dave, "from the third");
    }
  }

  @Test
  void revokedDeviceErasesItselfAndCanDoNothingMore() throws Exception {
    try (Person erin = registered("erin");
        Person frank = registered("frank");
        Person phone = linked(erin, "phone")) {
      erin.await(ClientEvent.OwnDevicesChanged.class);
      DeviceId gone = idOf(phone);
      phone.say(frank, "still here");
      frank.awaitShown(erin, "still here");
      get(erin.client.devices().revoke(gone, Person.PASSWORD));
      var revoked = phone.await(ClientEvent.Revoked.class);
      assertTrue(revoked.erased());
      assertThrows(RuntimeException.class, () -> phone.say(frank, "not any more"));
      frank.say(erin, "only to the laptop");
      erin.awaitShown(frank, "only to the laptop");
      assertEquals(1, get(erin.client.devices().all()).size());
    }
  }

  @Test
  void oldPasswordOpensNothingAfterAChange() throws Exception {
    try (Person grace = registered("grace");
        Person phone = linked(grace, "phone")) {
      phone.client.disconnect();
      get(grace.client.devices().changePassword(Person.PASSWORD, NEW_PASSWORD, false));
      phone.client.connect();
      phone.await(ClientEvent.SignInNeeded.class);
      assertRefused(ErrorCode.SIGN_IN_FAILED, phone.client.login(Person.PASSWORD));
      get(phone.client.login(NEW_PASSWORD));
    }
  }

  @Test
  void recoveryCodeOpensTheAccountOnANewDevice() throws Exception {
    try (Person heidi = registered("heidi")) {
      String code = get(heidi.client.devices().setRecoveryCode(Person.PASSWORD));
      heidi.client.disconnect();
      try (Person again = Person.empty(heidi, server.url(), folder.resolve("heidi-again"))) {
        String typed = code.toLowerCase(Locale.ROOT).replace('-', ' ');
        get(again.client.recover("heidi", typed, NEW_PASSWORD));
        again.await(ClientEvent.CaughtUp.class);
        assertEquals(2, get(again.client.devices().all()).size());
      }
    }
  }

  @Test
  void newAccountKeyIsAnnouncedToContacts() throws Exception {
    try (Person ivan = registered("ivan");
        Person judy = registered("judy")) {
      ivan.say(judy, "hello");
      judy.awaitShown(ivan, "hello");
      get(ivan.client.devices().changePassword(Person.PASSWORD, NEW_PASSWORD, true));
      judy.say(ivan, "to whom");
      var changed = judy.await(ClientEvent.KeyChanged.class);
      judy.client.acceptKey(changed.user(), changed.accountKey());
      ivan.awaitShown(judy, "to whom");
    }
  }

  @Test
  void wrongPasswordChangesNothing() throws Exception {
    try (Person mallory = registered("mallory")) {
      DeviceId own = idOf(mallory);
      assertRefused(
          ErrorCode.SIGN_IN_FAILED, mallory.client.devices().revoke(own, NEW_PASSWORD));
      try (Person other =
          Person.empty(mallory, server.url(), folder.resolve("mallory-other"))) {
        assertRefused(
            ErrorCode.SIGN_IN_FAILED,
            other.client.login("mallory", NEW_PASSWORD, Optional.empty()));
      }
      assertEquals(1, get(mallory.client.devices().all()).size());
    }
  }

  @Test
  void nameOfADeviceReachesTheOther() throws Exception {
    try (Person nina = registered("nina");
        Person phone = linked(nina, "phone")) {
      nina.await(ClientEvent.OwnDevicesChanged.class);
      DeviceId own = idOf(nina);
      nina.client.devices().rename(own, "Laptop");
      phone.awaitThat(
          "the name", () -> phone.client.devices().nameOf(own).equals(Optional.of("Laptop")));
    }
  }
}
