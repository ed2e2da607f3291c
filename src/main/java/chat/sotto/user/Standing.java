package chat.sotto.user;

/** What an account's name stands for. */
public enum Standing {
  LIVING,
  /** Nobody; the name stays taken. */
  ERASED,
  /** Nobody yet: the operator opened the name of an erased account again. */
  REOPENED
}
