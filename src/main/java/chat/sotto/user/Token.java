package chat.sotto.user;

import chat.sotto.model.Bytes;

/**
 * A device's right to resume.
 *
 * @param hash SHA-256 of the token
 * @param expiresAt milliseconds since 1970
 */
public record Token(Bytes hash, long expiresAt) {}
