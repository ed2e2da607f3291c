package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7748. */
class X25519Test {
  @Test
  void holdsTheVectorsOfSection5() {
    assertEquals(
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        agree(
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
    assertEquals(
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        agree(
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"));
  }

  @Test
  void holdsTheVectorOfSection5After1000Iterations() {
    String k = "0900000000000000000000000000000000000000000000000000000000000000";
    String u = k;
    for (int i = 0; i < 1000; i++) {
      String result = agree(k, u);
      u = k;
      k = result;
    }
    assertEquals("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", k);
  }

  @Test
  void holdsTheVectorOfSection6() {
    X25519.KeyPair alice =
        keyPair("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    X25519.KeyPair bob =
        keyPair("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    assertEquals(
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        Hex.text(alice.publicKey()));
    assertEquals(
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
        Hex.text(bob.publicKey()));
    String secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    assertEquals(secret, Hex.text(X25519.agree(alice, bob.publicKey())));
    assertEquals(secret, Hex.text(X25519.agree(bob, alice.publicKey())));
  }

  /** Every point whose order divides 8, in every encoding of 32 bytes (the top bit is ignored). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void refusesPublicKeysOfSmallOrder(String key) {
    X25519.KeyPair own = X25519.generateKeyPair(new SecureRandom());
    byte[] peer = Hex.bytes(key);
    assertThrows(RefusedException.class, () -> X25519.agree(own, peer));
    peer[31] |= (byte) 0x80;
    assertThrows(RefusedException.class, () -> X25519.agree(own, peer));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 64})
  void refusesKeysOfOtherLength(int length) {
    X25519.KeyPair own = X25519.generateKeyPair(new SecureRandom());
    assertThrows(RefusedException.class, () -> X25519.agree(own, new byte[length]));
    assertThrows(RefusedException.class, () -> X25519.fromPrivateKey(new byte[length]));
  }

  @Test
  void textOfAKeyPairShowsNothing() {
    X25519.KeyPair pair = X25519.fromPrivateKey(Hex.bytes("42".repeat(32)));
    assertFalse(pair.toString().contains("42"));
  }

  private static X25519.KeyPair keyPair(String privateKey) {
    return X25519.fromPrivateKey(Hex.bytes(privateKey));
  }

  private static String agree(String privateKey, String publicKey) {
    return Hex.text(X25519.agree(keyPair(privateKey), Hex.bytes(publicKey)));
  }
}
