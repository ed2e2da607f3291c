package chat.sotto.load.xmpp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Workloads of {@code sotto load}, for an XMPP server. */
final class XmppBench implements AutoCloseable {
  private static final String ROOM = "room@conference." + XmppLine.DOMAIN;
  private static final int LOOPS = 2;

  /** Who are signing in at the same time. */
  private static final int CALLERS = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;

  private final XmppServer server;
  private final Plan plan;
  private final List<XmppLoop> loops = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final Recorder latencies = new Recorder(3);
  private volatile boolean isOpen = true;

  /**
   * What is done.
   *
   * @param window messages of a pair that are under way at once, without a rate
   * @param rate messages a second of all pairs together
   * @param size bytes of a body
   */
  record Plan(
      int pairs,
      int window,
      OptionalInt rate,
      int members,
      int posters,
      int size,
      Duration warmUp,
      Duration seconds) {}

  /**
   * What it came to.
   *
   * @param cpuSeconds of the server, for 10,000 deliveries
   */
  record Result(
      double deliveredPerSecond,
      double p50,
      double p99,
      double cpuSeconds,
      double generatorCores,
      long lost) {}

  XmppBench(XmppServer server, Plan plan) throws IOException {
    this.server = server;
    this.plan = plan;
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new XmppLoop());
    }
  }

  private XmppLine line(String user, int number) throws IOException {
    XmppLine line = absent(user, number, true);
    line.beThere();
    return line;
  }

  /** Somebody to whom nothing is sent yet. */
  private XmppLine absent(String user, int number, boolean isNew) throws IOException {
    return new XmppLine(server.address(), user, isNew, loops.get(number % LOOPS));
  }

  private void heard(long dueNanos) {
    latencies.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos));
    delivered.incrementAndGet();
  }

  private void write(XmppLine by, String type, String to, int number, long dueNanos) {
    by.send(XmppLine.message(type, to, number, dueNanos, plan.size()));
    sent.incrementAndGet();
  }

  /** Pairs of whom one writes to the other. */
  Result pairs() throws IOException, InterruptedException {
    boolean isSteady = plan.rate().isPresent();
    List<LongConsumer> senders = new ArrayList<>();
    for (int i = 0; i < plan.pairs(); i++) {
      int number = i;
      XmppLine from = line("from" + i, i);
      XmppLine to = line("to" + i, i);
      LongConsumer next = due -> write(from, "chat", to.address(), number, due);
      to.begin(
          (of, due) -> {
            heard(due);
            if (isOpen && !isSteady) {
              next.accept(System.nanoTime());
            }
          });
      from.begin((of, due) -> {});
      senders.add(due -> from.loop.execute(() -> next.accept(due)));
    }
    return measured(() -> begin(senders, isSteady), 1);
  }

  private void begin(List<LongConsumer> senders, boolean isSteady) {
    if (isSteady) {
      pace(senders);
    } else {
      for (int i = 0; i < plan.window(); i++) {
        senders.forEach(one -> one.accept(System.nanoTime()));
      }
    }
  }

  /** Each message at its time, whatever happened to those before. */
  private void pace(List<LongConsumer> senders) {
    long gapNanos = TimeUnit.SECONDS.toNanos(1) / plan.rate().getAsInt();
    long due = System.nanoTime();
    for (int nr = 0; isOpen; nr = (nr + 1) % senders.size()) {
      LockSupport.parkNanos(due - System.nanoTime());
      senders.get(nr).accept(due);
      due += gapNanos;
    }
  }

  /** A room in which some post, each the next once it heard its own. */
  Result room() throws IOException, InterruptedException {
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
            heard(due);
            if (isOpen && from == number) {
              post(line, number);
            }
          });
    }
    return measured(() -> beginRoom(members), plan.members());
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
    await(() -> accepted.get() == all, accepted);
    double acceptedIn = (System.nanoTime() - begun) / 1e9;
    if (isKilled) {
      loops.forEach(XmppLoop::expectTheEnd);
      server.kill();
      server.start();
    }
    begun = System.nanoTime();
    for (int i = 0; i < plan.pairs(); i++) {
      XmppLine to = absent("to" + i, i, false);
      to.beThere();
      to.begin((of, due) -> delivered.incrementAndGet());
    }
    await(() -> delivered.get() == all, delivered);
    double drainedIn = (System.nanoTime() - begun) / 1e9;
    return new Offline(all / acceptedIn, delivered.get() / drainedIn, all - delivered.get());
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
      absent("back" + i, i, true).leave();
    }
    server.restart();
    long before = residentKib(server.process());
    long begun = System.nanoTime();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    List<Future<XmppLine>> coming = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      coming.add(callers.submit(() -> line("back" + number, number)));
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
    loops.forEach(XmppLoop::requireNoFault);
    double resident = residentKib(server.process()) - before;
    return new Return(count / seconds, resident / count);
  }

  private static long residentKib(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      String line = lines.filter(one -> one.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  /** @param hearers of each message */
  private Result measured(Runnable pacing, int hearers) throws InterruptedException {
    var pacer = new Thread(pacing, "xmpp-pace");
    pacer.setDaemon(true);
    pacer.start();
    TimeUnit.NANOSECONDS.sleep(plan.warmUp().toNanos());
    loops.forEach(XmppLoop::requireNoFault);
    latencies.reset();
    long before = delivered.get();
    long cpuBefore = cpuNanos(server.process());
    long ownBefore = cpuNanos(ProcessHandle.current());
    long begun = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(plan.seconds().toNanos());
    long count = delivered.get() - before;
    double seconds = (System.nanoTime() - begun) / 1e9;
    double cpu = (cpuNanos(server.process()) - cpuBefore) / 1e9;
    double own = (cpuNanos(ProcessHandle.current()) - ownBefore) / 1e9;
    Histogram all = latencies.getIntervalHistogram();
    isOpen = false;
    pacer.join();
    await(() -> delivered.get() == sent.get() * hearers, delivered);
    loops.forEach(XmppLoop::requireNoFault);
    return new Result(
        count / seconds,
        all.getValueAtPercentile(50) / 1e3,
        all.getValueAtPercentile(99) / 1e3,
        cpu * 10_000 / count,
        own / seconds,
        sent.get() * hearers - delivered.get());
  }

  private static long cpuNanos(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Until it holds, or nothing has happened for long. */
  private void await(BooleanSupplier condition, AtomicLong happened)
      throws InterruptedException {
    long last = -1;
    long until = 0;
    while (!condition.getAsBoolean()) {
      if (happened.get() != last) {
        last = happened.get();
        until = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > until) {
        return;
      }
      loops.forEach(XmppLoop::requireNoFault);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  @Override
  public void close() {
    loops.forEach(XmppLoop::close);
  }
}
