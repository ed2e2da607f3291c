package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device knows of its user's lists that came while it was away. */
class OwnListsTest {
  @TempDir Path folder;
  private Party alice;
  private DeviceList first;
  private DeviceList second;
  private DeviceList third;

  @BeforeEach
  void makeLists() {
    alice = new Party("alice", folder);
    first = alice.list();
    second = alice.nextList(5);
    third = alice.nextListAfter(second, 6);
  }

  @AfterEach
  void closeStore() {
    alice.close();
  }

  private void take(DeviceList list) {
    alice.store.transaction(rows -> new OwnLists(rows).take(list));
  }

  private Optional<OwnLists.Name> named(long version) {
    return alice.store.transaction(rows -> new OwnLists(rows).named(version));
  }

  @Test
  void listThatWasNeverSeenIsNamedByTheNext() {
    take(third);
    assertEquals(Optional.of(OwnLists.Name.of(first)), named(1));
    assertEquals(Optional.of(OwnLists.Name.of(second)), named(2));
    assertEquals(Optional.of(OwnLists.Name.of(third)), named(3));
    assertEquals(Optional.empty(), named(4));
  }

  @Test
  void listBeforeAnotherAccountKeyIsNotNamed() {
    Ed25519.SigningKey newKey = Ed25519.generate(alice.random);
    DeviceList announced =
        Statements.signDeviceList(
                newKey, alice.user, Party.HOST, 2, Statements.listHash(first), first.devices())
            .with(
                Statements.signKeyChange(
                    alice.self().deviceKey(),
                    alice.self().device(),
                    first,
                    Bytes.of(newKey.publicKey())));
    DeviceList unseen =
        Statements.signDeviceList(
                newKey, alice.user, Party.HOST, 5, second.prevHash(), first.devices())
            .with(announced.keyChange().orElseThrow());
    take(announced);
    take(unseen);
    assertEquals(Optional.of(OwnLists.Name.of(announced)), named(2));
    assertEquals(Optional.empty(), named(4));
  }
}
