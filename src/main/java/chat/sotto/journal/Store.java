package chat.sotto.journal;

import akka.actor.AbstractExtensionId;
import akka.actor.ClassicActorSystemProvider;
import akka.actor.CoordinatedShutdown;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import chat.sotto.model.Bytes;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one actor system keeps on disk: the folder {@code sotto.data-folder} with its database.
 * Opened at first use, closed after the last actor has stopped and before the system counts as
 * terminated. A failed write ends the system with {@link StoreFailed}.
 */
public final class Store implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(Store.class);
  private static final Id ID = new Id();

  private final DataFolder folder;
  private final long reserveBytes;
  private final Database database;
  private final Bodies bodies;
  private final StoredFiles files;
  private final JournalSource journal;

  private static final class Id extends AbstractExtensionId<Store> {
    @Override
    public Store createExtension(ExtendedActorSystem system) {
      return new Store(system);
    }
  }

  /**
   * The store of a system.
   *
   * @throws DataFolderException if the folder cannot be used, with a sentence for people
   */
  public static Store get(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  private Store(ExtendedActorSystem system) {
    Config config = system.settings().config();
    this.reserveBytes = config.getBytes("sotto.journal.free-space-reserve");
    this.folder = DataFolder.open(Path.of(config.getString("sotto.data-folder")));
    try {
      this.database =
          Database.open(
              folder.databaseFile(), Clock.systemUTC(), cause -> onFailure(system, cause));
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    this.bodies = new Bodies(database);
    this.files = new StoredFiles(database, folder.files());
    this.journal = new JournalSource(database);
    system.registerOnTermination(this::close);
  }

  private static void onFailure(ExtendedActorSystem system, Throwable cause) {
    LOG.error("A write to the database failed. Nothing more is accepted; the server stops.", cause);
    CoordinatedShutdown.get(system).run(StoreFailed.INSTANCE);
  }

  public DataFolder folder() {
    return folder;
  }

  public Bodies bodies() {
    return bodies;
  }

  public StoredFiles files() {
    return files;
  }

  public JournalSource journal() {
    return journal;
  }

  /**
   * Writes down which server this is, for who reads the database later.
   *
   * @param host as clients know it
   * @param key the public sign key
   */
  public void putServer(String host, Bytes key) {
    requireHost(host);
    database.write(
        0,
        tables -> {
          tables.putMeta(DataFolder.SERVER_HOST, host);
          tables.putMeta(DataFolder.SERVER_KEY, key.toString());
          return null;
        });
  }

  /** Accounts, and all that they signed, name the host: they cannot move to another. */
  private void requireHost(String host) {
    Optional<String> known = database.read(Store::hostOfAccounts).join();
    if (known.isPresent() && !known.get().equals(host)) {
      throw new DataFolderException(
          ("The accounts in %s belong to the server of %s, not of %s: let public-url name that"
                  + " host.")
              .formatted(folder.path(), known.get(), host));
    }
  }

  private static Optional<String> hostOfAccounts(Tables tables) throws SQLException {
    return tables.ask(Dialect.ENTITY_COUNT).equals("0")
        ? Optional.empty()
        : tables.meta(DataFolder.SERVER_HOST);
  }

  /** Erases what was deleted from the log too, as soon as no reader is in the way. */
  public void eraseLog() {
    database.truncateLog();
  }

  /** False below the reserve of free space: whoever would take something new refuses it then. */
  public boolean hasRoom() {
    return hasRoomFor(0);
  }

  /** As {@link #hasRoom}, once so many bytes more are there. */
  public boolean hasRoomFor(long bytes) {
    return folder.hasRoom(reserveBytes + bytes);
  }

  Database database() {
    return database;
  }

  private void close() {
    files.close();
    database.close();
    folder.close();
  }
}
