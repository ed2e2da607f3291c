package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.FailingStore;
import chat.sotto.client.Message;
import chat.sotto.crypto.PasswordSecrets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server keeps, writes and remembers holds nothing that would let it read. */
class SecretsTest {
  private static final String TEXT = "the heron leaves the marsh at a quarter to seven";
  private static final int PRIVATE_KEY_BYTES = 32;

  @TempDir Path folder;

  /** Remembers what it made: every private key of a client is one of these. */
  private static final class Recording extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient List<byte[]> made = new CopyOnWriteArrayList<>();

    @Override
    public void nextBytes(byte[] bytes) {
      super.nextBytes(bytes);
      if (bytes.length == PRIVATE_KEY_BYTES) {
        made.add(bytes.clone());
      }
    }
  }

  @Test
  void serverKeepsNoTextNoPasswordAndNoPrivateKey() throws Exception {
    var keys = new Recording();
    try (var server = new ServerProcess(folder.resolve("server"));
        Person alice = person("alice", server, keys);
        Person bob = person("bob", server, keys)) {
      bob.client.disconnect();
      // One that waits in the server when it is looked at, and some that went through it.
      alice.awaitState(alice.say(bob, TEXT + ", first"), Message.State.SENT);
      bob.client.connect();
      bob.awaitShown(alice, TEXT + ", first");
      alice.awaitState(alice.say(bob, TEXT + ", second"), Message.State.DELIVERED);
      bob.client.disconnect();
      alice.awaitState(alice.say(bob, TEXT + ", third"), Message.State.SENT);

      Set<String> inHeap = new Needles().text("text", TEXT).findIn(server.dumpHeap());
      assertEquals(Set.of(), inHeap);
      assertFalse(new Needles().text("name", "server-host").findIn(heap(server)).isEmpty());

      Needles secrets = new Needles().text("text", TEXT).text("password", Person.PASSWORD);
      for (String name : List.of("alice", "bob")) {
        var derived = PasswordSecrets.derive(Person.PASSWORD, "localhost", name);
        secrets.bytes(name + "'s auth secret", derived.authSecret());
        secrets.bytes(name + "'s vault key", derived.vaultKey());
      }
      assertTrue(keys.made.size() > 200, "prekeys, device and account keys of two people");
      keys.made.forEach(key -> secrets.bytes("a private key", key));
      Files.delete(heap(server));
      assertEquals(Set.of(), secrets.findIn(folder.resolve("server")));
      assertSearchFinds(server);
    }
  }

  private Person person(String name, ServerProcess server, Recording keys) throws Exception {
    Path file = Files.createDirectories(folder.resolve("clients")).resolve(name);
    return Person.registered(name, server.url(), new FailingStore(file), keys);
  }

  private static Path heap(ServerProcess server) {
    return server.data().resolveSibling("heap.hprof");
  }

  /** The search would have found something: the server knows names, and a client its own keys. */
  private void assertSearchFinds(ServerProcess server) throws Exception {
    assertFalse(new Needles().text("a type", "registered").findIn(server.data()).isEmpty());
    assertFalse(new Needles().text("text", TEXT).findIn(folder.resolve("clients")).isEmpty());
    Path encoded = folder.resolve("encoded");
    byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
    for (String before : List.of("", "x", "xy")) {
      byte[] shifted = (before + TEXT).getBytes(StandardCharsets.UTF_8);
      Files.write(encoded, Base64.getUrlEncoder().encode(shifted));
      assertFalse(new Needles().bytes("text", text).findIn(encoded).isEmpty());
    }
  }
}
