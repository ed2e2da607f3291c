package chat.sotto.model;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.EntryChain;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Labels;

/**
 * The entry with which a log goes on after the server was restored from a copy (docs/protocol.md
 * §10): the server's own, under its signature. It begins a generation.
 *
 * @param kind and owner of the log, as in {@link LogPoint}
 * @param generation that begins, 2 or higher
 * @param previous head of the log in the copy
 * @param time of this entry, milliseconds since 1970
 * @param copyTime when the copy was made, milliseconds since 1970
 * @param signature of the server, 64 bytes
 * @param hash chain hash after this entry, 32 bytes
 */
public record Restored(
    String kind,
    String owner,
    long generation,
    Point previous,
    long time,
    long copyTime,
    Bytes signature,
    Bytes hash) {
  private static final String ENTRY_KIND = "restored";
  private static final String NOBODY = "";

  public Restored {
    Bounds.length("kind", kind, 1, 16);
    Bounds.length("owner", owner, 1, 64);
    Bounds.atLeast("generation", generation, 2);
    Bounds.time("time", time);
    Bounds.time("copyTime", copyTime);
    if (copyTime > time) {
      throw new IllegalArgumentException("copyTime must not be after time");
    }
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    Bounds.size("hash", hash, Bounds.HASH_BYTES);
  }

  public static Restored sign(
      Ed25519.SigningKey serverKey,
      String serverHost,
      String kind,
      String owner,
      long generation,
      Point previous,
      long time,
      long copyTime) {
    Object[] signed =
        signedItems(serverHost, kind, owner, generation, previous, time, copyTime);
    Bytes signature = Bytes.of(Ed25519.sign(serverKey, Labels.RESTORED, signed));
    Bytes hash = hash(kind, owner, generation, previous, time, copyTime, signature);
    return new Restored(kind, owner, generation, previous, time, copyTime, signature, hash);
  }

  /** The chain hash that it must have; its own is not looked at. */
  public Bytes derivedHash() {
    return hash(kind, owner, generation, previous, time, copyTime, signature);
  }

  /** Whether this server signed it, and the hash is the one that follows. */
  public boolean verify(Bytes serverKey, String serverHost) {
    return hash.equals(derivedHash())
        && Ed25519.verify(
            serverKey.toArray(),
            signature.toArray(),
            Labels.RESTORED,
            signedItems(serverHost, kind, owner, generation, previous, time, copyTime));
  }

  public long sequenceNr() {
    return previous.sequenceNr() + 1;
  }

  public Point point() {
    return new Point(sequenceNr(), hash);
  }

  private static Object[] signedItems(
      String serverHost,
      String kind,
      String owner,
      long generation,
      Point previous,
      long time,
      long copyTime) {
    return new Object[] {
      serverHost,
      kind,
      owner,
      generation,
      previous.sequenceNr(),
      previous.hash().toArray(),
      time,
      copyTime
    };
  }

  private static Bytes hash(
      String kind,
      String owner,
      long generation,
      Point previous,
      long time,
      long copyTime,
      Bytes signature) {
    byte[] content =
        Hash.of(
            Labels.RESTORED,
            previous.sequenceNr(),
            previous.hash().toArray(),
            copyTime,
            signature.toArray());
    return Bytes.of(
        EntryChain.next(
            EntryChain.start(kind, owner, generation),
            previous.sequenceNr() + 1,
            time,
            ENTRY_KIND,
            NOBODY,
            NOBODY,
            owner,
            new byte[0],
            content));
  }
}
