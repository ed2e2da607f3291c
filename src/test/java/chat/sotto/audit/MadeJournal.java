package chat.sotto.audit;

import chat.sotto.crypto.Hash;
import chat.sotto.group.Group;
import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.group.RosterBody;
import chat.sotto.journal.Draft;
import chat.sotto.journal.EntityState;
import chat.sotto.journal.EventCodec;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.JournalWriter;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Entry;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.model.TestContents;
import chat.sotto.model.UserName;
import chat.sotto.user.BodyIds;
import chat.sotto.user.ChangeProof;
import chat.sotto.user.DeviceAddress;
import chat.sotto.user.DeviceState;
import chat.sotto.user.PrekeyRef;
import chat.sotto.user.PrekeyStatement;
import chat.sotto.user.Receipt;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/** A journal that holds, made without a server by the states that a server has. */
public final class MadeJournal implements AutoCloseable {
  private static final long WAITS_MILLIS = Duration.ofDays(30).toMillis();
  private static final byte[] INFO = "info".getBytes(StandardCharsets.UTF_8);
  private static final JsonMapper MAPPER =
      JsonMapper.builder().addModule(new Jdk8Module()).build();

  private final JournalWriter writer;
  private final Map<UserName, UserState> users = new HashMap<>();
  private final Map<GroupId, GroupState> groups = new HashMap<>();
  private final Map<UserName, Long> inboxNr = new HashMap<>();
  private long now;
  private long made;

  /** @param now of the first event, milliseconds since 1970; each is 1 ms later than the last */
  public MadeJournal(Path folder, long now) throws SQLException {
    this.writer = new JournalWriter(folder);
    this.now = now;
  }

  public MadeJournal(Path folder) throws SQLException {
    this(folder, System.currentTimeMillis() - Duration.ofHours(1).toMillis());
  }

  JournalWriter writer() {
    return writer;
  }

  long now() {
    return now;
  }

  void advance(Duration duration) {
    now += duration.toMillis();
  }

