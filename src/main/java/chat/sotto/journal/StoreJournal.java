package chat.sotto.journal;

import akka.actor.Actor;
import akka.actor.ActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.japi.AsyncWriteJournal;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import chat.sotto.model.Bytes;
import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The plug-in {@code sotto.journal} of Akka Persistence. A {@link JournalEntry} is stored as it is,
 * its chain checked; any other event goes through Akka's serializers and has no chain.
 */
public final class StoreJournal extends AsyncWriteJournal {
  private final boolean allowDelete;
  private final Serialization serialization;
  private final Database database;

  public StoreJournal(Config config) {
    ActorSystem system = context().system();
    this.allowDelete = config.getBoolean("allow-delete");
    this.serialization = SerializationExtension.get(system);
    this.database = Store.get(system).database();
  }

  private record Append(String entity, List<EventRow> rows) {}

  /** All of them belong to one actor and are written whole or not at all. */
  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    var appends = new ArrayList<Append>();
    var results = new ArrayList<Optional<Exception>>();
    int bytes = 0;
    for (AtomicWrite message : messages) {
      List<EventRow> rows =
          CollectionConverters.asJava(message.payload()).stream().map(this::row).toList();
      appends.add(new Append(message.persistenceId(), rows));
      results.add(Optional.empty());
      bytes += rows.stream().mapToInt(EventRow::size).sum();
    }
    Writer.Change<Iterable<Optional<Exception>>> change =
        tables -> {
          for (Append append : appends) {
            tables.append(append.entity(), append.rows());
          }
          return results;
        };
    return scala(
        database.write(bytes, appends.size() == 1 ? new Writer.Whole<>(change) : change));
  }

  private EventRow row(PersistentRepr event) {
    if (!event.manifest().isEmpty() || event.metadata().isDefined()) {
      throw new IllegalArgumentException("event adapters and replicated events are not kept");
    }
    if (event.payload() instanceof JournalEntry entry) {
      return EventRow.of(
          event.persistenceId(),
          event.sequenceNr(),
          System.currentTimeMillis(),
          event.writerUuid(),
          entry);
    }
    Serializer serializer = serialization.findSerializerFor(event.payload());
    return new EventRow(
        event.sequenceNr(),
        System.currentTimeMillis(),
        event.writerUuid(),
        serializer.identifier(),
        Serializers.manifestFor(serializer, event.payload()),
        Bytes.EMPTY,
        Bytes.EMPTY,
        serialization.serialize(event.payload()).get());
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    if (!allowDelete) {
      return scala(
          CompletableFuture.failedFuture(
              new UnsupportedOperationException("events are never deleted")));
    }
    return scala(
        database.write(
            0,
            tables -> {
              tables.deleteEvents(persistenceId, toSequenceNr);
              return null;
            }));
  }

  /**
   * Akka asks this before each replay, and a recovering actor may have left writes in the queue:
   * they are finished or failed first, so that the number is the last one that will ever be.
   */
  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return scala(database.readAfterWrites(tables -> tables.highestNr(persistenceId)));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayCallback) {
    return scala(
        database.read(
            tables -> {
              tables.events(
                  persistenceId,
                  fromSequenceNr,
                  toSequenceNr,
                  max,
                  row -> replayCallback.accept(event(persistenceId, row)));
              return null;
            }));
  }

  private PersistentRepr event(String persistenceId, EventRow row) {
    Object payload =
        row.isEntry()
            ? row.entry(persistenceId)
            : serialization.deserialize(row.bytes(), row.serializer(), row.manifest()).get();
    return PersistentRepr.apply(
            payload, row.nr(), persistenceId, "", false, Actor.noSender(), row.writer())
        .withTimestamp(row.writtenAt());
  }

  private static <T> Future<T> scala(CompletionStage<T> stage) {
    return FutureConverters.asScala(stage);
  }
}
