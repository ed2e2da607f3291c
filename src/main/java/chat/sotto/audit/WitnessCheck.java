package chat.sotto.audit;

import chat.sotto.group.GroupState;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Acknowledgement;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.Witness;
import chat.sotto.user.UserState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a journal with what one device saw of it (docs/audit.md §6). The entities that the
 * device names are audited as ever; the others are not looked at.
 */
public final class WitnessCheck {
  private final Witness witness;
  private final String user;
  private final Map<String, WitnessedLog> logs = new LinkedHashMap<>();
  private final Findings findings = new Findings();

  /**
   * What a comparison came to.
   *
   * @param unknown newest points that the device acknowledged and the journal does not know as
   *     acknowledged. That proves nothing against the server: the statement may have been lost on
   *     its way, and the entries are there
   */
  public record Outcome(Result result, List<LogPoint> unknown) {
    public Outcome {
      unknown = List.copyOf(unknown);
    }
  }

  private WitnessCheck(Witness witness) {
    this.witness = witness;
    user = UserState.entity(witness.user());
    logOf(user);
    witness.logs().forEach(point -> logOf(entityOf(point)).name(point));
    for (Acknowledgement one : witness.acknowledgements()) {
      one.items().forEach(point -> logOf(entityOf(point)).name(point));
    }
  }

  /**
   * Compares.
   *
   * @param witness one that is the word of its device, see {@link Witness#refusal}
   */
  public static Outcome of(JournalFile journal, Options options, Witness witness) {
    if (witness.refusal().isPresent()) {
      throw new IllegalArgumentException(witness.refusal().get());
    }
    return new WitnessCheck(witness).run(journal, options);
  }

  private Outcome run(JournalFile journal, Options options) {
    Result audited =
        Audit.run(journal, options.withEntities(logs::containsKey).withWatchers(logs::get));
    requireThisServer(options.serverKey().map(Bytes::toString).or(() -> key(journal)));
    if (!logs.get(user).knows(Statements.listHash(witness.deviceList()))) {
      findings.add(
          new Finding(
              Finding.Code.DEVICE_LIST_UNKNOWN,
              user,
              0,
              "version %d of the device list, which signed this"
                  .formatted(witness.deviceList().version()),
              logs.get(user).user().isPresent() ? "another list" : "no such user"));
    }
    logs.values().forEach(log -> log.judge(findings, witness.exportedAt()));
    return new Outcome(audited.and(findings), unknown());
  }

  private static Optional<String> key(JournalFile journal) {
    return journal.meta(DataFolder.SERVER_KEY);
  }

  private void requireThisServer(Optional<String> key) {
    String pinned = witness.serverKey().toString();
    if (!key.equals(Optional.of(pinned))) {
      findings.add(
          new Finding(
              Finding.Code.SERVER_KEY_UNKNOWN,
              "",
              0,
              "what a device saw of the server with "
                  + key.map(known -> "key " + known).orElse("a key that the data names"),
              "what it saw of %s with key %s".formatted(witness.serverHost(), pinned)));
    }
  }

  private WitnessedLog logOf(String entity) {
    return logs.computeIfAbsent(entity, WitnessedLog::new);
  }

  private String entityOf(LogPoint point) {
    return point.kind().equals(LogPoint.GROUP)
        ? GroupState.entity(new GroupId(point.owner()))
        : user;
  }

  private List<LogPoint> unknown() {
    Optional<UserState> state = logs.get(user).user();
    return newest().values().stream()
        .filter(point -> state.isEmpty() || !hasReached(state.get(), point))
        .toList();
  }

  /** The newest acknowledged point of each log. */
  private Map<String, LogPoint> newest() {
    var newest = new LinkedHashMap<String, LogPoint>();
    for (Acknowledgement one : witness.acknowledgements()) {
      for (LogPoint item : one.items()) {
        newest.merge(
            entityOf(item),
            item,
            (known, next) -> known.sequenceNr() > next.sequenceNr() ? known : next);
      }
    }
    return newest;
  }

  /** Groups that the user has left, and removed devices, keep no cursor: nothing to compare. */
  private boolean hasReached(UserState state, LogPoint point) {
    DeviceId device = witness.device();
    if (!state.devices().containsKey(device)) {
      return true;
    }
    if (!point.kind().equals(LogPoint.GROUP)) {
      return Optional.ofNullable(state.devices().get(device))
          .filter(known -> known.cursor().point().sequenceNr() >= point.sequenceNr())
          .isPresent();
    }
    Map<DeviceId, Point> cursors = state.groups().cursors().get(new GroupId(point.owner()));
    return cursors == null
        || Optional.ofNullable(cursors.get(device))
            .filter(cursor -> cursor.sequenceNr() >= point.sequenceNr())
            .isPresent();
  }
}
