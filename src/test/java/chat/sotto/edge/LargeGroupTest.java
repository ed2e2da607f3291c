package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.TestServer;
import chat.sotto.journal.Store;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupOp;
import chat.sotto.model.Membership;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many people in one group as there may be, half of them online. */
class LargeGroupTest {
  private static final int ONLINE = 100;
  private static final int ACKNOWLEDGED_EACH = 32;

  @TempDir Path data;

  private final TestGroup group = new TestGroup();
  private final TestUser founder = new TestUser("founder");
  private final Map<TestUser, Secret> tokens = new HashMap<>();
  private TestServer server;

  @Test
  void aPostToTwoHundredIsOneEventAndOneBodyAndReachesAllWhoAreOnline() throws Exception {
    Map<String, Object> limits =
        Map.of(
            "sotto.limits.connections-per-address", 1000,
            "sotto.limits.silence-max", "10 m",
            "sotto.limits.look-ups-per-user.burst", 1000);
    server = TestServer.start(data, limits);
    try (var first = RawClient.registered(server.server(), founder)) {
      group.append(first, founder, group.commit(TestGroup.found(founder)));
      List<TestUser> people = register(Membership.ROWS_MAX - 1);
      for (int from = 0; from < people.size(); from += Membership.INVITES_MAX) {
        int to = Math.min(from + Membership.INVITES_MAX, people.size());
        var invites = people.subList(from, to).stream().map(TestGroup::invite);
        group.append(first, founder, group.commit(invites.toArray(GroupOp[]::new)));
      }
      for (TestUser person : people) {
        try (var client = signedIn(person)) {
          group.append(client, person, group.confirm(founder));
        }
      }
      assertReachesAll(first, people.subList(0, ONLINE));
    } finally {
      server.close();
    }
  }

  private List<TestUser> register(int count) throws Exception {
    List<TestUser> people = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var person = new TestUser("member%03d".formatted(i));
      try (var client = RawClient.registered(server.server(), person)) {
        tokens.put(person, client.token());
      }
      people.add(person);
    }
    return people;
  }

  private RawClient signedIn(TestUser person) throws Exception {
    RawClient client = RawClient.connect(server.server());
    client.resume(person, tokens.get(person));
    return client;
  }

  private void assertReachesAll(RawClient from, List<TestUser> online) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (TestUser person : online) {
        RawClient client = signedIn(person);
        clients.add(client);
        catchUp(client, person);
      }
      long bodies = server.bodies();
      long events = events();
      Bytes text = TestGroup.random(300);
      group.append(from, founder, group.post(founder), text);
      assertEquals(bodies + 1, server.bodies());
      assertEquals(events + 1, events());
      for (RawClient client : clients) {
        assertEquals(Optional.of(text), group.hearHead(client).ciphertext());
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  /** Takes what is there, and acknowledges it as it comes. */
  private void catchUp(RawClient client, TestUser person) throws Exception {
    long reached = 0;
    while (reached < group.head().sequenceNr()) {
      if (client.hear() instanceof ServerFrame.GroupEntryPush push) {
        reached = push.sequenceNr();
        if (reached % ACKNOWLEDGED_EACH == 0 || reached == group.head().sequenceNr()) {
          TestGroup.acknowledge(client, person, push);
        }
      }
    }
    client.hear(ServerFrame.CaughtUp.class);
  }

  private long events() throws Exception {
    return Store.get(server.system())
        .journal()
        .read("Group|" + group.id, 0, Long.MAX_VALUE)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .size();
  }
}
