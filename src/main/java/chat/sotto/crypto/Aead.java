package chat.sotto.crypto;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM (NIST SP 800-38D): 32-byte key, 12-byte nonce, 16-byte tag. */
public final class Aead {
  public static final int KEY_BYTES = 32;
  public static final int NONCE_BYTES = 12;
  public static final int TAG_BYTES = 16;

  private Aead() {}

  /** {@code nonce || ciphertext || tag} under a random nonce: safe for 2^32 calls with one key. */
  public static byte[] seal(byte[] key, byte[] aad, byte[] plaintext, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = sealWithNonce(key, nonce, aad, plaintext);
    byte[] output = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, output, NONCE_BYTES, sealed.length);
    return output;
  }

  /** @throws RefusedException unless {@link #seal} made it with this key and AAD */
  public static byte[] open(byte[] key, byte[] aad, byte[] sealed) {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) {
      throw RefusedException.doesNotOpen();
    }
    byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
    return openWithNonce(key, nonce, aad, Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length));
  }

  /** The caller never uses one (key, nonce) for two plaintexts. */
  static byte[] sealWithNonce(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
    return new Keyed(key).seal(nonce, aad, plaintext);
  }

  /** @throws RefusedException if the tag is wrong */
  static byte[] openWithNonce(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext) {
    return new Keyed(key).open(nonce, aad, ciphertext);
  }

  /** One key for many calls, by one thread at a time: what follows from the key is kept. */
  static final class Keyed {
    private final SecretKeySpec key;
    private final Cipher cipher;

    Keyed(byte[] key) {
      this.key = new SecretKeySpec(key, "AES");
      try {
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** As {@link Aead#sealWithNonce}. */
    byte[] seal(byte[] nonce, byte[] aad, byte[] plaintext) {
      try {
        begin(Cipher.ENCRYPT_MODE, nonce, aad);
        return cipher.doFinal(plaintext);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** As {@link Aead#openWithNonce}. */
    byte[] open(byte[] nonce, byte[] aad, byte[] ciphertext) {
      if (nonce.length != NONCE_BYTES || ciphertext.length < TAG_BYTES) {
        throw RefusedException.doesNotOpen();
      }
      try {
        begin(Cipher.DECRYPT_MODE, nonce, aad);
        return cipher.doFinal(ciphertext);
      } catch (AEADBadTagException e) {
        throw RefusedException.doesNotOpen();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private void begin(int mode, byte[] nonce, byte[] aad) throws GeneralSecurityException {
      cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
      cipher.updateAAD(aad);
    }
  }
}
