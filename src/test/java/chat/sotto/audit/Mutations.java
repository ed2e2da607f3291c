package chat.sotto.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** All kinds of single changes of a journal, those of many places more often than the others. */
final class Mutations {
  /** SQLite's code for a row that the schema refuses. */
  private static final int CONSTRAINT = 19;

  private final Path file;
  private final Path otherServer;
  private final RandomGenerator random;

  Mutations(Path file, Path otherServer, RandomGenerator random) {
    this.file = file;
    this.otherServer = otherServer;
    this.random = random;
  }

  @FunctionalInterface
  private interface Kind {
    Optional<Mutation> make() throws SQLException, IOException;
  }

  /** Makes one. @return what it was; empty if there is no such change here */
  Optional<Mutation> any() throws SQLException, IOException {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> inFile();
      case 3, 4, 5, 6, 7 -> inRows();
      default -> inEvents();
    };
  }

  private Optional<Mutation> anyOf(List<Kind> kinds) throws SQLException, IOException {
    try {
      return kinds.get(random.nextInt(kinds.size())).make();
    } catch (SQLException e) {
      if (e.getErrorCode() == CONSTRAINT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Forger forger() throws SQLException {
    var forger = new Forger(file.getParent());
    forger.run("PRAGMA synchronous = OFF");
    return forger;
  }

  private Optional<Mutation> inFile() throws SQLException, IOException {
    var mutations = new FileMutations(file, random);
    return anyOf(
        List.of(mutations::bit, mutations::bit, mutations::sector, mutations::cutShort));
  }

  private Optional<Mutation> inRows() throws SQLException, IOException {
    try (Forger forger = forger()) {
      var mutations = new RowMutations(forger, random);
      return anyOf(
          List.of(
              mutations::bit,
              mutations::bit,
              mutations::bit,
              mutations::bit,
              mutations::bodyDeleted,
              mutations::bodiesSwapped,
              mutations::deleted,
              mutations::closedUp,
              mutations::inserted,
              mutations::swapped,
              mutations::moved,
              mutations::cutOff,
              mutations::removed,
              mutations::renamed,
              mutations::merged,
              () -> mutations.another(otherServer.toString())));
    }
  }

  private Optional<Mutation> inEvents() throws SQLException, IOException {
    try (Forger forger = forger()) {
      var mutations = new EventMutations(forger, random);
      return anyOf(
          List.of(
              mutations::rewritten,
              mutations::rewritten,
              mutations::rewritten,
              mutations::rewritten,
              mutations::rewritten,
              mutations::rewritten,
              mutations::fieldAdded,
              mutations::deleted,
              mutations::inserted,
              mutations::inserted,
              mutations::swapped));
    }
  }
}
