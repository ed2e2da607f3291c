package chat.sotto.edge;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import chat.sotto.group.Group;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.Notice;
import chat.sotto.user.User;
import java.util.List;
import java.util.Optional;

/**
 * The actor of one socket, until its first frame was answered: greets, opens the first envelope and
 * has {@link SignIn} decide. Then {@link LiveConnection} or {@link LinkingConnection} goes on.
 */
final class Connection extends AbstractBehavior<Connection.Command> {
  private static final int EARLY_MAX = 8;

  private final TimerScheduler<Command> timers;
  private final Node node;
  private final ClientAddress client;
  private final Socket socket;
  private Optional<Greeting> greeting;

  /** Stays on this node. */
  sealed interface Command extends NoSerializationVerificationNeeded {}

  /** The socket is there, and gives what comes first unasked. */
  record Opened(ActorRef<Outgoing> stream) implements Command {}

  /** The socket took what it was given. */
  record Sent() implements Command {}

  /** @param envelopes one or more that came together; more come when they are asked for */
  record Received(List<byte[]> envelopes) implements Command {}

  /** The socket has ended, or is about to: nothing comes from there, and nothing goes. */
  record SocketGone() implements Command {}

  record FirstFrameLate() implements Command {}

  /** The node stops. */
  record Stop() implements Command {}

  record SignInDone(Channel channel, SignIn.Outcome outcome, Inflow inflow)
      implements Command {}

  record LinkDone(SignIn.Outcome outcome) implements Command {}

  record LinkLate() implements Command {}

  record Answered(ClientFrame.Later asked, ServerFrame.Reply reply) implements Command {}

  record Noticed(Notice notice) implements Command {}

  record GroupNoticed(Group.Notice notice) implements Command {}

  /** Somebody is writing, or not any more. */
  record Typed(Typist by, Bytes sealed) implements Command {}

  record AttachNow(LogPush<?> log) implements Command {}

  record EntityStopped(LogPush<?> log) implements Command {}

  /** A read of the disk that a log waits for is done. @param take takes what was read */
  record ReadDone(Runnable take) implements Command {}

  /** What was asked of an entity beside pushing. @param take takes the answer */
  record EntityAnswered(Runnable take) implements Command {}

  /** @param logs of which something new was acknowledged */
  record AckStored(List<LogPush<?>> logs) implements Command {}

  /** @param isRefused not that there was no answer */
  record AckFailed(long nonce, boolean isRefused) implements Command {}

  record TokenRenewed(Optional<User.SignInReply> answer) implements Command {}

  /** The token may be over. */
  record TokenLook() implements Command {}

  /** Something inside failed so that the connection cannot go on. */
  record Failed(Throwable cause) implements Command {}

  static Behavior<Command> create(Node node, ClientAddress client) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> waiting(context, timers, node, client)));
  }

  /** @param timers of all that waits in a connection: they end with it, a day's wait too */
  private static Behavior<Command> waiting(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Node node,
      ClientAddress client) {
    timers.startSingleTimer(new FirstFrameLate(), node.edgeLimits().firstFrameWithin());
    return Behaviors.withStash(
        EARLY_MAX,
        early ->
            Behaviors.receive(Command.class)
                .onMessage(
                    Opened.class,
                    opened ->
                        early.unstashAll(new Connection(context, timers, node, client, opened)))
                .onMessage(FirstFrameLate.class, late -> Behaviors.stopped())
                .onMessage(SocketGone.class, gone -> Behaviors.stopped())
                .onMessage(
                    Command.class,
                    command -> {
                      early.stash(command);
                      return Behaviors.same();
                    })
                .build());
  }

  private Connection(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Node node,
      ClientAddress client,
      Opened opened) {
    super(context);
    this.timers = timers;
    this.node = node;
    this.client = client;
    this.socket = new Socket(opened.stream());
    Greeting greeting = node.greeter().greet();
    this.greeting = Optional.of(greeting);
    socket.send(greeting.hello());
    context.watchWith(opened.stream(), new SocketGone());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Sent.class, sent -> onSent())
        .onMessage(Received.class, this::onFirst)
        .onMessage(FirstFrameLate.class, late -> onLate())
        .onMessage(SignInDone.class, this::onSignInDone)
        .onMessage(Stop.class, stop -> close(CloseCode.GOING_AWAY))
        .onMessage(SocketGone.class, gone -> Behaviors.stopped())
        .onMessage(Failed.class, this::onFailed)
        .build();
  }

  private Behavior<Command> onSent() {
    socket.onTaken();
    return this;
  }

  private Behavior<Command> onLate() {
    return socket.isClosing() ? this : close(CloseCode.TIMEOUT);
  }

  /** Nothing more is read until it was answered. */
  private Behavior<Command> onFirst(Received first) {
    if (greeting.isEmpty() || socket.isClosing()) {
      return this;
    }
    try {
      var inflow = new Inflow(socket, first.envelopes());
      Channel.Opened opened = Channel.open(greeting.get(), inflow.first(), node.random());
      // The seal key's private half is needed no more.
      greeting = Optional.empty();
      timers.cancel(new FirstFrameLate());
      getContext()
          .pipeToSelf(
              new SignIn(node, client).attempt(opened.frame()),
              (outcome, failure) ->
                  failure == null
                      ? new SignInDone(opened.channel(), outcome, inflow)
                      : new Failed(failure));
      return this;
    } catch (RefusedEnvelope refused) {
      return close(refused.code());
    }
  }

  private Behavior<Command> onSignInDone(SignInDone done) {
    if (done.outcome() instanceof SignIn.Denied denied) {
      socket.send(done.channel().seal(denied.reply()));
      return close(CloseCode.NORMAL);
    }
    Optional<Places<UserName>.Place> place = node.userPlaces().take(user(done.outcome()));
    if (place.isEmpty()) {
      return close(CloseCode.TOO_MANY);
    }
    var line = new Line(socket, done.channel());
    return done.outcome() instanceof SignIn.Granted granted
        ? new LiveConnection(
            getContext(), timers, node, line, granted, place.get(), done.inflow())
        : new LinkingConnection(
            getContext(),
            timers,
            node,
            line,
            (SignIn.Invited) done.outcome(),
            place.get(),
            done.inflow());
  }

  private static UserName user(SignIn.Outcome outcome) {
    return outcome instanceof SignIn.Granted granted
        ? granted.user()
        : ((SignIn.Invited) outcome).caller().user();
  }

  private Behavior<Command> onFailed(Failed failed) {
    getContext().getLog().error("A sign-in failed.", failed.cause());
    return close(CloseCode.INTERNAL);
  }

  private Behavior<Command> close(CloseCode code) {
    socket.close(code);
    return this;
  }
}
