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

/**
 * New people with a browser each, on one real server for the whole class. A browser that opens the
 * page for the first time and makes an account takes longer than most of what is then tested.
 */
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
    alice = person("alice" + PAIRS.incrementAndGet());
  }

  Person person(String name) {
    return new Person(name, chromium.freshProfile(), server.url(), faults);
  }

  /** Somebody else in this test. */
  Person friend(String name) {
    return person(alice.name.replace("alice", name));
  }

  /** Both have accounts. */
  void meetBob() {
    alice.createAccount();
    bob = friend("bob").createAccount();
  }

  /** Both have accounts, and alice has opened a conversation with bob. */
  void talk() {
    meetBob();
    alice.startConversation(bob.name);
  }

  /** Whatever was done: no policy was violated, nothing was loaded from elsewhere. */
  @AfterEach
  void part() {
    alice.close();
    if (bob != null) bob.close();
    assertEquals(List.of(), faults);
  }
}
