package chat.sotto.protocol;

import chat.sotto.model.Bounds;

/**
 * Lets a device upload a file (docs/protocol.md §7.6).
 *
 * @param offset how many bytes are there
 * @param expiresAt of the ticket
 * @param keptUntil of the file, once it is whole
 */
public record FileTicket(
    long nonce, Secret ticket, long offset, long expiresAt, long keptUntil)
    implements ServerFrame.Reply {
  public FileTicket {
    ServerFrame.checkNonce(nonce);
    ticket.requireSize(Bounds.TOKEN_BYTES);
    Bounds.atLeast("offset", offset, 0);
    Bounds.time("expiresAt", expiresAt);
    Bounds.time("keptUntil", keptUntil);
  }
}
