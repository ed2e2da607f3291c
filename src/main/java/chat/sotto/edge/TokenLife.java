package chat.sotto.edge;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import chat.sotto.edge.Connection.Command;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.Optional;

/**
 * The token of one connection. Every frame carries it. While it is used its end moves on, which the
 * entity is told once a day.
 */
final class TokenLife {
  private static final Duration RENEW_AFTER = Duration.ofDays(1);

  /** No timer of the system runs for as long as a token may. */
  private static final Duration LOOK_AFTER_MAX = Duration.ofDays(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Node node;
  private final SignIn.Granted self;
  private long expiresAt;
  private long renewedAt;

  TokenLife(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Node node,
      SignIn.Granted self) {
    this.context = context;
    this.timers = timers;
    this.node = node;
    this.self = self;
    this.expiresAt = self.tokenExpiresAt();
    this.renewedAt = node.clock().millis();
    lookLater();
  }

  /** Has the connection look again whether the token is over. */
  void lookLater() {
    Duration left = Duration.ofMillis(Math.max(1, expiresAt - node.clock().millis()));
    Duration delay = left.compareTo(LOOK_AFTER_MAX) < 0 ? left : LOOK_AFTER_MAX;
    timers.startSingleTimer(new Connection.TokenLook(), delay);
  }

  /** Whether nothing may be asked or told any more. */
  boolean isOver() {
    return node.clock().millis() >= expiresAt;
  }

  /** Why the frame is refused; empty if it is not. */
  Optional<ErrorCode> refusal(ClientFrame.Later frame) {
    if (!self.token().equals(frame.token())) {
      return Optional.of(ErrorCode.TOKEN_REFUSED);
    }
    if (isOver()) {
      return Optional.of(ErrorCode.TOKEN_EXPIRED);
    }
    long now = node.clock().millis();
    if (now - renewedAt >= RENEW_AFTER.toMillis()) {
      renewedAt = now;
      renew();
    }
    return Optional.empty();
  }

  private void renew() {
    context.pipeToSelf(
        node.user(self.user())
            .<User.SignInReply>ask(
                replyTo ->
                    new User.Resume(
                        self.device(),
                        self.deviceKey(),
                        SignIn.tokenHash(self.token()),
                        replyTo),
                node.edgeLimits().askTimeout()),
        (answer, failure) -> new Connection.TokenRenewed(Optional.ofNullable(answer)));
  }

  /** @param answer empty if there was none in time: the next frame after a day asks again */
  void onRenewed(Optional<User.SignInReply> answer) {
    if (answer.isPresent()) {
      expiresAt =
          answer.get() instanceof User.SignedIn signedIn ? signedIn.tokenExpiresAt() : 0;
    }
  }
}
