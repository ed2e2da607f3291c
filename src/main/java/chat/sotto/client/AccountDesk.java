package chat.sotto.client;

import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Keeps what this device knows of its own account and what the own devices share in step with the
 * server, over one connection (docs/protocol.md §12.4, §13).
 */
final class AccountDesk {
  private static final Duration SYNC_EVERY = Duration.ofSeconds(5);

  private final ClientStore store;
  private final Core core;
  private final Clock clock;
  private final SecureRandom random;
  private final Sender sender;
  private final Consumer<ClientEvent> events;
  private final Link link;
  private boolean closed;
  private boolean isAsking;

  /** What was put last. */
  private Optional<Sync.Due> put = Optional.empty();

  /** What the server has, as it said while an answer was waited for. */
  private OptionalLong heard = OptionalLong.empty();

  private boolean isWatching;

  AccountDesk(
      ClientStore store,
      Core core,
      Clock clock,
      SecureRandom random,
      Sender sender,
      Consumer<ClientEvent> events,
      Link link) {
    this.store = store;
    this.core = core;
    this.clock = clock;
    this.random = random;
    this.sender = sender;
    this.events = events;
    this.link = link;
  }

  void close() {
    closed = true;
  }

  /** @throws Breach if the own devices did not make the list */
  void take(AccountPush push) {
    OwnAccount.Outcome outcome =
        store.transaction(rows -> new OwnAccount(rows, random, clock.millis()).take(push));
    outcome.events().forEach(events);
    outcome
        .putBack()
        .ifPresent(
            list ->
                link.request((nonce, token) -> putBack(nonce, token, list)));
    sender.wake(push.deviceList().user());
    if (isAsking) {
      heard = OptionalLong.of(push.syncCounter());
    } else {
      heard(push.syncCounter());
    }
    watch();
  }

  private void heard(long counter) {
    heard = OptionalLong.empty();
    if (counter != store.transaction(rows -> sync(rows).counter())) {
      fetch();
    } else {
      put();
    }
  }

  private static AccountRequest putBack(long nonce, Secret token, DeviceList list) {
    return new AccountRequest.Change(
        nonce,
        token,
        Optional.empty(),
        Optional.empty(),
        Optional.of(list),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A new own key is here: what could not be read or written before may be now. */
  void ownKeyCame() {
    fetch();
  }

  private void watch() {
    if (!isWatching) {
      isWatching = true;
      core.after(SYNC_EVERY, this::look);
    }
  }

  private void look() {
    if (!closed) {
      put();
      core.after(SYNC_EVERY, this::look);
    }
  }

  private void put() {
    if (isAsking) {
      return;
    }
    put = store.transaction(rows -> sync(rows).due());
    put.ifPresent(
        due ->
            ask(
                (nonce, token) ->
                    new AccountRequest.SyncPut(nonce, token, due.counter(), due.blob())));
  }

  private void fetch() {
    if (!isAsking) {
      ask(AccountRequest.Sync::new);
    }
  }

  private void ask(Link.Request request) {
    isAsking = true;
    link.request(request)
        .whenComplete((reply, lost) -> core.run(() -> answered(reply, lost)));
  }

  private void answered(ServerFrame.Reply reply, Throwable lost) {
    isAsking = false;
    if (closed || lost != null) {
      return;
    }
    if (reply instanceof AccountReply.Sync sync) {
      join(sync);
    } else if (reply instanceof ServerFrame.Done) {
      store.transaction(
          rows -> {
            sync(rows).wasPut(put.orElseThrow());
            return null;
          });
    } else if (reply instanceof ServerFrame.Failed failed && failed.code() == ErrorCode.STALE) {
      fetch();
    }
    heard.ifPresent(this::heard);
  }

  private void join(AccountReply.Sync reply) {
    try {
      List<UserName> accepted =
          store.transaction(
              rows -> {
                boolean wasRestored = new Inbox(rows, Self.of(rows)).wasRestored();
                return sync(rows).join(reply.counter(), reply.blob(), wasRestored);
              });
      accepted.forEach(sender::wake);
      events.accept(new ClientEvent.Synced());
      put();
    } catch (Breach breach) {
      events.accept(new ClientEvent.SyncRefused(breach.alarm()));
    }
  }

  private Sync sync(Rows rows) {
    return new Sync(rows, Self.of(rows), random);
  }
}
