package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the recipient's entity does for a message, apart from Akka: decides, encodes, applies. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AcceptBenchmark {
  private static final int CORRESPONDENTS = 50;
  private static final int BYTES = 300;

  private final TestAccount bob = new TestAccount("bob");
  private final TestAccount alice = new TestAccount("alice");
  private final InboxDecisions inbox =
      new InboxDecisions(
          Clock.systemUTC(),
          new UserLimits(
              Long.MAX_VALUE,
              Long.MAX_VALUE,
              Duration.ofDays(30),
              Integer.MAX_VALUE,
              Duration.ofDays(30),
              0,
              Duration.ofHours(1)));
  private UserState state;
  private long n;

  @Setup
  public void setUp() {
    var draft = new Draft<>(UserEvent.CODEC, UserState.empty(bob.user), Clock.systemUTC());
    draft.add(
        time ->
            new UserEvent.Registered(
                time,
                bob.deviceList(1),
                TestAccount.digest("credentials"),
                TestAccount.digest("vault")));
    state = draft.state();
    for (int i = 0; i < CORRESPONDENTS; i++) {
      accept(new TestAccount("friend" + i), 1);
    }
  }

  private void accept(TestAccount from, long number) {
    Decision<UserEvent, User.AcceptReplies> decision =
        inbox.accept(
            state,
            new User.Accept(
                List.of(
                    new Sent(
                        from.user,
                        from.device(1),
                        number,
                        1,
                        from.messageId(number),
                        from.copiesTo(bob, 1, number, BYTES),
                        true,
                        Long.MAX_VALUE >> 12)),
                null));
    // As the entity does: it applies nothing a second time.
    state = (UserState) decision.states().get(decision.events().size());
  }

  @Benchmark
  public UserState accept() {
    n++;
    accept(alice, n);
    return state;
  }
}
