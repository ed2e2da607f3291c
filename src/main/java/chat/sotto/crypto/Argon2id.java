package chat.sotto.crypto;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id, version 1.3 (RFC 9106): 19 MiB, 2 passes, 1 lane. About 40 ms of one core. */
public final class Argon2id {
  public static final int SALT_BYTES = 16;
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int OUTPUT_BYTES = 32;

  private Argon2id() {}

  /** K of docs/protocol.md §3, 32 bytes. */
  public static byte[] hash(byte[] secret, byte[] salt) {
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(LANES)
            .withSalt(salt)
            .build();
    return hash(parameters, secret, OUTPUT_BYTES);
  }

  static byte[] hash(Argon2Parameters parameters, byte[] secret, int length) {
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    byte[] output = new byte[length];
    generator.generateBytes(secret, output);
    return output;
  }
}
