package chat.sotto.journal;

import akka.actor.ActorSystem;
import akka.persistence.SelectedSnapshot;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotSelectionCriteria;
import akka.persistence.snapshot.japi.SnapshotStore;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * The plug-in {@code sotto.snapshot-store} of Akka Persistence. Snapshots only save time: one that
 * is damaged or cannot be read any more is passed over for an older one or none.
 */
public final class StoreSnapshots extends SnapshotStore {
  private static final Logger LOG = LoggerFactory.getLogger(StoreSnapshots.class);

  private final Serialization serialization;
  private final Database database;

  public StoreSnapshots() {
    ActorSystem system = context().system();
    this.serialization = SerializationExtension.get(system);
    this.database = Store.get(system).database();
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return FutureConverters.asScala(
        database.read(
            tables ->
                tables.newestSnapshot(
                    range(persistenceId, criteria), row -> selected(persistenceId, row))));
  }

  private Optional<SelectedSnapshot> selected(String persistenceId, SnapshotRow row) {
    if (!row.isIntact()) {
      LOG.warn("Snapshot {} of {} is damaged and passed over.", row.nr(), persistenceId);
      return Optional.empty();
    }
    var snapshot = serialization.deserialize(row.bytes(), row.serializer(), row.manifest());
    if (snapshot.isFailure()) {
      LOG.warn(
          "Snapshot {} of {} has a form of another version and is passed over: {}",
          row.nr(),
          persistenceId,
          snapshot.failed().get().getMessage());
      return Optional.empty();
    }
    var metadata = new SnapshotMetadata(persistenceId, row.nr(), row.writtenAt());
    return Optional.of(SelectedSnapshot.create(metadata, snapshot.get()));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    Serializer serializer = serialization.findSerializerFor(snapshot);
    SnapshotRow row =
        SnapshotRow.of(
            metadata.sequenceNr(),
            metadata.timestamp(),
            serializer.identifier(),
            Serializers.manifestFor(serializer, snapshot),
            serialization.serialize(snapshot).get());
    return FutureConverters.asScala(
        database.write(
            row.bytes().length,
            tables -> {
              tables.putSnapshot(metadata.persistenceId(), row);
              return null;
            }));
  }

  /** Akka gives 0 for a time that it does not know. */
  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    long nr = metadata.sequenceNr();
    long time = metadata.timestamp();
    return delete(
        new SnapshotRange(
            metadata.persistenceId(), nr, nr, time, time == 0 ? Long.MAX_VALUE : time));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return delete(range(persistenceId, criteria));
  }

  private Future<Void> delete(SnapshotRange range) {
    return FutureConverters.asScala(
        database.write(
            0,
            tables -> {
              tables.deleteSnapshots(range);
              return null;
            }));
  }

  private static SnapshotRange range(String persistenceId, SnapshotSelectionCriteria criteria) {
    return new SnapshotRange(
        persistenceId,
        criteria.minSequenceNr(),
        criteria.maxSequenceNr(),
        criteria.minTimestamp(),
        criteria.maxTimestamp());
  }
}
