package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupStatements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the finished jar while somebody is invited, confirms or is removed: afterwards
 * that is whole or not at all, and saying the same again finishes it.
 */
class GroupKilledServerIT {
  private static final int ROUNDS = 2;

  /** About what an invitation takes right after the start; its steps are where kills fall. */
  private static final int KILL_WITHIN_MICROS = 250_000;

  @TempDir Path folder;
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");
  private final TestGroup group = new TestGroup();
  private final Random random = new Random(11);
  private final List<ClientFrame.GroupAppend> taken = new ArrayList<>();
  private JarServer server;

  @Test
  void everyStepIsWholeOrNotAtAllAndARetryFinishesIt() throws Exception {
    try (var started = new JarServer(folder)) {
      server = started;
      RawClient.connect(server.uri()).register(alice);
      RawClient.connect(server.uri()).register(bob);
      kill(alice, group.commit(TestGroup.found(alice)));
      for (int round = 0; round < ROUNDS; round++) {
        kill(alice, group.commit(TestGroup.invite(bob)));
        assertBobHearsTheHead();
        kill(bob, group.confirm(alice));
        assertBobHearsTheHead();
        kill(alice, group.commit(TestGroup.remove(bob)));
        assertBobHearsTheHead();
      }
      assertTheLogIsWhatWasSaid();
      server.assertQuietLog();
    }
  }

  /** A server that has just started may not answer in time; that is neither yes nor no. */
  private RawClient loggedIn(TestUser user) throws Exception {
    RawClient client = RawClient.connect(server.uri());
    while (client.first(user::login, user) instanceof ServerFrame.Failed failed) {
      assertEquals(ErrorCode.UNKNOWN_OUTCOME, failed.code());
      client.close();
      client = RawClient.connect(server.uri());
    }
    return client;
  }

  /** Says it, kills the server meanwhile, and says the very same until it is accepted. */
  private void kill(TestUser by, GroupContent content) throws Exception {
    ClientFrame.GroupAppend frame;
    try (var client = loggedIn(by)) {
      frame = group.frame(client, client.nextNonce(), by, content);
      client.say(frame);
      server.killAfter(random.nextInt(KILL_WITHIN_MICROS));
    }
    server.start();
    try (var client = loggedIn(by)) {
      ServerFrame.GroupAccepted accepted = accepted(client, frame);
      assertEquals(taken.size() + 1, accepted.sequenceNr());
      group.onAccepted(by, content, accepted);
      taken.add(frame);
    }
  }

  private static ServerFrame.GroupAccepted accepted(
      RawClient client, ClientFrame.GroupAppend frame) throws Exception {
    ServerFrame.Reply reply;
    do {
      reply =
          client.ask(
              ServerFrame.Reply.class,
              nonce ->
                  new ClientFrame.GroupAppend(
                      nonce,
                      client.token(),
                      frame.group(),
                      frame.messageId(),
                      frame.content(),
                      frame.info(),
                      frame.pieces(),
                      frame.ciphertext()));
    } while (reply instanceof ServerFrame.Failed failed
        && failed.code() == ErrorCode.UNKNOWN_OUTCOME);
    return assertInstanceOf(ServerFrame.GroupAccepted.class, reply);
  }

  /** Sometimes acknowledges it, so that the next connection begins elsewhere. */
  private void assertBobHearsTheHead() throws Exception {
    try (var b = loggedIn(bob)) {
      ServerFrame.GroupEntryPush push = group.hearHead(b);
      if (random.nextBoolean()) {
        TestGroup.acknowledge(b, bob, push);
        b.assertAlive();
      }
    }
  }

  private void assertTheLogIsWhatWasSaid() throws Exception {
    try (var a = loggedIn(alice)) {
      List<ServerFrame.GroupEntryPush> log = group.hear(a, taken.size());
      assertEquals(taken.size(), log.size());
      assertEquals(
          GroupStatements.entryHash(
              GroupStatements.start(group.id).hash(), group.id, log.get(0).entry()),
          log.get(0).hash());
      for (int i = 0; i < log.size(); i++) {
        assertEquals(taken.get(i).messageId(), log.get(i).messageId());
        assertEquals(taken.get(i).content(), log.get(i).content());
      }
    }
  }
}
