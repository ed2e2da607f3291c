package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.AccountAnswer;
import chat.sotto.user.InboxEntry;
import chat.sotto.user.Notice;
import chat.sotto.user.Position;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.User;
import chat.sotto.user.UserState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/** The inbox on one connection, and what else its owner tells. */
final class InboxPush extends LogPush<InboxEntry> {
  private static final int QUEUED_MAX = 1000;
  static final int READ_MAX = 64;
  private static final int CONNECTION_ID_BYTES = 16;

  /** Bodies that are read together, and how much of them, unless one alone is larger. */
  private static final int BODIES_AHEAD_MAX = 64;

  private static final int BODY_BYTES_AHEAD_MAX = 256 * 1024;

  private final String connectionId;
  private final ActorRef<Notice> notices;
  private final Set<UserName> heardFrom = new HashSet<>();

  /** What was read and is not pushed yet. */
  private final Map<String, CompletionStage<Optional<byte[]>>> bodies = new HashMap<>();

  /** The newest that was not said yet: what a slow client missed between is of no use to it. */
  private Optional<AccountAnswer.Overview> unsaid = Optional.empty();

  /** @param device whose copies are pushed */
  record Log(DeviceId device) implements Cursor.Log<InboxEntry> {
    @Override
    public Position after(Position before, InboxEntry entry) {
      long total = copyFor(device, entry).map(StoredCopy::total).orElse(before.total());
      return new Position(entry.point(), entry.journalNr(), total);
    }

    @Override
    public Optional<String> ownBody(InboxEntry entry) {
      return copyFor(device, entry).map(StoredCopy::bodyId);
    }

    @Override
    public int queuedMax() {
      return QUEUED_MAX;
    }

    @Override
    public int readMax() {
      return READ_MAX;
    }
  }

  InboxPush(Outlet outlet) {
    super(
        new Name(LogPoint.INBOX, outlet.self().user().value()),
        UserState.entity(outlet.self().user()),
        outlet,
        new Cursor<>(
            new Log(outlet.self().device()), outlet.node().limits().entriesInFlightMax()));
    var id = new byte[CONNECTION_ID_BYTES];
    outlet.node().random().nextBytes(id);
    this.connectionId = Bytes.of(id).toString();
    this.notices = outlet.context().messageAdapter(Notice.class, Connection.Noticed::new);
    attach();
  }

  /** Whether an entry ever came from this person. */
  boolean hasHeardFrom(UserName user) {
    return heardFrom.contains(user);
  }

  @Override
  void tellAttach() {
    SignIn.Granted self = outlet().self();
    outlet()
        .node()
        .user(self.user())
        .tell(
            new User.Attach(
                self.device(), SignIn.tokenHash(self.token()), connectionId, notices));
  }

  @Override
  void attachAgain() {
    attach();
  }

  void onNotice(Notice notice) {
    if (notice instanceof Notice.Attached now) {
      onAttached(now);
    } else if (notice instanceof Notice.Appended appended) {
      appended.entries().forEach(cursor()::onAppended);
      onHeardFrom(appended.entries().stream().map(one -> one.entry().fromUser()).toList());
    } else if (notice instanceof Notice.HeardFrom heard) {
      onHeardFrom(heard.users());
    } else if (notice instanceof Notice.CutOff cutOff) {
      bodies.clear();
      cursor().onCutOff(cutOff.head());
    } else if (notice instanceof Notice.Superseded) {
      outlet().line().close(CloseCode.REPLACED);
    } else if (notice instanceof Notice.AccountChanged changed) {
      unsaid = Optional.of(changed.account());
    }
  }

  private void onAttached(Notice.Attached now) {
    onAttachedTo(now.user(), now.generations());
    unsaid = Optional.of(now.account());
    cursor().onAttached(now.cursor(), now.head(), now.cutOff());
    UserName user = outlet().self().user();
    ActorRef<Connection.Command> connection = outlet().context().getSelf();
    outlet().node().presence().tell(new Presence.Came(user, now.visibility(), connection));
  }

  /** The account comes before the entries. */
  @Override
  boolean step() {
    if (unsaid.isEmpty()) {
      return super.step();
    }
    sayAccount(unsaid.get());
    unsaid = Optional.empty();
    return true;
  }

  private void sayAccount(AccountAnswer.Overview account) {
    outlet()
        .say(
            nonce ->
                new AccountPush(
                    nonce,
                    account.deviceList(),
                    account.vaultVersion(),
                    account.syncCounter(),
                    account.hasRecovery(),
                    account
                        .reset()
                        .map(
                            reset ->
                                new AccountPush.Reset(reset.device(), reset.allowedAt()))));
  }

  private void onHeardFrom(Collection<UserName> users) {
    if (heardFrom.addAll(users)) {
      outlet().node().presence().tell(new Presence.Heard(outlet().self().user(), users));
    }
  }

  @Override
  Optional<InboxEntry> entry(StoredEntry event) {
    return InboxEntry.of(outlet().self().user(), event.sequenceNr(), event.entry());
  }

  @Override
  CompletionStage<LongFunction<ServerFrame.Push>> push(InboxEntry entry) {
    if (entry instanceof InboxEntry.OfServer restored) {
      return Stages.now(nonce -> ServerFrame.RestoredPush.of(nonce, restored.entry()));
    }
    var made = (InboxEntry.OfDevice) entry;
    Optional<StoredCopy> copy =
        made.copyFor(outlet().self().device())
            .filter(kept -> made.expiresAt() > outlet().now());
    return copy.map(this::body)
        .orElseGet(() -> Stages.now(Optional.empty()))
        .thenApply(
        bytes -> nonce -> push(nonce, made.entry(), bytes.map(Bytes::of)));
  }

  private CompletionStage<Optional<byte[]>> body(StoredCopy copy) {
    if (!bodies.containsKey(copy.bodyId())) {
      readBodies();
    }
    return bodies.remove(copy.bodyId());
  }

  /** Those of the entry that is next and, as a backlog is long, of what follows. */
  private void readBodies() {
    List<String> ids = new ArrayList<>();
    int bytes = 0;
    for (InboxEntry next : cursor().ahead(BODIES_AHEAD_MAX)) {
      Optional<StoredCopy> copy = copyFor(outlet().self().device(), next);
      bytes += copy.map(StoredCopy::size).orElse(0);
      if (!ids.isEmpty() && bytes > BODY_BYTES_AHEAD_MAX) {
        break;
      }
      copy.ifPresent(kept -> ids.add(kept.bodyId()));
    }
    CompletionStage<Map<String, byte[]>> found = outlet().node().store().bodies().get(ids);
    bodies.clear();
    ids.forEach(
        id -> bodies.put(id, found.thenApply(all -> Optional.ofNullable(all.get(id)))));
  }

  private static Optional<StoredCopy> copyFor(DeviceId device, InboxEntry entry) {
    return entry instanceof InboxEntry.OfDevice made ? made.copyFor(device) : Optional.empty();
  }

  private ServerFrame.Push push(long nonce, Entry entry, Optional<Bytes> ciphertext) {
    return new ServerFrame.EntryPush(
        nonce,
        name().kind(),
        name().owner(),
        generation(entry.point()),
        entry.sequenceNr(),
        entry.time(),
        entry.entryKind(),
        entry.fromUser(),
        entry.fromDevice(),
        entry.messageId(),
        entry.bodies(),
        entry.hash(),
        ciphertext);
  }
}
