package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FileRequest;
import chat.sotto.protocol.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a client connected: signs in, comes back after every loss, and stops where the protocol
 * says that only the user can go on. Everything but {@link #signIn}, {@link #connect} and {@link
 * #close} is called on the core's thread.
 */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration UPKEEP = Duration.ofDays(1);
  private static final int REFUSED_FIRST_FRAMES_MAX = 2;

  /** Answers to a resume after which only the password helps. */
  private static final Set<ErrorCode> FINAL =
      Set.of(
          ErrorCode.TOKEN_EXPIRED,
          ErrorCode.TOKEN_REFUSED,
          ErrorCode.SIGN_IN_FAILED);

  private final URI server;
  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Consumer<ClientEvent> events;
  private final Core core;
  private final Sender sender;
  private final GroupSender groups;
  private final Backoff backoff;
  private final HttpClient http = HttpClient.newHttpClient();
  private boolean wanted;
  private int refusedFirstFrames;
  private Optional<Attempt> attempt = Optional.empty();
  private Optional<Connection> connection = Optional.empty();
  private Optional<Link> link = Optional.empty();
  private Optional<Intake> intake = Optional.empty();

  Engine(
      URI server,
      ClientStore store,
      Consumer<ClientEvent> listener,
      Clock clock,
      SecureRandom random,
      ListPause pause) {
    this.server = webSocketOf(server);
    this.store = store;
    this.clock = clock;
    this.random = random;
    events = event -> tell(listener, event);
    core = new Core("sotto-client", this::failed);
    sender = new Sender(store, core, clock, random, events);
    groups = new GroupSender(store, core, clock, random, events, pause);
    backoff = new Backoff(random);
    core.every(TICK, () -> connection.ifPresent(open -> open.tick(link)));
    core.every(UPKEEP, () -> intake.ifPresent(Intake::offerPrekeys));
  }

  private static URI webSocketOf(URI server) {
    boolean secure = server.getScheme().matches("https|wss");
    return URI.create((secure ? "wss://" : "ws://") + server.getAuthority() + "/ws");
  }

  /** A listener that fails must not stop the client. */
  static void tell(Consumer<ClientEvent> listener, ClientEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.error("the listener failed on {}", event.getClass().getSimpleName(), e);
    }
  }

  Sender sender() {
    return sender;
  }

  GroupSender groups() {
    return groups;
  }

  Core core() {
    return core;
  }

  /** @return completes when signed in, or with a {@link SottoException} */
  CompletableFuture<Void> signIn(Account.First first) {
    return signIn(first, Optional.empty());
  }

  CompletableFuture<Void> signIn(Account.First first, Optional<Attempt.Linker> linker) {
    var done = new CompletableFuture<Void>();
    core.execute(
        () -> {
          leave();
          wanted = true;
          attempt = Optional.of(new Attempt(first, linker, done));
          dial();
        });
    return done;
  }

  /** Comes back with the token, now and after every loss. */
  void connect() {
    core.execute(
        () -> {
          wanted = true;
          if (connection.isEmpty()) {
            dial();
          }
        });
  }

  /** Sends a request on the connection there is. */
  CompletableFuture<ServerFrame.Reply> request(Link.Request request) {
    var answer = new CompletableFuture<ServerFrame.Reply>();
    core.execute(
        () ->
            link.map(line -> line.request(request))
                .orElseGet(() -> CompletableFuture.failedFuture(new Connection.LostException()))
                .whenComplete((reply, lost) -> settle(answer, reply, lost)));
    return answer;
  }

  /** Deletes a ciphertext; if that does not get there, it goes when its time is over. */
  void dropFile(Content.File file) {
    request((nonce, token) -> new FileRequest.Drop(nonce, token, file.file()));
  }

  /** @return completes when no group has that own device any more */
  CompletableFuture<Void> awaitGone(DeviceId device) {
    var outcome = new CompletableFuture<Void>();
    core.execute(() -> groups.awaitGone(device, outcome));
    return outcome;
  }

  private static void settle(
      CompletableFuture<ServerFrame.Reply> answer, ServerFrame.Reply reply, Throwable lost) {
    if (lost != null) {
      answer.completeExceptionally(new SottoException("there is no connection to the server"));
    } else if (reply instanceof ServerFrame.Failed failed) {
      answer.completeExceptionally(new SottoException(failed.code(), failed.text()));
    } else {
      answer.complete(reply);
    }
  }

  /** Disconnects and stays so. */
  void disconnect() {
    core.execute(this::leave);
  }

  void close() {
    core.stop(
        () -> {
          leave();
          groups.close();
        });
  }

  private void leave() {
    wanted = false;
    intake.ifPresent(Intake::acknowledge);
    Optional<Connection> open = connection;
    forget();
    open.ifPresent(leaving -> leaving.close(CloseCode.NORMAL.code()));
    attempt.ifPresent(given -> given.done().completeExceptionally(lost()));
    attempt = Optional.empty();
  }

  private void forget() {
    intake.ifPresent(Intake::close);
    intake = Optional.empty();
    link = Optional.empty();
    connection = Optional.empty();
    sender.disconnected();
    groups.disconnected();
  }

  private void dial() {
    var owner = new Owner();
    connection = Optional.of(Connection.dial(Connection.Opener.of(http), server, core, owner));
    owner.connection = connection.get();
  }

  private static SottoException lost() {
    return new SottoException("the connection was lost before the server answered");
  }

  /** Whatever was thrown on the core's thread: the store kept what it had. */
  private void failed(RuntimeException fault) {
    Optional<Connection> open = connection;
    forget();
    open.ifPresent(Connection::abort);
    if (fault instanceof Breach breach) {
      wanted = false;
      events.accept(new ClientEvent.Alarmed(breach.alarm()));
      failAttempt(new SottoException("the server broke the protocol: " + breach.alarm()));
    } else {
      if (fault instanceof StoreException) {
        LOG.warn("the store failed: {}", fault.getMessage());
        events.accept(new ClientEvent.StoreFailed());
      } else {
        LOG.error("the client failed and reconnects", fault);
      }
      retry();
    }
  }

  private void failAttempt(SottoException why) {
    attempt.ifPresent(given -> given.done().completeExceptionally(why));
    attempt = Optional.empty();
  }

  private void retry() {
    if (attempt.isPresent()) {
      wanted = false;
      failAttempt(lost());
    } else if (wanted) {
      events.accept(new ClientEvent.Reconnecting());
      core.after(
          backoff.next(),
          () -> {
            if (wanted && connection.isEmpty()) {
              dial();
            }
          });
    }
  }

  /** What one connection says; an earlier one is not listened to. */
  private final class Owner implements Connection.Owner {
    private Connection connection;
    private Channel channel;

    private boolean isCurrent() {
      return Engine.this.connection.filter(open -> open == connection).isPresent();
    }

    @Override
    public Channel greeted(byte[] hello) {
      channel =
          store.transaction(
              rows -> {
                var expected =
                    Channel.Expected.of(server.getHost(), new ServerPin(rows), clock);
                return Channel.greet(hello, expected, Account.deviceKey(rows), random);
              });
      return channel;
    }

    @Override
    public ClientFrame.First firstFrame(long nonce, Bytes connectionKey) {
      Account.First first =
          attempt
              .map(Attempt::first)
              .or(
                  () ->
                      store.transaction(
                          rows -> new Account(rows, random, clock.millis()).resume()))
              .orElseThrow();
      return first.frame(nonce, connectionKey);
    }

    @Override
    public void answered(ServerFrame.Reply reply) {
      if (!isCurrent()) {
        return;
      }
      if (reply instanceof ServerFrame.SignedIn frame) {
        signedIn(frame);
      } else if (reply instanceof AccountReply.Linking offer
          && attempt.flatMap(Attempt::linker).isPresent()) {
        link(offer, attempt.get().linker().get());
      } else if (reply instanceof ServerFrame.Failed failed) {
        refused(failed);
      } else {
        connection.close(CloseCode.BAD_ENVELOPE.code());
      }
    }

    private void signedIn(ServerFrame.SignedIn frame) {
      Account.Agreed agreed =
          store.transaction(
              rows ->
                  new Account(rows, random, clock.millis()).signedIn(channel.hello(), frame));
      var line = new Link.OfConnection(connection, frame.token(), channel.hello().limits());
      var taking = new Intake(store, core, clock, random, sender, groups, events, line);
      link = Optional.of(line);
      intake = Optional.of(taking);
      backoff.reset();
      attempt.ifPresent(given -> given.done().complete(null));
      attempt = Optional.empty();
      events.accept(new ClientEvent.Connected(agreed.user()));
      if (agreed.storeWasOld()) {
        events.accept(new ClientEvent.StoreWasOld());
      }
      taking.offer(agreed.offer());
      sender.connected(line);
      groups.connected(line);
    }

    private void link(AccountReply.Linking offer, Attempt.Linker linker) {
      try {
        Linking.Prepared prepared =
            store.transaction(
                rows -> {
                  new ServerPin(rows).learn(channel.hello());
                  return linker.prepare(rows, offer);
                });
        prepared.refused().map(ClientEvent.SyncRefused::new).ifPresent(events);
        connection.link(prepared.frame());
      } catch (DevicesFull full) {
        failAttempt(new SottoException(full));
        leave();
      }
    }

    private void refused(ServerFrame.Failed failed) {
      boolean isStale = failed.code() == ErrorCode.STALE;
      if (failed.code() == ErrorCode.DEVICE_REVOKED) {
        revoked(failed.deviceList());
      } else if (isStale && attempt.filter(Attempt::mayTryAgain).isPresent()) {
        // Another device was quicker: its list and vault are the ones to go on from.
        attempt = attempt.map(Attempt::again);
        forget();
        connection.abort();
        dial();
      } else if (attempt.isPresent()) {
        wanted = false;
        failAttempt(new SottoException(failed.code(), failed.text()));
      } else if (FINAL.contains(failed.code())) {
        wanted = false;
        events.accept(new ClientEvent.SignInNeeded(failed.code()));
      }
    }

    /** Only the user's own devices can tell this one to erase what it has. */
    private void revoked(Optional<DeviceList> list) {
      wanted = false;
      boolean isProved = store.transaction(rows -> OwnLists.eraseIfRemoved(rows, list));
      events.accept(new ClientEvent.Revoked(isProved));
      failAttempt(new SottoException(ErrorCode.DEVICE_REVOKED, "this device was removed"));
    }

    @Override
    public void pushed(ServerFrame.Push push) {
      if (isCurrent()) {
        intake.ifPresent(taking -> taking.take(push));
      }
    }

    private boolean isRefusedAgain(int code) {
      boolean isRefused = link.isEmpty() && code == CloseCode.BAD_ENVELOPE.code();
      refusedFirstFrames = isRefused ? refusedFirstFrames + 1 : 0;
      return refusedFirstFrames == REFUSED_FIRST_FRAMES_MAX;
    }

    @Override
    public void closed(int code) {
      if (!isCurrent()) {
        return;
      }
      boolean isRefusedAgain = isRefusedAgain(code);
      forget();
      if (code == CloseCode.REPLACED.code()) {
        wanted = false;
        events.accept(new ClientEvent.Replaced());
        failAttempt(lost());
      } else if (code == CloseCode.BAD_SIGNATURE.code() || isRefusedAgain) {
        wanted = false;
        events.accept(new ClientEvent.Alarmed(Alarm.FIRST_FRAME_REFUSED));
        failAttempt(lost());
      } else {
        retry();
      }
    }
  }
}
