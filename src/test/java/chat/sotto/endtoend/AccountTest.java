package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.Alarm;
import chat.sotto.client.ClientEvent;
import chat.sotto.client.FailingStore;
import chat.sotto.client.Message;
import chat.sotto.client.SottoException;
import chat.sotto.client.StoreException;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import chat.sotto.protocol.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out, and asking for people. */
class AccountTest {
  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void startServer() {
    server = new RunningServer(folder.resolve("data"));
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  private static Person registered(String name) throws Exception {
    return Person.registered(name, server.url(), folder);
  }

  private static Person stranger(String name) {
    return Person.over(server.url(), name, new FailingStore(folder.resolve(name + ".new")));
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static void assertRefused(ErrorCode code, CompletableFuture<?> future) {
    var failure = assertThrows(ExecutionException.class, () -> get(future));
    var refused = assertInstanceOf(SottoException.class, failure.getCause());
    assertEquals(Optional.of(code), refused.code());
  }

  @Test
  void takenNameIsRefusedAndAnotherCanBeTaken() throws Exception {
    registered("taken").close();
    try (Person second = stranger("taken")) {
      assertRefused(ErrorCode.NAME_TAKEN, second.client.register("taken", Person.PASSWORD));
      get(second.client.register("not-taken", Person.PASSWORD));
      assertEquals(new UserName("not-taken"), second.client.user());
      assertThrows(
          IllegalStateException.class,
          () -> second.client.register("a-third", Person.PASSWORD),
          "one store, one account");
    }
  }

  @Test
  void weakPasswordsAndInvalidNamesAreRefusedBeforeAnythingIsSent() {
    try (Person nobody = stranger("nobody")) {
      for (String weak : List.of("short", "x nobody x 1", "password123", "Pass-Word 123")) {
        assertThrows(
            IllegalArgumentException.class, () -> nobody.client.register("nobody", weak), weak);
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> nobody.client.register("No Body", Person.PASSWORD));
      assertThrows(StoreException.class, () -> nobody.client.login(Person.PASSWORD));
    }
  }

  @Test
  void wrongPasswordIsRefusedAndTheRightOneSignsIn() throws Exception {
    try (Person gina = registered("gina")) {
      assertRefused(ErrorCode.SIGN_IN_FAILED, gina.client.login("not the right words"));
      get(gina.client.login(Person.PASSWORD));
    }
  }

  @Test
  void registeringAgainAfterAnUnknownOutcomeSignsIn() throws Exception {
    Path file = folder.resolve("hugo.sotto");
    try (Person hugo = registered("hugo")) {
      hugo.client.disconnect();
    }
    // As a store is that never heard the answer to its registration.
    TestStores.forgetAnswerToRegistration(file);
    try (Person hugo = Person.over(server.url(), "hugo", new FailingStore(file))) {
      get(hugo.client.register("hugo", Person.PASSWORD));
      hugo.await(ClientEvent.CaughtUp.class);
    }
  }

  @Test
  void signingOutEndsTheTokenAndKeepsEverythingElse() throws Exception {
    try (Person ida = registered("ida");
        Person jan = registered("jan")) {
      ida.awaitState(ida.say(jan, "before"), Message.State.DELIVERED);
      get(ida.client.signOut());
      assertThrows(IllegalStateException.class, () -> ida.client.connect());
      jan.awaitState(jan.say(ida, "while away"), Message.State.SENT);
      Bytes pending = ida.say(jan, "written offline");
      ida.forgetEvents();
      get(ida.client.login(Person.PASSWORD));
      ida.awaitShown(jan, "while away");
      ida.awaitState(pending, Message.State.DELIVERED);
      assertEquals(3, ida.texts(jan).size());
    }
  }

  @Test
  void newerConnectionOfTheDeviceReplacesTheOlder() throws Exception {
    Path file = folder.resolve("kim.sotto");
    try (Person kim = registered("kim")) {
      Path copy = folder.resolve("kim.copy");
      TestStores.copy(file, copy);
      try (Person twin = Person.over(server.url(), "kim", new FailingStore(copy))) {
        twin.client.connect();
        kim.await(ClientEvent.Replaced.class);
        twin.await(ClientEvent.CaughtUp.class);
      }
      assertTrue(kim.events().stream().noneMatch(ClientEvent.Reconnecting.class::isInstance));
    }
  }

  @Test
  void peopleOnlineAreListedAsFarAsTheyLetThemselvesBe() throws Exception {
    try (Person lea = registered("on-lea");
        Person max = registered("on-max")) {
      var all = get(lea.client.online(Optional.of("on-"), Optional.empty()));
      assertEquals(List.of(max.name), all.users());
      get(max.client.setVisibility(Visibility.NOBODY));
      var none = get(lea.client.online(Optional.of("on-"), Optional.empty()));
      assertEquals(List.of(), none.users());
    }
  }

  @Test
  void conversationBeginsOnlyWithSomebodyWhoExists() throws Exception {
    try (Person nina = registered("nina");
        Person omar = registered("omar")) {
      assertRefused(
          ErrorCode.UNKNOWN_USER, nina.client.startConversation(new UserName("nobody-there")));
      assertThrows(
          IllegalArgumentException.class, () -> nina.client.startConversation(nina.name));
      assertEquals(Optional.empty(), nina.client.safetyNumber(omar.name));
      get(nina.client.startConversation(omar.name));
      get(omar.client.startConversation(nina.name));
      String digits = nina.client.safetyNumber(omar.name).orElseThrow().digits();
      assertEquals(60, digits.length());
      assertEquals(digits, omar.client.safetyNumber(nina.name).orElseThrow().digits());
    }
  }

  @Test
  void anotherServerUnderTheSameNameIsAnAlarm() throws Exception {
    try (Person paul = registered("paul");
        var other = new RunningServer(folder.resolve("other-data"))) {
      paul.client.close();
      Person lured = paul.over(other.url());
      lured.client.connect();
      assertEquals(
          Alarm.SERVER_KEY_CHANGED, lured.await(ClientEvent.Alarmed.class).alarm());
      assertRefusedByAlarm(lured);
      lured.client.close();
    }
  }

  /** The password is not sent to it either. */
  private static void assertRefusedByAlarm(Person lured) {
    var failure =
        assertThrows(ExecutionException.class, () -> get(lured.client.login(Person.PASSWORD)));
    var refused = assertInstanceOf(SottoException.class, failure.getCause());
    assertEquals(Optional.empty(), refused.code());
  }

  @Test
  void storeIsReadableByItsOwnerOnlyAndByOneProgramAtATime() throws Exception {
    Path file = folder.resolve("quinn.sotto");
    try (Person quinn = registered("quinn")) {
      for (Path part : List.of(file, folder.resolve("quinn.sotto-wal"))) {
        var mode = Files.getPosixFilePermissions(part);
        assertEquals(2, mode.size(), part + " is " + mode);
      }
      assertThrows(StoreException.class, () -> new FailingStore(file));
    }
    new FailingStore(file).close();
  }

  @Test
  void textsOfEverySizeArriveAndLargerOnesAreRefused() throws Exception {
    try (Person rosa = registered("rosa");
        Person sven = registered("sven")) {
      String largest = "x".repeat(64 * 1024);
      String quotes = "\"".repeat(64 * 1024);
      for (String text : List.of("é", "x".repeat(5_000), largest, quotes)) {
        rosa.say(sven, text);
        sven.awaitShown(rosa, text);
      }
      assertThrows(IllegalArgumentException.class, () -> rosa.say(sven, largest + "x"));
      assertThrows(IllegalArgumentException.class, () -> rosa.say(sven, ""));
      assertThrows(IllegalArgumentException.class, () -> rosa.say(sven, "\ud800"));
      assertThrows(
          IllegalArgumentException.class, () -> rosa.say(sven, "\u0001".repeat(64 * 1024)));
      rosa.say(sven, "and on");
      sven.awaitShown(rosa, "and on");
    }
  }
}
