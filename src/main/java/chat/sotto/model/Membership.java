package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Who belongs to a group at one position of its log, and the rules by which that changes
 * (docs/protocol.md §9.1): one judge for server, client and auditor. Immutable; signatures are
 * checked before, and hashes of the chain are the log's.
 *
 * @param epoch −1 before the group was made
 * @param rosterHash of the present epoch
 * @param commitNr number of the epoch's commit
 * @param changedNr number of the last entry that is no post
 * @param rows by user
 * @param pending proposals that no commit has settled, in their order
 * @param restoredNr number of the entry by which the server said that it was restored, while no
 *     reset has followed it
 */
public record Membership(
    GroupId group,
    long epoch,
    Bytes rosterHash,
    long commitNr,
    long changedNr,
    SortedMap<UserName, Row> rows,
    PVector<Pending> pending,
    Optional<Long> restoredNr) {
  public static final int ROWS_MAX = 200;
  public static final int DEVICES_MAX = 1000;
  public static final int INVITES_MAX = 32;
  public static final Duration INVITATION_MAX = Duration.ofDays(14);

  private static final Bytes NONE = Bytes.of(new byte[Bounds.HASH_BYTES]);

  public Membership {
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
  }

  /** @param invitation of somebody invited, as far as it is known */
  public record Row(GroupRole role, DeviceList deviceList, Optional<Invitation> invitation) {
    RosterRow rosterRow() {
      return new RosterRow(role, deviceList);
    }
  }

  /** @param time of the inviting commit, milliseconds since 1970 */
  public record Invitation(UserName inviter, long sequenceNr, long time) {}

  /** A proposal of the log that waits for a commit. */
  public record Pending(long sequenceNr, UserName user, DeviceId device, GroupProposal op) {}

  /** Where an entry stands, and who signed it. */
  public record Place(long sequenceNr, long time, UserName user, DeviceId device) {
    public static Place of(GroupEntry entry) {
      return new Place(
          entry.sequenceNr(), entry.time(), entry.fromUser(), entry.fromDevice());
    }
  }

  /** Before the first entry. */
  public static Membership of(GroupId group) {
    return new Membership(
        group, -1, NONE, 0, 0, new TreeMap<>(), TreePVector.empty(), Optional.empty());
  }

  @JsonCreator
  static Membership restore(
      @JsonProperty("group") GroupId group,
      @JsonProperty("epoch") long epoch,
      @JsonProperty("rosterHash") Bytes rosterHash,
      @JsonProperty("commitNr") long commitNr,
      @JsonProperty("changedNr") long changedNr,
      @JsonProperty("rows") Map<UserName, Row> rows,
      @JsonProperty("pending") List<Pending> pending,
      @JsonProperty("restoredNr") Optional<Long> restoredNr) {
    return new Membership(
        group,
        epoch,
        rosterHash,
        commitNr,
        changedNr,
        new TreeMap<>(rows),
        TreePVector.from(pending),
        restoredNr);
  }

  /**
   * As a newcomer begins, right after the commit that invites it.
   *
   * @param given the roster after that commit
   * @throws GroupRefusedException if it is not the roster that the commit names
   */
  public static Membership joining(
      GroupId group, Place place, GroupContent.Commit commit, Collection<RosterRow> given)
      throws GroupRefusedException {
    var rows = new TreeMap<UserName, Row>();
    var invitation = new Invitation(place.user(), place.sequenceNr(), place.time());
    for (RosterRow row : given) {
      boolean isNew =
          commit.ops().stream()
              .anyMatch(op -> op instanceof GroupOp.Invite && op.user().equals(row.user()));
      rows.put(
          row.user(),
          new Row(
              row.role(),
              row.deviceList(),
              isNew ? Optional.of(invitation) : Optional.empty()));
    }
    var joined =
        new Membership(
            group,
            commit.epoch(),
            commit.rosterHash(),
            place.sequenceNr(),
            place.sequenceNr(),
            rows,
            TreePVector.empty(),
            Optional.empty());
    require(joined.isMember(place.user(), place.device()), GroupRefusal.NOT_MEMBER);
    require(joined.derivedHash().equals(commit.rosterHash()), GroupRefusal.GROUP_REFUSED);
    joined.requireLimits();
    return joined;
  }

  // Questions

  public List<RosterRow> roster() {
    return rows.values().stream().map(Row::rosterRow).toList();
  }

  public Optional<Row> row(UserName user) {
    return Optional.ofNullable(rows.get(user));
  }

  /** The listed device of somebody in the roster. */
  public Optional<Device> device(UserName user, DeviceId device) {
    return row(user).flatMap(row -> row.deviceList().device(device));
  }

  /**
   * The device whose signature a proposal or a confirmation must have, or that of a member's entry:
   * one of the roster; or one of the list that a proposal brings, which the account key signed for.
   */
  public Optional<Device> signer(UserName user, DeviceId device, GroupContent content) {
    return device(user, device)
        .or(
            () ->
                row(user)
                    .flatMap(row -> ListSuccession.broughtBy(user, content))
                    .flatMap(list -> list.device(device)));
  }

  /** Whether the user is a member who has not left, and this one of its devices. */
  public boolean isMember(UserName user, DeviceId device) {
    return isMember(user) && device(user, device).isPresent();
  }

  /** Whether the user is a member who has not left. */
  public boolean isMember(UserName user) {
    return row(user).filter(row -> row.role().isMember()).isPresent() && !isLeaving(user);
  }

  /** Whether the user has left or declined and waits for the commit that says so. */
  public boolean isLeaving(UserName user) {
    return pending.stream()
        .anyMatch(
            one ->
                one.user().equals(user)
                    && (one.op() instanceof GroupProposal.Leave
                        || one.op() instanceof GroupProposal.Decline));
  }

  public boolean isAdmin(UserName user) {
    return isMember(user) && rows.get(user).role() == GroupRole.ADMIN;
  }

  /** Whether a list may take the place of the one that the user has in the roster. */
  public boolean mayTake(UserName user, DeviceList list) {
    return row(user).filter(row -> ListSuccession.follows(row.deviceList(), list)).isPresent();
  }

  /** Whether nobody is left who could go on. */
  @JsonIgnore
  public boolean isClosed() {
    return rows.keySet().stream().noneMatch(this::isMember);
  }

  /** Whether nothing but proposals and a reset is taken (§10). */
  public boolean awaitsReset() {
    return restoredNr.isPresent();
  }

  // Entries

  /**
   * The membership after a commit.
   *
   * @throws GroupRefusedException if a rule forbids it here
   */
  public Membership commit(Place place, GroupContent.Commit commit)
      throws GroupRefusedException {
    boolean isFirst = commit.kind() == GroupContent.Kind.CREATE;
    if (isFirst) {
      require(epoch < 0, GroupRefusal.GROUP_REFUSED);
    } else {
      requireMember(place);
      requireNewest(commit.head());
    }
    require(commit.epoch() == epoch + 1, GroupRefusal.EPOCH_STALE);
    boolean isReset = commit.kind() == GroupContent.Kind.RESET;
    require(isReset || !awaitsReset(), GroupRefusal.EPOCH_PENDING);
    Membership next = new CommitOps(this, place, commit).apply();
    require(next.isMember(place.user(), place.device()), GroupRefusal.GROUP_REFUSED);
    require(next.derivedHash().equals(commit.rosterHash()), GroupRefusal.GROUP_REFUSED);
    require(next.pending().isEmpty(), GroupRefusal.EPOCH_PENDING);
    next.requireLimits();
    next.requireAdmin();
    return next;
  }

  /**
   * The membership after a proposal.
   *
   * @throws GroupRefusedException if a rule forbids it here
   */
  public Membership propose(Place place, GroupContent.Proposal proposal)
      throws GroupRefusedException {
    boolean isSigners = signer(place.user(), place.device(), proposal).isPresent();
    require(isSigners, GroupRefusal.NOT_MEMBER);
    require(!isLeaving(place.user()) && !isClosed(), GroupRefusal.NOT_MEMBER);
    requireNewest(proposal.head());
    return new ProposalOps(this, place, proposal.op()).apply();
  }

  /**
   * The membership after an invited user accepted.
   *
   * @throws GroupRefusedException if a rule forbids it here
   */
  public Membership confirm(Place place, GroupContent.Confirm confirm)
      throws GroupRefusedException {
    require(device(place.user(), place.device()).isPresent(), GroupRefusal.NOT_MEMBER);
    require(!isLeaving(place.user()) && !isClosed(), GroupRefusal.NOT_MEMBER);
    requireNewest(confirm.head());
    require(confirm.epoch() == epoch, GroupRefusal.EPOCH_STALE);
    require(!awaitsReset(), GroupRefusal.EPOCH_PENDING);
    Row row = rows.get(place.user());
    require(row.role() == GroupRole.INVITED, GroupRefusal.GROUP_REFUSED);
    if (row.invitation().isPresent()) {
      Invitation invitation = row.invitation().get();
      require(!isOver(invitation, place.time()), GroupRefusal.INVITATION_OVER);
      require(confirm.inviter().equals(invitation.inviter()), GroupRefusal.GROUP_REFUSED);
    }
    var next = new TreeMap<>(rows);
    next.put(place.user(), new Row(GroupRole.MEMBER, row.deviceList(), Optional.empty()));
    return with(place.sequenceNr(), next, pending);
  }

  /**
   * Checks what the roster says of a post; it changes nothing. Its counter is for those who keep
   * chains.
   *
   * @throws GroupRefusedException if a rule forbids it here
   */
  public void post(Place place, GroupContent.Post post) throws GroupRefusedException {
    requireMember(place);
    require(post.epoch() == epoch, GroupRefusal.EPOCH_STALE);
    require(pending.isEmpty() && !awaitsReset(), GroupRefusal.EPOCH_PENDING);
    long head = post.head().sequenceNr();
    require(head >= commitNr && head < place.sequenceNr(), GroupRefusal.GROUP_REFUSED);
  }

  /**
   * The membership after the entry by which the server says that it was restored: nobody's word,
   * so that it changes nobody's place. Keys may have moved on in what was lost: all begin anew.
   */
  public Membership restored(long sequenceNr) {
    return new Membership(
        group,
        epoch,
        rosterHash,
        commitNr,
        sequenceNr,
        rows,
        pending,
        Optional.of(sequenceNr));
  }

  /** Whether nobody can accept this invitation at that time any more. */
  public static boolean isOver(Invitation invitation, long time) {
    return time - invitation.time() >= INVITATION_MAX.toMillis();
  }

  // Rules

  private void requireMember(Place place) throws GroupRefusedException {
    require(isMember(place.user(), place.device()), GroupRefusal.NOT_MEMBER);
  }

  /** Whoever changes a group has seen the last change. */
  private void requireNewest(Point head) throws GroupRefusedException {
    require(head.sequenceNr() >= changedNr, GroupRefusal.EPOCH_STALE);
  }

  private Bytes derivedHash() {
    return GroupStatements.rosterHash(group, roster());
  }

  void requireLimits() throws GroupRefusedException {
    Set<DeviceId> ids = new HashSet<>();
    int devices = 0;
    for (Row row : rows.values()) {
      devices += row.deviceList().devices().size();
      row.deviceList().devices().forEach(device -> ids.add(device.id()));
    }
    require(rows.size() <= ROWS_MAX && devices <= DEVICES_MAX, GroupRefusal.GROUP_FULL);
    require(ids.size() == devices, GroupRefusal.GROUP_REFUSED);
  }

  /** As long as somebody is there, somebody can name, invite and remove. */
  void requireAdmin() throws GroupRefusedException {
    require(isClosed() || rows.keySet().stream().anyMatch(this::isAdmin), GroupRefusal.LAST_ADMIN);
  }

  Membership with(
      long changed, SortedMap<UserName, Row> newRows, PVector<Pending> newPending) {
    return new Membership(
        group, epoch, rosterHash, commitNr, changed, newRows, newPending, restoredNr);
  }

  static void require(boolean holds, GroupRefusal otherwise) throws GroupRefusedException {
    if (!holds) {
      throw new GroupRefusedException(otherwise);
    }
  }
}
