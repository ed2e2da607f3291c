package chat.sotto.journal;

import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.ReplyEffect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What each command leads to, by the state that it finds: of the rows for a command the first one
 * whose state fits. All entities of a kind share one, which Akka's own builder makes anew for each:
 * 5 KiB in memory of every user who is here.
 *
 * @param <B> entities
 * @param <C> commands, each a final class
 * @param <S> state
 */
public final class CommandTable<B, C, S> {
  private final Map<Class<?>, List<Row<B, S>>> rows = new HashMap<>();

  /**
   * Carries a command out.
   *
   * @param <B> entities
   * @param <D> the command
   * @param <S> state
   */
  @FunctionalInterface
  public interface Handler<B, D, S> {
    ReplyEffect<JournalEntry, S> handle(B entity, S state, D command);
  }

  private record Row<B, S>(Predicate<S> fits, Handler<B, Object, S> handler) {}

  /** Adds rows for the states that fit. */
  public final class Rows {
    private final Predicate<S> fits;

    private Rows(Predicate<S> fits) {
      this.fits = fits;
    }

    public <D extends C> Rows onCommand(Class<D> command, Handler<B, D, S> handler) {
      rows.computeIfAbsent(command, none -> new ArrayList<>())
          .add(
              new Row<>(
                  fits,
                  (entity, state, given) -> handler.handle(entity, state, command.cast(given))));
      return this;
    }
  }

  public Rows forAnyState() {
    return new Rows(state -> true);
  }

  public Rows forState(Predicate<S> fits) {
    return new Rows(fits);
  }

  /** @return refuses, without a word to whoever asked, what no row is for: a fault of ours */
  public CommandHandlerWithReply<C, JournalEntry, S> of(B entity) {
    return (state, command) -> {
      for (Row<B, S> row : rows.getOrDefault(command.getClass(), List.of())) {
        if (row.fits.test(state)) {
          return row.handler.handle(entity, state, command);
        }
      }
      throw new IllegalStateException("no row for " + command.getClass());
    };
  }
}
