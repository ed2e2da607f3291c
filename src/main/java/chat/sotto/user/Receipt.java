package chat.sotto.user;

import chat.sotto.model.Bytes;

/**
 * Where an accepted message stands.
 *
 * @param n the sender device's own count
 * @param hash the inbox's chain hash after it
 * @param digest the bodyDigest of docs/protocol.md §6
 * @param firstBodyId of the attempt that was stored: tells an attempt whether it was this one
 */
public record Receipt(
    long n, long sequenceNr, long time, Bytes hash, Bytes digest, String firstBodyId) {}
