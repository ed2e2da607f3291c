package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two new people with a browser each, on one real server for the whole class. */
abstract class RealServerTest {
  private static final AtomicInteger PAIRS = new AtomicInteger();

  static ServerProcess server;
  static Chromium chromium;

  final List<String> faults = new CopyOnWriteArrayList<>();
  Person alice;
  Person bob;

  @BeforeAll
  static void open(@TempDir Path folder) throws IOException {
    server = new ServerProcess(folder);
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
    server.close();
  }

  @BeforeEach
  void meet() {
    var pair = PAIRS.incrementAndGet();
    alice = person("alice" + pair);
    bob = person("bob" + pair);
  }

  Person person(String name) {
    return new Person(name, chromium.freshProfile(), server.url(), faults);
  }

  /** Both have accounts, and alice has opened a conversation with bob. */
  void talk() {
    alice.createAccount();
    bob.createAccount();
    alice.startConversation(bob.name);
  }

  /** Whatever was done: no policy was violated, nothing was loaded from elsewhere. */
  @AfterEach
  void part() {
    alice.close();
    bob.close();
    assertEquals(List.of(), faults);
  }
}
