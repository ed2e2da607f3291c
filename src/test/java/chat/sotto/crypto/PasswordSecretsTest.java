package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordSecretsTest {
  private static final String HOST = "chat.example";

  @ParameterizedTest
  @ValueSource(strings = {"correct horse battery", "größe €uro 😀", "x", ""})
  void isPbkdf2OverTheSaltOfServerAndUserThenHkdf(String password) {
    var theirs = new PKCS5S2ParametersGenerator(new SHA256Digest());
    byte[] salt = Hash.sha256(Enc.encode("sotto/v1/password", HOST, "alice"));
    theirs.init(password.getBytes(StandardCharsets.UTF_8), salt, 1_000);
    byte[] p = ((KeyParameter) theirs.generateDerivedMacParameters(256)).getKey();
    PasswordSecrets ours = derive(password, HOST, "alice");
    assertArrayEquals(expand(p, "sotto/v1/auth-secret"), ours.authSecret());
    assertArrayEquals(expand(p, "sotto/v1/vault-key"), ours.vaultKey());
    assertFalse(Arrays.equals(ours.authSecret(), ours.vaultKey()));
  }

  private static byte[] expand(byte[] p, String info) {
    return Hkdf.derive(new byte[0], p, info.getBytes(StandardCharsets.UTF_8), 32);
  }

  @Test
  void takesAMillionIterations() {
    assertEquals(1_000_000, PasswordSecrets.ITERATIONS);
    assertArrayEquals(
        PasswordSecrets.derive("correct horse battery", HOST, "alice", 1_000_000).authSecret(),
        PasswordSecrets.derive("correct horse battery", HOST, "alice").authSecret());
  }

  @ParameterizedTest
  @CsvSource({"ﬁne,fine", "Ａｂｃ,Abc", "№ 1,No 1", "Ame\u0301lie,Am\u00e9lie"})
  void formsThatLookTheSameAreTheSamePassword(String one, String other) {
    assertArrayEquals(
        derive(one, HOST, "alice").authSecret(), derive(other, HOST, "alice").authSecret());
  }

  @Test
  void otherUsersAndServersHaveOtherSecrets() {
    byte[] secret = derive("correct horse battery", HOST, "alice").authSecret();
    for (PasswordSecrets other :
        new PasswordSecrets[] {
          derive("correct horse battery", HOST, "bob"),
          derive("correct horse battery", "chat.other", "alice"),
          derive("Correct horse battery", HOST, "alice"),
          derive("correct horse battery ", HOST, "alice")
        }) {
      assertFalse(Arrays.equals(secret, other.authSecret()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unpaired \ud83d", "\ude00 first", "\ude00\ud83d"})
  void refusesPasswordsWithoutUtf8(String password) {
    assertThrows(RefusedException.class, () -> derive(password, HOST, "alice"));
  }

  @Test
  void textShowsNothing() {
    assertEquals("PasswordSecrets[***]", derive("x", HOST, "alice").toString());
  }

  private static PasswordSecrets derive(String password, String host, String user) {
    return PasswordSecrets.derive(password, host, user, 1_000);
  }
}
