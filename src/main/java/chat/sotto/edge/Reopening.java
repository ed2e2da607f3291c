package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.model.UserName;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.AccountCommand;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Carries out an operator's decision to open an erased name again (docs/protocol.md §12.7). */
public final class Reopening {
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(30);

  private final ActorSystem<?> system;

  public Reopening(ActorSystem<?> system) {
    this.system = system;
  }

  public enum Outcome {
    REOPENED,
    /** It was open before. */
    REOPENED_AGAIN,
    NOT_ERASED,
    UNKNOWN_USER
  }

  /** @param reason as in {@link chat.sotto.user.UserEvent.Reopened} */
  public CompletionStage<Outcome> reopen(UserName user, String reason) {
    return new Entity<>(User.ref(system, user))
        .<AccountAnswer.Opening>ask(
            replyTo -> new AccountCommand.Reopen(reason, replyTo), ASK_TIMEOUT)
        .thenApply(Reopening::outcome);
  }

  private static Outcome outcome(AccountAnswer.Opening answer) {
    if (answer instanceof AccountAnswer.Opened opened) {
      return opened.isRepeat() ? Outcome.REOPENED_AGAIN : Outcome.REOPENED;
    }
    return answer instanceof AccountAnswer.NotErased
        ? Outcome.NOT_ERASED
        : Outcome.UNKNOWN_USER;
  }
}
