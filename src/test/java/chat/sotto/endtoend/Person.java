package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.FailingStore;
import chat.sotto.client.ListPause;
import chat.sotto.client.Message;
import chat.sotto.client.SottoClient;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Somebody with one device, as a test sees them: writes, and waits for what it is told. */
final class Person implements AutoCloseable {
  static final String PASSWORD = "staple battery horse";
  private static final long PATIENCE_SECONDS = 180;

  /** So that no test waits for the first word that others have. */
  private static final ListPause SOON =
      new ListPause(Duration.ofMillis(50), Duration.ofMillis(500));

  final UserName name;
  final FailingStore store;
  final SottoClient client;
  private final List<ClientEvent> events = new CopyOnWriteArrayList<>();

  private Person(String name, URI server, FailingStore store) {
    this(name, server, store, new SecureRandom());
  }

  private Person(String name, URI server, FailingStore store, SecureRandom random) {
    this.name = new UserName(name);
    this.store = store;
    client = new SottoClient(server, store, this::told, Clock.systemUTC(), random, SOON);
  }

  /** With an account that is signed in. */
  static Person registered(String name, URI server, Path folder) throws Exception {
    var store = new FailingStore(folder.resolve(name + ".sotto"));
    return registered(name, server, store, new SecureRandom());
  }

  static Person registered(String name, URI server, FailingStore store, SecureRandom random)
      throws Exception {
    var person = new Person(name, server, store, random);
    person.client.register(name, PASSWORD).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    person.await(ClientEvent.CaughtUp.class);
    return person;
  }

  /** One more device of somebody, linked and caught up. */
  static Person linked(Person first, URI server, Path file) throws Exception {
    Person person = empty(first, server, file);
    person
        .client
        .login(first.name.value(), PASSWORD, Optional.empty())
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    person.await(ClientEvent.CaughtUp.class);
    return person;
  }

  /** A client of somebody that has nothing yet. */
  static Person empty(Person first, URI server, Path file) {
    return new Person(first.name.value(), server, new FailingStore(file));
  }

  /** With what a store holds, not connected. */
  static Person over(URI server, String name, FailingStore store) {
    return new Person(name, server, store);
  }

  /** The same person and store over another address; the client before must be closed. */
  Person over(URI server) {
    return new Person(name.value(), server, store);
  }

  private void told(ClientEvent event) {
    synchronized (events) {
      events.add(event);
      events.notifyAll();
    }
  }

  List<ClientEvent> events() {
    return List.copyOf(events);
  }

  void forgetEvents() {
    events.clear();
  }

  Bytes say(Person to, String text) {
    return client.sendText(to.name, text);
  }

  List<String> texts(Person with) {
    return client.messages(with.name).stream().map(Message::text).toList();
  }

  Message message(Person with, Bytes id) {
    return client.messages(with.name).stream()
        .filter(message -> message.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  <T extends ClientEvent> T await(Class<T> type) throws InterruptedException {
    return type.cast(await(type.getSimpleName(), type::isInstance));
  }

  void await(ClientEvent event) throws InterruptedException {
    await(event.toString(), event::equals);
  }

  void awaitState(Bytes id, Message.State state) throws InterruptedException {
    await(
        state + " of " + id,
        event ->
            event instanceof ClientEvent.StateChanged changed
                && changed.message().id().equals(id)
                && changed.message().state() == state);
  }

  void awaitShown(Person from, String text) throws InterruptedException {
    await(
        "\"" + text + "\" of " + from.name,
        event ->
            event instanceof ClientEvent.MessageShown shown
                && shown.message().with().equals(from.name)
                && shown.message().text().equals(text));
  }

  /** Waits for an event, which may have come already. */
  ClientEvent await(String what, Predicate<ClientEvent> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (events) {
      while (true) {
        var found = events.stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return fail(name + " was never told of " + what + ", but of " + events);
        }
        events.wait(left);
      }
    }
  }

  /** Waits until something holds that changes only when this person is told of something. */
  void awaitThat(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (events) {
      while (!holds.getAsBoolean()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        assertTrue(left > 0, name + " never saw " + what + "; was told " + events);
        events.wait(left);
      }
    }
  }

  /** Asks until the server answers: without a connection a question fails at once. */
  <T> T ask(Supplier<CompletableFuture<T>> question) throws Exception {
    client.connect();
    while (true) {
      int told = events.size();
      try {
        return question.get().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        awaitThat("an answer after " + e.getCause(), () -> events.size() > told);
      }
    }
  }

  void awaitMessages(Person from, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (events) {
      while (received(from) < count) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        assertTrue(left > 0, name + " has " + received(from) + " of " + count);
        events.wait(left);
      }
    }
  }

  private long received(Person from) {
    return events.stream()
        .filter(event -> event instanceof ClientEvent.MessageShown shown
            && shown.message().with().equals(from.name))
        .count();
  }

  @Override
  public void close() {
    client.close();
    store.close();
  }
}
