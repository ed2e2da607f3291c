package chat.sotto.client;

import chat.sotto.crypto.SafetyNumber;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import chat.sotto.model.Witness;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.OnlineUsers;
import chat.sotto.protocol.ServerFrame;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * One device of one account: speaks the whole protocol of docs/protocol.md end to end, keeps
 * everything in its store, and comes back by itself after every loss. Events come one after the
 * other on a thread of the client; the listener may call the client, but must not wait there for a
 * future of it.
 *
 * <p>What is not answered by a future is stored when the method returns, and happens when it can.
 */
public final class SottoClient implements AutoCloseable {
  private final String serverHost;
  private final ClientStore store;
  private final Clock clock;
  private final SecureRandom random;
  private final Engine engine;
  private final Conversations conversations;
  private final Requests requests;
  private final FileTransfers files;
  private final Typing typing;
  private final Groups groups;
  private final OwnDevices devices;
  private final Entrance entrance;

  /**
   * @param server http, https, ws or wss URL of the server; its path does not matter
   * @param store of this account, or empty before {@link #register}; the caller closes it
   */
  public SottoClient(
      URI server,
      ClientStore store,
      Consumer<ClientEvent> listener,
      Clock clock,
      SecureRandom random) {
    this(server, store, listener, clock, random, ListPause.USUAL);
  }

  /** @param pause before new lists of others' devices are committed to groups */
  public SottoClient(
      URI server,
      ClientStore store,
      Consumer<ClientEvent> listener,
      Clock clock,
      SecureRandom random,
      ListPause pause) {
    serverHost = server.getHost();
    this.store = store;
    this.clock = clock;
    this.random = random;
    engine = new Engine(server, store, listener, clock, random, pause);
    var passing = new DisappearingDesk(store, engine.core(), clock, listener);
    conversations = new Conversations(store, clock, random, engine, passing);
    requests = new Requests(store, engine);
    groups = new Groups(store, clock, random, engine, passing);
    files = new FileTransfers(server, store, random, engine, conversations, groups);
    typing = new Typing(store, clock, random, engine);
    devices = new OwnDevices(store, clock, random, engine);
    entrance = new Entrance(serverHost, store, clock, random, engine);
  }

  public Conversations conversations() {
    return conversations;
  }

  public Requests requests() {
    return requests;
  }

  public FileTransfers files() {
    return files;
  }

  public Groups groups() {
    return groups;
  }

  public OwnDevices devices() {
    return devices;
  }

  /**
   * Makes an account with this device, and signs in. May be called again when the outcome was not
   * known.
   *
   * @return fails with a {@link SottoException}
   * @throws IllegalArgumentException for an invalid name or a weak password, before anything is
   *     sent
   * @throws IllegalStateException if this store has an account
   */
  public CompletableFuture<Void> register(String name, String password) {
    return entrance.register(new UserName(name), password);
  }

  /**
   * Signs in with the password, which gives this device a new token.
   *
   * @return fails with a {@link SottoException}
   * @throws StoreException if this store has no account
   */
  public CompletableFuture<Void> login(String password) {
    return entrance.login(user(), password);
  }

  /**
   * Signs in with a store that has no account yet, which makes it one more device of the account.
   * May be called again when the outcome was not known.
   *
   * @param replaced the device that goes; empty unless there are as many as there may be
   * @return fails with a {@link SottoException}; {@link ErrorCode#DEVICES_FULL} names the devices
   * @throws IllegalArgumentException for an invalid name
   */
  public CompletableFuture<Void> login(
      String name, String password, Optional<DeviceId> replaced) {
    return entrance.link(new UserName(name), password, replaced);
  }

  /**
   * As {@link #login(String, String, Optional)}, with the recovery code and a new password.
   *
   * @throws IllegalArgumentException for an invalid name or code, or a weak password
   */
  public CompletableFuture<Void> recover(String name, String code, String newPassword) {
    return entrance.recover(new UserName(name), code, newPassword);
  }

  /**
   * Comes back with the token of an earlier sign-in.
   *
   * @throws IllegalStateException if there is none
   */
  public void connect() {
    if (store.transaction(Self::of).token().isEmpty()) {
      throw new IllegalStateException("sign in with the password first");
    }
    engine.connect();
  }

  /** Goes offline; nothing is forgotten. */
  public void disconnect() {
    engine.disconnect();
  }

  /** Ends the token; keys and history stay. */
  public CompletableFuture<Void> signOut() {
    return engine
        .request(ClientFrame.SignOut::new)
        .thenAccept(
            done -> {
              store.transaction(
                  rows -> {
                    Self.of(rows).withToken(Optional.empty()).put(rows);
                    return null;
                  });
              engine.disconnect();
            });
  }

  public UserName user() {
    return store.transaction(Self::of).user();
  }

  /**
   * Looks a person up and pins what is found.
   *
   * @return fails with {@link ErrorCode#UNKNOWN_USER} if nobody has that name
   */
  public CompletableFuture<Void> startConversation(UserName with) {
    requireOther(with);
    return engine
        .request((nonce, token) -> new ClientFrame.Devices(nonce, token, with))
        .thenAccept(
            reply -> {
              try {
                engine.sender().learn(with, ((ServerFrame.DeviceListReply) reply).deviceList());
              } catch (Breach e) {
                throw new CompletionException(
                    new SottoException("the device list is refused: " + e.alarm()));
              }
            });
  }

