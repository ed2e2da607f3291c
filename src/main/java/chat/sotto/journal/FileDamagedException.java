package chat.sotto.journal;

import java.sql.SQLException;

/** Something in a database file cannot be read; the rest may be in order. */
public final class FileDamagedException extends RuntimeException {
  FileDamagedException(SQLException cause) {
    super(cause.getMessage(), cause);
  }
}
