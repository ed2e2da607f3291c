package chat.sotto.admin;

/** What a copy says of itself, in its table {@code meta} (docs/audit.md §2). */
final class CopyMeta {
  /** When it was made, milliseconds since 1970. */
  static final String COPY_TIME = "copy-time";

  /** The server's secret sign key, 32 bytes as base64url: without it nobody can restore. */
  static final String SIGN_KEY = "server-sign-key";

  /** What the copy was made without. */
  static final String LEFT_OUT = "left-out";

  private CopyMeta() {}
}