  /**
   * Writes to a person; {@link ClientEvent.StateChanged} tells what became of it.
   *
   * @return the message's id
   * @throws IllegalArgumentException for a text that is empty or too long
   * @throws IllegalStateException if the person is blocked
   * @throws StoreException if it could not be stored, or too much waits for this person
   */
  public Bytes sendText(UserName to, String text) {
    return conversations.sendText(to, text, Optional.empty());
  }

  /**
   * Tells a person that this user is writing to them, or not any more; may be called at every key
   * press. Nothing happens without a connection, or before a text went there.
   */
  public void typing(UserName to, boolean isWriting) {
    typing.say(to, isWriting);
  }

  /** As above, in a group. */
  public void typing(GroupId group, boolean isWriting) {
    typing.say(group, isWriting);
  }

  /**
   * Everything up to that message was read here. The user's other devices hear of it, and so does
   * the other person if they wrote that message and {@link #setReadReceipts} says so.
   */
  public void markRead(UserName with, Bytes upTo) {
    conversations.markRead(with, upTo);
  }

  /** The last message that was read, on whichever device; empty if none was. */
  public Optional<Bytes> readUpTo(UserName with) {
    return store.transaction(rows -> ReadMarks.ours(rows).find(with));
  }

  /** The last message of this user that the other person has read; empty if they never said. */
  public Optional<Bytes> seenUpTo(UserName with) {
    return store.transaction(rows -> ReadMarks.theirs(rows).find(with));
  }

  /** Whether people hear what this user has read, and this user what they have; on all devices. */
  public void setReadReceipts(boolean on) {
    store.transaction(
        rows -> {
          Sync.setReadReceipts(rows, on);
          return null;
        });
  }

  private void requireOther(UserName with) {
    if (with.equals(user())) {
      throw new IllegalArgumentException("a conversation needs another person");
    }
  }

  /** All lines of a conversation, in order; {@link Conversations#shown} tells more of each. */
  public List<Message> messages(UserName with) {
    return conversations.shown(with).stream().map(ShownMessage::message).toList();
  }

  /** Who is online, as far as each lets this user see; at most 100 after a name. */
  public CompletableFuture<OnlineUsers> online(
      Optional<String> prefix, Optional<UserName> after) {
    return engine
        .request((nonce, token) -> new ClientFrame.Online(nonce, token, prefix, after))
        .thenApply(OnlineUsers.class::cast);
  }

  public CompletableFuture<Void> setVisibility(Visibility visibility) {
    return engine
        .request((nonce, token) -> new ClientFrame.SetVisibility(nonce, token, visibility))
        .thenAccept(done -> {});
  }

  /**
   * What both people compare; of the account key that this device has pinned.
   *
   * @return empty if this device does not know the person yet
   */
  public Optional<SafetyNumber> safetyNumber(UserName with) {
    return store.transaction(
        rows -> {
          Self self = Self.of(rows);
          return new People(rows, serverHost)
              .find(with)
              .map(
                  person ->
                      SafetyNumber.of(
                          serverHost,
                          self.user().value(),
                          self.list().accountKey().toArray(),
                          with.value(),
                          person.list().accountKey().toArray()));
        });
  }

  /**
   * The user has chosen to go on with a changed account key; what waits is sent to it.
   *
   * @param accountKey the one that {@link ClientEvent.KeyChanged} named
   * @throws IllegalArgumentException if it is not the one that waits to be accepted
   */
  public void acceptKey(UserName user, Bytes accountKey) {
    boolean accepted =
        store.transaction(
            rows -> new Answers(rows, random, clock.millis()).acceptKey(user, accountKey));
    if (!accepted) {
      throw new IllegalArgumentException("that key does not wait to be accepted");
    }
    engine
        .core()
        .execute(
            () -> {
              engine.sender().wake(user);
              engine.groups().wakeAll();
            });
  }

  /** Opens a new session to that person's devices, and asks for what could not be opened. */
  public void repair(UserName with) {
    store.transaction(
        rows -> {
          new Repairs(rows, random, clock.millis()).begin(with);
          return null;
        });
    engine.core().execute(() -> engine.sender().wake(with));
  }

  /**
   * What this device took from the server and acknowledged, signed by it: whoever checks the server
   * can compare it with the journal (docs/audit.md §6).
   *
   * @throws IllegalStateException before the first sign-in
   */
  public Witness witness() {
    return store.transaction(rows -> witness(rows, Self.of(rows)));
  }

  private Witness witness(Rows rows, Self self) {
    Bytes serverKey =
        new ServerPin(rows)
            .signKey()
            .orElseThrow(() -> new IllegalStateException("there is nothing of a server yet"));
    var logs = new ArrayList<LogPoint>(new GroupRows(rows).heads());
    logs.add(new Inbox(rows, self).headAsLogPoint());
    return Witness.sign(
        self.deviceKey(),
        serverKey,
        self.device(),
        self.list(),
        clock.millis(),
        logs,
        new Acknowledgements(rows).newest());
  }

  /** Disconnects. The store stays open: it is the caller's. */
  @Override
  public void close() {
    files.close();
    engine.close();
  }
}
