package chat.sotto.load;

import chat.sotto.audit.LongJournals;
import chat.sotto.audit.MadeJournal;
import chat.sotto.client.Link;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ServerFrame;
import java.io.PrintStream;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * How long a question about somebody takes whom the server does not hold in memory, by the events
 * that it has to apply first: from the frame that asks for the person's devices until the answer is
 * there.
 */
final class RecoveryGrowth {
  private static final int EVENTS = 100_000;
  private static final int ALIKE = 4;
  private static final int IDLE = 1_000;
  private static final int FEW = 50;
  private static final int MANY = 1_000;

  /** Those who write {@link #EACH_WRITES} messages to each whom nobody has answered yet. */
  private static final int WRITERS = 5;

  /** As many as may be unanswered. */
  private static final int EACH_WRITES = 50;

  private static final int AT_ONCE = 25;

  /** A snapshot is made each 500 events, and here with the first: it is usually so old. */
  private static final int SINCE_SNAPSHOT = WRITERS * EACH_WRITES - 1;

  private static final double MILLIS_A_SECOND = 1_000;

  private final PrintStream out;
  private final List<Someone> idle = new ArrayList<>();
  private final List<Someone> ofFew = new ArrayList<>();
  private final List<Someone> ofMany = new ArrayList<>();
  private Bench bench;
  private List<Line> lines = List.of();

  private record Someone(UserName name, DeviceId device) {
    static Someone of(chat.sotto.audit.Member member) {
      return new Someone(member.user, member.device);
    }
  }

  /** The server ends and starts again. */
  private static final class Unmoved implements Line.Ear {
    @Override
    public void closed(int code) {}
  }

  private RecoveryGrowth(PrintStream out) {
    this.out = out;
  }

  static void measure(PrintStream out, Progress progress) throws SQLException {
    var growth = new RecoveryGrowth(out);
    progress.at("making %d users with %,d events each".formatted(2 * ALIKE, EVENTS));
    try (var server = MadeServer.with(growth::fill);
        var bench = new Bench(Plans.pairs(1), server, progress)) {
      growth.bench = bench;
      growth.measure(server);
    }
  }

  private void fill(MadeJournal journal) throws SQLException {
    List<chat.sotto.audit.Member> people = LongJournals.register(journal, "idle", MANY + IDLE);
    people.subList(MANY, MANY + IDLE).forEach(member -> idle.add(Someone.of(member)));
    for (int i = 0; i < ALIKE; i++) {
      var writers = people.subList(0, FEW);
      ofFew.add(Someone.of(LongJournals.busy(journal, "few" + i, writers, EVENTS)));
    }
    for (int i = 0; i < ALIKE; i++) {
      var writers = people.subList(0, MANY);
      ofMany.add(Someone.of(LongJournals.busy(journal, "many" + i, writers, EVENTS)));
    }
  }

  private void measure(OwnServer server) throws SQLException {
    List<Member> asking = bench.crew.make(WRITERS);
    comeOnline(asking, member -> member::register);
    out.println("| asked for | first, ms | others: median | worst"
        + " | server's CPU for each, ms |");
    out.println("|---|---|---|---|---|");
    row("no snapshot, 3 events", idle);
    row("no snapshot, %,d events of %d people".formatted(EVENTS, FEW), ofFew);
    row("no snapshot, %,d events of %,d people".formatted(EVENTS, MANY), ofMany);
    ofFew.forEach(this::write);
    ofMany.forEach(this::write);
    server.stop();
    server.start();
    comeOnline(asking, member -> member::resume);
    row("no snapshot, 3 events, after a restart", idle);
    String then = "snapshot and %d events then, of %,d people";
    row(then.formatted(SINCE_SNAPSHOT, FEW), ofFew);
    row(then.formatted(SINCE_SNAPSHOT, MANY), ofMany);
    row("in memory", idle);
    out.printf("%nA snapshot of %d people has %s, ", FEW, snapshotOf(server, ofFew.get(0)));
    out.printf("one of %,d people %s.%n", MANY, snapshotOf(server, ofMany.get(0)));
  }

  private void comeOnline(List<Member> members, Function<Member, Line.First> first) {
    var coming = new ArrayList<Crew.Coming>();
    members.forEach(
        member -> coming.add(new Crew.Coming(member, first.apply(member), new Unmoved())));
    lines = bench.crew.bring(coming, "came online", i -> i);
  }

  private void row(String what, List<Someone> people) {
    var samples = new Samples();
    Usage before = bench.serverNow().orElseThrow();
    for (Someone someone : people) {
      long begun = System.nanoTime();
      ask(someone);
      samples.addSince(begun);
    }
    double cpu = bench.serverNow().orElseThrow().cpuSecondsSince(before);
    out.printf(
        "| %s | %s | %.1f |%n",
        what, samples.firstAndOthers(), cpu * MILLIS_A_SECOND / people.size());
    out.flush();
  }

  /** Again, as clients do, if the server could not answer in its time. */
  private void ask(Someone someone) {
    ServerFrame.Reply reply;
    Line line = lines.get(0);
    Link.Request question =
        (nonce, token) -> new ClientFrame.Devices(nonce, token, someone.name);
    do {
      reply = Crew.await(line.onLoop(() -> line.request(question)));
    } while (reply instanceof ServerFrame.Failed);
    require(reply instanceof ServerFrame.DeviceListReply, reply);
  }

  /** The first of these makes a snapshot, since there was none. */
  private void write(Someone to) {
    for (Line line : lines) {
      for (int n = 1; n <= EACH_WRITES; n += AT_ONCE) {
        var answers = new ArrayList<CompletableFuture<ServerFrame.Reply>>();
        for (int i = n; i < n + AT_ONCE; i++) {
          Link.Request message = message(to, i);
          answers.add(line.onLoop(() -> line.request(message)));
        }
        for (CompletableFuture<ServerFrame.Reply> answer : answers) {
          ServerFrame.Reply reply = Crew.await(answer);
          require(reply instanceof ServerFrame.Accepted, reply);
        }
      }
    }
  }

  private static Link.Request message(Someone to, int n) {
    var copies =
        List.of(new ClientFrame.Copy(to.device, Bytes.of(Member.random(Stamp.BYTES))));
    Bytes id = Bytes.of(Member.random(Stamp.BYTES));
    return (nonce, token) -> new ClientFrame.Send(nonce, token, to.name, n, 1, id, copies);
  }

  private static String snapshotOf(OwnServer server, Someone someone) throws SQLException {
    String largest =
        "SELECT max(length(bytes)) FROM snapshot"
            + " WHERE entity = (SELECT id FROM entity WHERE name = ?)";
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + server.data().resolve("sotto.db"));
        var statement = connection.prepareStatement(largest)) {
      statement.setString(1, "User|" + someone.name);
      try (var row = statement.executeQuery()) {
        row.next();
        return "%,d bytes".formatted(row.getLong(1));
      }
    }
  }

  private static void require(boolean holds, ServerFrame.Reply reply) {
    if (!holds) {
      throw new LoadException("not what was asked for: " + reply);
    }
  }
}
