package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.HOST;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.accountKey;
import static chat.sotto.crypto.VectorFiles.deviceKey;
import static chat.sotto.crypto.VectorFiles.flipped;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.model.Bytes;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The word of a device that its account has a new key, among the vectors of statements. */
final class AccountChangeVectors {
  private AccountChangeVectors() {}

  static void putAll(ObjectNode file) {
    byte[] from = accountKey("alice").publicKey();
    byte[] to = accountKey("alice anew").publicKey();
    byte[] signature =
        Statements.signAccountChange(
                deviceKey("alice"), HOST, new UserName("alice"), Bytes.of(from), Bytes.of(to))
            .toArray();
    ObjectNode base = JSON.createObjectNode().put("kind", "account-change");
    base.put("serverHost", HOST).put("user", "alice").put("from", hex(from)).put("to", hex(to));
    base.put("deviceKey", hex(deviceKey("alice").publicKey())).put("signature", hex(signature));
    valid(file, base);
    refused(file, base, "another server").put("serverHost", "evil.example");
    refused(file, base, "another user").put("user", "bob");
    refused(file, base, "back again").put("from", hex(to)).put("to", hex(from));
    refused(file, base, "from another account key")
        .put("from", hex(accountKey("bob").publicKey()));
    refused(file, base, "to another account key").put("to", hex(accountKey("bob").publicKey()));
    refused(file, base, "another device").put("deviceKey", hex(deviceKey("bob").publicKey()));
    refused(file, base, "a flipped bit").put("signature", hex(flipped(signature, 3)));
  }
}
