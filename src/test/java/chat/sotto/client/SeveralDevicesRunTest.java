package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two people whose devices write, send, receive and are added in an order that chance decides.
 * Whatever was accepted shows on every device that it was accepted for, once, and nothing else does.
 */
class SeveralDevicesRunTest {
  private static final int STEPS = 150;
  private static final int DEVICES_MAX = 3;

  @TempDir Path folder;
  private final List<Party> devices = new ArrayList<>();
  private final Map<Party, Deque<EntryPush>> pushed = new HashMap<>();
  private final Map<Party, List<String>> accepted = new HashMap<>();
  private Random chance;
  private int written;

  @AfterEach
  void closeStores() {
    devices.forEach(Party::close);
  }

  private void add(Party device) {
    devices.add(device);
    pushed.put(device, new ArrayDeque<>());
    accepted.put(device, new ArrayList<>());
  }

  private List<Party> of(UserName user) {
    return devices.stream().filter(device -> device.user.equals(user)).toList();
  }

  private Party newest(UserName user) {
    List<Party> own = of(user);
    return own.get(own.size() - 1);
  }

  private Party other(Party device) {
    return newest(new UserName(device.user.value().equals("alice") ? "bob" : "alice"));
  }

  @Test
  void everyDeviceShowsWhatWasAcceptedForItOnce() {
    long seed = System.nanoTime();
    chance = new Random(seed);
    add(new Party("alice", folder));
    add(new Party("bob", folder));
    for (int i = 0; i < STEPS; i++) {
      step(devices.get(chance.nextInt(devices.size())));
    }
    while (devices.stream().anyMatch(this::settle)) {
      // Receipts and confirmations go on until nobody has anything to say.
    }
    for (Party device : devices) {
      List<String> shown =
          device.messages(other(device)).stream().map(Message::text).sorted().toList();
      List<String> expected = accepted.get(device).stream().sorted().toList();
      assertEquals(expected, shown, device.user + ", seed " + seed);
    }
    assertTrue(written > 0);
  }

  private void step(Party device) {
    switch (chance.nextInt(8)) {
      case 0, 1 -> write(device);
      case 2, 3 -> send(device, other(device));
      case 4 -> send(device, device);
      case 5, 6 -> receive(device);
      default -> link(device);
    }
  }

  private void write(Party device) {
    String text = "text " + ++written;
    Party to = other(device);
    Bytes id = device.write(to, text);
    accepted.get(device).add(text);
    device.store.transaction(
        rows -> {
          String conversation = Plaintext.conversation(device.user, to.user);
          new Outbox(rows)
              .addOwnCopy(
                  Self.of(rows), conversation, id, new Content.Text(text), device.now);
          return null;
        });
  }

  private boolean send(Party from, Party to) {
    DeviceList list = newest(to.user).list();
    if (!from.user.equals(to.user) && !knows(from, to.user)) {
      from.learn(to.user, list);
    }
    Sending.Step step = from.next(to, "", keys(to.user));
    if (!(step instanceof Sending.Step.Ready item)) {
      return false;
    }
    if (item.sealed().listVersion() != list.version()) {
      from.store.transaction(rows -> answers(rows, from).devicesChanged(to.user, list));
      return true;
    }
    textOf(from, item).ifPresent(text -> accept(item, text));
    Function<Party, EntryPush> push = newest(to.user).inbox().appendAll(from, item);
    of(to.user).forEach(device -> pushed.get(device).add(push.apply(device)));
    long n = from.store.transaction(rows -> answers(rows, from).nextNumber(to.user));
    from.store.transaction(
        rows ->
            answers(rows, from).accepted(to.user, item.key(), n, item.messageId(), from.now));
    return true;
  }

  private static boolean knows(Party device, UserName user) {
    return device.store.transaction(
        rows -> new People(rows, Party.HOST).find(user).isPresent());
  }

  private List<DeviceKeys> keys(UserName user) {
    return of(user).stream().flatMap(device -> device.giveKeys().stream()).toList();
  }

  private Optional<String> textOf(Party from, Sending.Step.Ready item) {
    return from.messages(other(from)).stream()
        .filter(line -> line.mine() && line.id().equals(item.messageId()))
        .map(Message::text)
        .findFirst();
  }

  private void accept(Sending.Step.Ready item, String text) {
    for (Party device : devices) {
      boolean hasCopy =
          item.sealed().copies().stream()
              .anyMatch(copy -> copy.device().equals(device.self().device()));
      if (hasCopy) {
        accepted.get(device).add(text);
      }
    }
  }

  private boolean receive(Party device) {
    EntryPush push = pushed.get(device).poll();
    if (push != null) {
      device.receive(push);
    }
    return push != null;
  }

  private void link(Party of) {
    List<Party> own = of(of.user);
    if (own.size() < DEVICES_MAX) {
      Party last = newest(of.user);
      Party device = new Party(last, last.offer(), folder);
      add(device);
      own.forEach(sibling -> sibling.hear(device.list()));
    }
  }

  private boolean settle(Party device) {
    boolean did = receive(device);
    device.addReceipts();
    did |= send(device, other(device));
    did |= send(device, device);
    return did;
  }

  private static Answers answers(Rows rows, Party of) {
    return new Answers(rows, of.random, of.now);
  }
}
