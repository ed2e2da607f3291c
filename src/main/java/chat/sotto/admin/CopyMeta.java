package chat.sotto.admin;

/** What a copy says of itself, in its table {@code meta} (docs/audit.md §2). */
final class CopyMeta {
  /** The server's secret sign key, 32 bytes as base64url: without it nobody can restore. */
  static final String SIGN_KEY = "server-sign-key";

  private CopyMeta() {}
}
