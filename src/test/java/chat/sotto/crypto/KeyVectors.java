package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.HOST;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.deviceKey;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.flipped;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Vectors of signatures, of Diffie-Hellman and of the vault: where libraries differ, above all. */
final class KeyVectors {
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private KeyVectors() {}

  static ObjectNode signatures() {
    ObjectNode file =
        file(
            "Ed25519 as docs/protocol.md §1.1 and §1.5 take it, over the bytes of 'message', which"
                + " are"
                + " enc(\"sotto/v1/ack\", \"chat.example.org\", 7). The order of the group is L.");
    Ed25519.SigningKey key = deviceKey("alice");
    byte[] message = Enc.encode(Labels.ACK, HOST, 7);
    byte[] signature = Ed25519.signRaw(key, message);
    ObjectNode base = JSON.createObjectNode();
    base.put("publicKey", hex(key.publicKey())).put("message", hex(message));
    base.put("signature", hex(signature));
    valid(file, base).put("seed", hex(key.exportSeed()));

    String field = "signature";
    refused(file, base, "65 bytes, the last one zero").put(field, hex(cut(signature, 65)));
    refused(file, base, "63 bytes").put(field, hex(cut(signature, 63)));
    refused(file, base, "empty").put(field, "");
    refused(file, base, "a flipped bit in R").put(field, hex(flipped(signature, 0)));
    refused(file, base, "a flipped bit in S").put(field, hex(flipped(signature, 32)));
    refused(file, base, "S + L").put(field, hex(withS(signature, s(signature).add(ORDER))));
    refused(file, base, "S = L and R neutral")
        .put(field, hex(withS(cut(Hex.bytes("01"), 64), ORDER)));
    refused(file, base, "another message")
        .put("message", hex(Enc.encode(Labels.ACK, HOST, 8)));
    refused(file, base, "another label")
        .put("message", hex(Enc.encode(Labels.PREKEY, HOST, 7)));
    refused(file, base, "another key").put("publicKey", hex(deviceKey("bob").publicKey()));
    refused(file, base, "a key of 31 bytes").put("publicKey", hex(cut(key.publicKey(), 31)));
    refused(file, base, "a key of 33 bytes").put("publicKey", hex(cut(key.publicKey(), 33)));
    // With R neutral and S zero, such keys have a signature that is good for any message.
    String anyMessage = hex(cut(Hex.bytes("01"), 64));
    for (byte[] smallOrder : Ed25519Test.keysOfSmallOrder()) {
      refused(file, base, "a key of small order")
          .put("publicKey", hex(smallOrder))
          .put(field, anyMessage);
    }
    for (String first : new String[] {"ed", "ee"}) {
      refused(file, base, "a key that is not canonical: 2^255-19 or more")
          .put("publicKey", first + "ff".repeat(30) + "7f")
          .put(field, anyMessage);
    }
    return file;
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  private static BigInteger s(byte[] signature) {
    byte[] bigEndian = new byte[32];
    for (int i = 0; i < 32; i++) {
      bigEndian[i] = signature[63 - i];
    }
    return new BigInteger(1, bigEndian);
  }

  private static byte[] withS(byte[] signature, BigInteger s) {
    byte[] changed = signature.clone();
    for (int i = 0; i < 32; i++) {
      changed[32 + i] = s.shiftRight(8 * i).byteValue();
    }
    return changed;
  }

  static ObjectNode agreement() {
    ObjectNode file =
        file(
            "X25519 (RFC 7748) as docs/protocol.md §1.5 takes it: 'secret' of 'private' and"
                + " 'peer'.");
    var random = new DeterministicRandom("agreement");
    X25519.KeyPair own = X25519.generateKeyPair(random);
    X25519.KeyPair peer = X25519.generateKeyPair(random);
    ObjectNode base = JSON.createObjectNode();
    base.put("private", hex(own.exportPrivateKey())).put("public", hex(own.publicKey()));
    base.put("peer", hex(peer.publicKey()));
    String secret = hex(X25519.agree(own, peer.publicKey()));
    valid(file, base).put("secret", secret);
    byte[] topBit = peer.publicKey();
    topBit[31] |= (byte) 0x80;
    valid(file, base).put("peer", hex(topBit)).put("secret", secret);
    for (String smallOrder :
        new String[] {
          "00".repeat(32),
          "01" + "00".repeat(31),
          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
          "ec" + "ff".repeat(30) + "7f",
          "ed" + "ff".repeat(30) + "7f",
          "ee" + "ff".repeat(30) + "7f",
          "00".repeat(31) + "80"
        }) {
      refused(file, base, "a key of small order").put("peer", smallOrder);
    }
    for (int length : new int[] {0, 31, 33}) {
      refused(file, base, length + " bytes").put("peer", hex(cut(peer.publicKey(), length)));
    }
    return file;
  }

  static ObjectNode vault() {
    ObjectNode file =
        file(
            "The vault (docs/protocol.md §3). 'vault' is 'content' sealed under 'vaultKey'. 'k' is"
                + " Argon2id of 'authSecret' and 'salt'; from it the server has 'verifier' and the"
                + " key"
                + " under which it keeps the vault as 'wrapped'. The refused ones do not open.");
    var random = new DeterministicRandom("vault");
    byte[] vaultKey = random.bytes(32);
    byte[] content = "{\"version\":1}".getBytes(StandardCharsets.UTF_8);
    byte[] vault =
        Aead.seal(vaultKey, Enc.encode(Labels.VAULT, HOST, "alice"), content, random);
    ObjectNode base = JSON.createObjectNode();
    base.put("serverHost", HOST).put("user", "alice").put("vaultKey", hex(vaultKey));
    base.put("vault", hex(vault));
    ObjectNode good = valid(file, base).put("content", hex(content));
    byte[] authSecret = random.bytes(32);
    byte[] salt = random.bytes(Argon2id.SALT_BYTES);
    byte[] k = Argon2id.hash(authSecret, salt);
    byte[] wrapKey = derive(k, Labels.VAULT_WRAP);
    good.put("authSecret", hex(authSecret)).put("salt", hex(salt)).put("k", hex(k));
    good.put("verifier", hex(derive(k, Labels.VERIFY)));
    byte[] aad = Enc.encode(Labels.VAULT_WRAP, "alice");
    good.put("wrapped", hex(Aead.seal(wrapKey, aad, vault, random)));

    refused(file, base, "a flipped bit in the nonce").put("vault", hex(flipped(vault, 0)));
    refused(file, base, "a flipped bit in the ciphertext").put("vault", hex(flipped(vault, 12)));
    refused(file, base, "a flipped bit in the tag")
        .put("vault", hex(flipped(vault, vault.length - 1)));
    refused(file, base, "cut short").put("vault", hex(cut(vault, vault.length - 1)));
    refused(file, base, "a byte too many").put("vault", hex(cut(vault, vault.length + 1)));
    refused(file, base, "only a nonce").put("vault", hex(cut(vault, 12)));
    refused(file, base, "empty").put("vault", "");
    refused(file, base, "another user").put("user", "bob");
    refused(file, base, "another server").put("serverHost", "evil.example");
    refused(file, base, "another key").put("vaultKey", hex(flipped(vaultKey, 31)));
    return file;
  }

  static byte[] derive(byte[] k, String info) {
    return Hkdf.derive(new byte[0], k, info.getBytes(StandardCharsets.UTF_8), 32);
  }
}