  private <E, S extends EntityState<E, S>> S add(
      String entity, EventCodec<E> codec, S state, LongFunction<E> event) throws SQLException {
    now++;
    Clock clock = Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC);
    var draft = new Draft<>(codec, state, clock);
    draft.add(event);
    JournalEntry entry = draft.reply(null).entries().get(0);
    writer.append(entity, draft.state().chain().sequenceNr(), now, entry);
    return draft.state();
  }

  void add(Member member, LongFunction<UserEvent> event) throws SQLException {
    UserState before = users.getOrDefault(member.user, UserState.empty(member.user));
    String entity = UserState.entity(member.user);
    users.put(member.user, add(entity, UserEvent.CODEC, before, event));
  }

  UserState state(Member member) {
    return users.get(member.user);
  }

  GroupState state(GroupId group) {
    return groups.get(group);
  }

  private void body(String id, byte[] bytes, Optional<Long> expiresAt) throws SQLException {
    writer.body(id, bytes, expiresAt);
  }

  // Accounts

  /** With one signed prekey and two one-time ones. */
  public Member register(String name) throws SQLException {
    var member = new Member(name);
    byte[] credentials = (name + " credentials").getBytes(StandardCharsets.UTF_8);
    byte[] vault = (name + " vault").getBytes(StandardCharsets.UTF_8);
    Bytes credentialsDigest = Bytes.of(Hash.sha256(credentials));
    Bytes vaultDigest = Bytes.of(Hash.sha256(vault));
    body(BodyIds.credentials(member.user, credentialsDigest), credentials, Optional.empty());
    body(BodyIds.vault(member.user, vaultDigest), vault, Optional.empty());
    add(
        member,
        time -> new UserEvent.Registered(time, member.list, credentialsDigest, vaultDigest));
    putPrekeys(
        member,
        member.prekey(1, Prekey.Kind.SIGNED),
        member.prekey(2, Prekey.Kind.ONE_TIME),
        member.prekey(3, Prekey.Kind.ONE_TIME));
    Bytes token = Member.digest(name + " token");
    add(member, time -> new UserEvent.SignedIn(time, member.device, token, time + WAITS_MILLIS));
    return member;
  }

  DeviceList list(Member member) {
    return state(member).account().orElseThrow().deviceList();
  }

  /** One device more, of a user who has the password. */
  Member link(Member member, String deviceName) throws SQLException {
    Member linked = member.another(deviceName);
    DeviceList before = list(member);
    var rows = new ArrayList<>(before.devices());
    rows.add(linked.row(state(member).inbox().head()));
    change(linked, linked.next(before, rows.toArray(Device[]::new)));
    putPrekeys(linked, linked.prekey(1, Prekey.Kind.SIGNED));
    Bytes token = Member.digest(linked.device + " token");
    add(linked, time -> new UserEvent.SignedIn(time, linked.device, token, time + WAITS_MILLIS));
    return linked;
  }

  void remove(Member by, Member gone) throws SQLException {
    DeviceList before = list(by);
    Device[] left =
        before.devices().stream()
            .filter(device -> !device.id().equals(gone.device))
            .toArray(Device[]::new);
    change(by, by.next(before, left));
  }

  /** With the password, and a new vault. */
  void change(Member by, DeviceList list) throws SQLException {
    Bytes vault = keep("vault %d".formatted(made++), BodyIds::vault, by);
    add(by, time -> changed(time, by, ChangeProof.PASSWORD, Optional.of(list), vault));
  }

  UserEvent.AccountChanged changed(
      long time, Member by, ChangeProof proof, Optional<DeviceList> list, Bytes vault) {
    long version = state(by).account().orElseThrow().secrets().vaultVersion() + 1;
    return new UserEvent.AccountChanged(
        time,
        by.device,
        list,
        Optional.empty(),
        Optional.of(vault),
        version,
        Optional.empty(),
        proof);
  }

  /** And a recovery code. */
  void changePassword(Member by) throws SQLException {
    Bytes vault = keep("vault %d".formatted(made++), BodyIds::vault, by);
    Bytes credentials = keep("credentials %d".formatted(made++), BodyIds::credentials, by);
    Bytes recovery = keep("recovery %d".formatted(made++), BodyIds::recovery, by);
    long version = state(by).account().orElseThrow().secrets().vaultVersion() + 1;
    add(
        by,
        time ->
            new UserEvent.AccountChanged(
                time,
                by.device,
                Optional.empty(),
                Optional.of(credentials),
                Optional.of(vault),
                version,
                Optional.of(recovery),
                ChangeProof.PASSWORD));
  }

  private Bytes keep(String content, BiFunction<UserName, Bytes, String> id, Member of)
      throws SQLException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    Bytes digest = Bytes.of(Hash.sha256(bytes));
    body(id.apply(of.user, digest), bytes, Optional.empty());
    return digest;
  }

  void putSync(Member by) throws SQLException {
    String content = "sync %d".formatted(made++);
    Bytes digest = keep(content, BodyIds::sync, by);
    long counter = state(by).account().orElseThrow().sync().counter() + 1;
    add(
        by,
        time -> new UserEvent.SyncPut(time, by.device, counter, digest, content.length()));
  }

  private void putPrekeys(Member member, Prekey... prekeys) throws SQLException {
    List<PrekeyStatement> statements = List.of(prekeys).stream().map(PrekeyStatement::of).toList();
    for (Prekey prekey : prekeys) {
      body(prekeyBody(member, prekey), PrekeyRef.body(prekey).toArray(), Optional.empty());
    }
    add(
        member,
        time -> new UserEvent.PrekeysPut(time, member.device, false, statements));
  }

  static String prekeyBody(Member member, Prekey prekey) {
    Bytes digest = PrekeyStatement.of(prekey).digest();
    return BodyIds.prekey(member.user, member.device, prekey.id(), digest);
  }

  // Inboxes

  /** An entry whose ciphertext waits. @return the id of its body */
  public String accept(Member from, Member to) throws SQLException {
    byte[] ciphertext = ("ciphertext " + made).getBytes(StandardCharsets.UTF_8);
    String id = "body-%d".formatted(made++);
    body(id, ciphertext, Optional.of(now + 1 + WAITS_MILLIS));
    acceptWithoutBody(from, to, id, ciphertext);
    for (int i = 1; i < state(to).devices().size(); i++) {
      body(id + "-" + i, ciphertext, Optional.of(now + WAITS_MILLIS));
    }
    return id;
  }

  /** The next batch of the archive. @return the id of its body */
  public String archive(Member member) throws SQLException {
    byte[] batch = ("batch " + made++).getBytes(StandardCharsets.UTF_8);
    long nr = state(member).archive().last() + 1;
    String id = BodyIds.batch(member.user, nr);
    body(id, batch, Optional.empty());
    Bytes digest = Bytes.of(Hash.sha256(batch));
    add(
        member,
        time -> new UserEvent.ArchiveAppended(time, member.device, nr, digest, batch.length));
    return id;
  }

  /** One that is acknowledged next. */
  public void acceptBriefly(Member from, Member to) throws SQLException {
    byte[] ciphertext = new byte[] {1};
    acceptWithoutBody(from, to, "body-%d".formatted(made++), ciphertext);
  }

  /** With a copy for each device but the one that sends; only the first has a body. */
  private void acceptWithoutBody(Member from, Member to, String id, byte[] ciphertext)
      throws SQLException {
    UserState state = state(to);
    List<StoredCopy> copies = copies(state, from, id, ciphertext);
    long version = list(to).version();
    long n = nextN(state, from);
    Bytes messageId = Member.id("message " + made);
    add(
        to,
        time -> {
          var unchained =
              new UserEvent.Accepted(
                  time,
                  state.inbox().head().sequenceNr() + 1,
                  Entry.MESSAGE,
                  from.user,
                  from.device,
                  n,
                  messageId,
                  version,
                  copies,
                  time + WAITS_MILLIS,
                  state.inbox().head().hash());
          Bytes hash =
              Statements.entryHash(
                  state.inbox().head().hash(), to.user, unchained.entry());
          return new UserEvent.Accepted(
              time,
              unchained.sequenceNr(),
              unchained.entryKind(),
              from.user,
              from.device,
              n,
              messageId,
              version,
              copies,
              unchained.expiresAt(),
              hash);
        });
    inboxNr.put(to.user, state(to).chain().sequenceNr());
  }

  private static List<StoredCopy> copies(
      UserState state, Member from, String id, byte[] ciphertext) {
    var copies = new ArrayList<StoredCopy>();
    state.devices().keySet().stream()
        .filter(device -> !device.equals(from.device))
        .sorted()
        .forEach(
            device ->
                copies.add(
                    new StoredCopy(
                        device,
                        copies.isEmpty() ? id : id + "-" + copies.size(),
                        ciphertext.length,
                        Bytes.of(Hash.sha256(ciphertext)),
                        state.devices().get(device).total() + ciphertext.length)));
    return copies;
  }

  private static long nextN(UserState state, Member from) {
    var sender = state.inbox().senders().get(new DeviceAddress(from.user, from.device));
    if (sender == null) {
      return 1;
    }
    List<Receipt> receipts = sender.receipts();
    return receipts.get(receipts.size() - 1).n() + 1;
  }

  /** Everything of the inbox and of these groups that is new. */
  public void acknowledge(Member member, GroupId... followed) throws SQLException {
    UserState state = state(member);
    DeviceState device = state.devices().get(member.device);
    List<LogPoint> items = new ArrayList<>();
    Point head = state.inbox().head();
    boolean hasNews = device.cursor().point().sequenceNr() < head.sequenceNr();
    if (hasNews) {
      items.add(point(LogPoint.INBOX, member.user.value(), head));
    }
    for (GroupId group : followed) {
      items.add(point(LogPoint.GROUP, group.value(), state(group).head()));
    }
    Bytes signature = member.signAck(items);
    Optional<Long> nr = Optional.of(inboxNr.getOrDefault(member.user, 0L)).filter(no -> hasNews);
    add(
        member,
        time ->
            new UserEvent.Acked(
                time,
                member.device,
                items,
                signature,
                time - 1,
                nr,
                nr.map(place -> device.total())));
  }

  private static LogPoint point(String kind, String owner, Point at) {
    return new LogPoint(kind, owner, 1, at.sequenceNr(), at.hash());
  }

  // Groups

  public GroupId found(Member founder, int number) throws SQLException {
    var group = new GroupId("%032x".formatted(number));
    groups.put(group, GroupState.empty(group));
    add(founder, time -> new UserEvent.GroupJoined(time, group));
    append(group, founder, TestContents.create(group, list(founder)));
    return group;
  }

  void invite(GroupId group, Member admin, Member other) throws SQLException {
    add(other, time -> new UserEvent.GroupJoined(time, group));
    change(group, admin, new GroupOp.Invite(other.user, list(other)));
  }

  void change(GroupId group, Member by, GroupOp... ops) throws SQLException {
    GroupState state = state(group);
    append(group, by, TestContents.change(state.membership(), state.head(), ops));
  }

  void confirm(GroupId group, Member other, Member inviter) throws SQLException {
    GroupState state = state(group);
    append(
        group,
        other,
        new GroupContent.Confirm(
            state.membership().epoch(),
            state.head(),
            inviter.user,
            Member.digest("sealed names"),
            GroupStatements.unsigned()));
  }

  public void join(GroupId group, Member admin, Member other) throws SQLException {
    invite(group, admin, other);
    confirm(group, other, admin);
  }

  void propose(GroupId group, Member by, GroupProposal op) throws SQLException {
    append(group, by, TestContents.proposal(state(group).head(), op));
  }

  /** @return the id of its body */
  public String post(GroupId group, Member by) throws SQLException {
    return append(group, by, post(state(group), by));
  }

  /** One that all acknowledge soon: its body is gone by then. */
  public void postBriefly(GroupId group, Member by) throws SQLException {
    writer.deleteBody(post(group, by));
  }

  static GroupContent.Post post(GroupState state, Member by) {
    long counter = state.counters().getOrDefault(by.device, 0L) + 1;
    return TestContents.post(state.membership(), state.head(), counter);
  }

  private String append(GroupId group, Member by, GroupContent content) throws SQLException {
    GroupState before = state(group);
    String attempt = "attempt-%d".formatted(made++);
    Bytes messageId = Member.id(attempt);
    GroupContent signed = by.signed(group, messageId, content);
    GroupState after =
        add(
            GroupState.entity(group),
            GroupEvent.CODEC,
            before,
            time -> event(before, by, messageId, signed, time, attempt));
    groups.put(group, after);
    putBodies(after, by, signed, attempt);
    return attempt;
  }

  private static GroupEvent event(
      GroupState before,
      Member by,
      Bytes messageId,
      GroupContent content,
      long time,
      String attempt) {
    Optional<Bytes> seed =
        content instanceof GroupContent.Commit
            ? Optional.of(Member.digest("seed"))
            : Optional.empty();
    var unchained =
        new GroupEntry(
            before.head().sequenceNr() + 1,
            time,
            by.user,
            by.device,
            messageId,
            content,
            seed,
            before.head().hash());
    Bytes hash = GroupStatements.entryHash(before.head().hash(), before.group(), unchained);
    return GroupEvent.Signed.of(unchained.with(hash), bodies(content, time, attempt));
  }

  private static Group.Bodies bodies(GroupContent content, long time, String attempt) {
    if (content instanceof GroupContent.Commit) {
      return new Group.CommitBodies(
          Member.digest("seed"), attempt, List.of(), time + WAITS_MILLIS);
    } else if (content instanceof GroupContent.Post) {
      return new Group.PostBody(attempt, "ciphertext".length(), time + WAITS_MILLIS);
    }
    return new Group.NoBodies();
  }

  private void putBodies(GroupState after, Member by, GroupContent content, String attempt)
      throws SQLException {
    Optional<Long> expiry = Optional.of(now + WAITS_MILLIS);
    GroupId group = after.group();
    if (content instanceof GroupContent.Post) {
      body(attempt, "ciphertext".getBytes(StandardCharsets.UTF_8), expiry);
    } else if (content instanceof GroupContent.Commit) {
      body(chat.sotto.group.BodyIds.info(group, attempt), INFO, expiry);
      body(
          chat.sotto.group.BodyIds.roster(group, attempt),
          roster(after.membership().roster()),
          expiry);
      for (RosterRow row : after.membership().roster()) {
        for (Device device : row.deviceList().devices()) {
          if (!device.id().equals(by.device)) {
            body(piece(group, attempt, device.id()), new byte[] {1, 2, 3}, expiry);
          }
        }
      }
    }
  }

  static String piece(GroupId group, String attempt, DeviceId device) {
    return chat.sotto.group.BodyIds.piece(group, attempt, device);
  }

  private static byte[] roster(List<RosterRow> rows) {
    try {
      return MAPPER.writeValueAsBytes(new RosterBody(rows));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
