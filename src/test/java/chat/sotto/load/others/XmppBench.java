package chat.sotto.load.others;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Workloads of {@code sotto load}, for an XMPP server. */
final class XmppBench implements AutoCloseable {
  private static final String BACK = "back";
  private static final String ROOM = "room@conference." + XmppLine.DOMAIN;
  /** Who are signing in at the same time. */
  private static final int CALLERS = 64;

  private final XmppServer server;
  private final Measuring.Plan plan;
  private final Measuring measuring;

  XmppBench(XmppServer server, Measuring.Plan plan) throws IOException {
    this.server = server;
    this.plan = plan;
    this.measuring = new Measuring(plan);
  }

  private XmppLine line(String user, int number) throws IOException {
    XmppLine line = absent(user, number, true);
    line.beThere();
    return line;
  }

  /** Somebody to whom nothing is sent yet. */
  private XmppLine absent(String user, int number, boolean isNew) throws IOException {
    return new XmppLine(server.address(), user, isNew, measuring.loop(number));
  }

  private void write(XmppLine by, String type, String to, int number, long dueNanos) {
    by.send(XmppLine.message(type, to, number, dueNanos, plan.size()));
    measuring.sent.incrementAndGet();
  }

  /** Pairs of whom one writes to the other. */
  Measuring.Result pairs() throws IOException, InterruptedException {
    List<LongConsumer> senders = new ArrayList<>();
    for (int i = 0; i < plan.pairs(); i++) {
      int number = i;
      XmppLine from = line("from" + i, i);
      XmppLine to = line("to" + i, i);
      LongConsumer next = due -> write(from, "chat", to.address(), number, due);
      to.begin(
          (of, due) -> {
            measuring.heard(due);
            if (measuring.isNextDue()) {
              next.accept(System.nanoTime());
            }
          });
      from.begin((of, due) -> {});
      senders.add(due -> from.loop.execute(() -> next.accept(due)));
    }
    return measuring.measured(server.process(), () -> measuring.begin(senders), 1);
  }

  /** A room in which some post, each the next once it heard its own. */
  Measuring.Result room() throws IOException, InterruptedException {
    var members = new ArrayList<XmppLine>();
    for (int i = 0; i < plan.members(); i++) {
      XmppLine line = line("member" + i, i);
      line.join(ROOM);
      members.add(line);
    }
    for (int i = 0; i < plan.members(); i++) {
      int number = i;
      XmppLine line = members.get(i);
      line.begin(
          (from, due) -> {
            measuring.heard(due);
            if (measuring.isNextDue() && from == number) {
              post(line, number);
            }
          });
    }
    return measuring.measured(
        server.process(), () -> beginRoom(members), plan.members());
  }

  private void beginRoom(List<XmppLine> members) {
    for (int i = 0; i < plan.posters(); i++) {
      int number = i;
      XmppLine line = members.get(i);
      line.loop.execute(() -> post(line, number));
    }
  }

  private void post(XmppLine line, int number) {
    write(line, "groupchat", ROOM, number, System.nanoTime());
  }

  /**
   * What came of messages to people who are offline.
   *
   * @param acceptedPerSecond by the server's word (XEP-0198)
   * @param drainedPerSecond from dialling to the last
   */
  record Offline(double acceptedPerSecond, double drainedPerSecond, long lost) {}

  /** Everybody writes to somebody offline; then those come. @param isKilled the server between */
  Offline offline(int each, boolean isKilled) throws IOException, InterruptedException {
    for (int i = 0; i < plan.pairs(); i++) {
      absent("to" + i, i, true).leave();
    }
    var accepted = new AtomicLong();
    List<XmppLine> senders = new ArrayList<>();
    for (int i = 0; i < plan.pairs(); i++) {
      XmppLine from = absent("from" + i, i, true);
      from.countStanzas();
      from.begin((of, due) -> {});
      senders.add(from);
    }
    long all = (long) each * plan.pairs();
    long begun = System.nanoTime();
    for (int i = 0; i < plan.pairs(); i++) {
      XmppLine from = senders.get(i);
      String to = "to" + i + "@" + XmppLine.DOMAIN;
      from.loop.execute(() -> writeSome(from, to, each, accepted));
    }
    measuring.await(() -> accepted.get() == all, accepted);
    double acceptedIn = (System.nanoTime() - begun) / 1e9;
    if (isKilled) {
      measuring.expectTheEnd();
      server.kill();
      server.start();
    }
    begun = System.nanoTime();
    for (int i = 0; i < plan.pairs(); i++) {
      XmppLine to = absent("to" + i, i, false);
      to.beThere();
      to.begin((of, due) -> measuring.delivered.incrementAndGet());
    }
    measuring.await(() -> measuring.delivered.get() == all, measuring.delivered);
    double drainedIn = (System.nanoTime() - begun) / 1e9;
    long drained = measuring.delivered.get();
    return new Offline(all / acceptedIn, drained / drainedIn, all - drained);
  }

  /** A window of them, and the next when the server has them. */
  private void writeSome(XmppLine from, String to, int left, AtomicLong accepted) {
    int count = Math.min(left, plan.window());
    for (int n = 0; n < count; n++) {
      write(from, "chat", to, 0, System.nanoTime());
    }
    from.askForCount(
        taken -> {
          accepted.addAndGet(count);
          if (left > count) {
            writeSome(from, to, left - count, accepted);
          }
        });
  }

  /**
   * What a restart came to.
   *
   * @param perSecond who signed in, of all who did at once
   * @param residentKibEach of the server, for each of them, once they do nothing
   */
  record Return(double perSecond, double residentKibEach) {}

  /** Accounts are made, the server starts anew, and all come back at once. */
  Return comeBack(int count, Duration idle) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      absent(BACK + i, i, true).leave();
    }
    server.restart();
    long before = residentKib(server.process());
    long begun = System.nanoTime();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    List<Future<XmppLine>> coming = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      coming.add(callers.submit(() -> back(number)));
    }
    try {
      for (Future<XmppLine> one : coming) {
        one.get().begin((of, due) -> {});
      }
    } catch (ExecutionException e) {
      throw new IOException("somebody could not come back", e);
    } finally {
      callers.shutdown();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    TimeUnit.NANOSECONDS.sleep(idle.toNanos());
    measuring.requireNoFault();
    double resident = residentKib(server.process()) - before;
    return new Return(count / seconds, resident / count);
  }

  private XmppLine back(int number) throws IOException {
    XmppLine line = absent(BACK + number, number, false);
    line.beThere();
    return line;
  }

  private static long residentKib(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      String line = lines.filter(one -> one.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  @Override
  public void close() {
    measuring.close();
  }
}
