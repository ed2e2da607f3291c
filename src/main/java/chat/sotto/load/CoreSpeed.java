package chat.sotto.load;

import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * How quick a core of this machine is at a moment, by the CPU time that always the same takes. A
 * virtual machine shares its cores with others: what a run carries goes up and down with them. Of
 * the digests of the JDK it is one for which processors have no unit of its own (JDK 17), so that it
 * competes for the same as any other code.
 */
final class CoreSpeed {
  private static final int PIECE_BYTES = 1024 * 1024;
  private static final int PIECES = 4;
  private static final int ROUNDS = 7;

  /** Until the JVM has compiled what counts. */
  private static final int ROUNDS_BEFORE = 3;

  private CoreSpeed() {}

  /** @return SHA3-256, in MB for a second of CPU; the median of {@value #ROUNDS} rounds */
  static double now() {
    byte[] piece = new byte[PIECE_BYTES];
    for (int i = 0; i < ROUNDS_BEFORE; i++) {
      round(piece);
    }
    double[] speeds = new double[ROUNDS];
    Arrays.setAll(speeds, i -> round(piece));
    Arrays.sort(speeds);
    return speeds[ROUNDS / 2];
  }

  private static double round(byte[] piece) {
    MessageDigest digest = sha3();
    long begun = cpuNanos();
    for (int i = 0; i < PIECES; i++) {
      digest.update(piece);
    }
    digest.digest();
    return PIECES * piece.length * 1e3 / (cpuNanos() - begun);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static MessageDigest sha3() {
    try {
      return MessageDigest.getInstance("SHA3-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has SHA3-256", e);
    }
  }
}
