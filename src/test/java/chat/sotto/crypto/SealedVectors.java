package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.HOST;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.deviceKey;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.flipped;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors of HPKE and of a connection's first envelopes. */
final class SealedVectors {
  private SealedVectors() {}

  static ObjectNode hpke() {
    ObjectNode file =
        file(
            "HPKE of suite 1 (RFC 9180): the receiver opens 'ciphertexts' in this order, and both"
                + " sides export. 'psk' and 'pskId' only in PSK mode. AAD is empty.");
    for (boolean psk : new boolean[] {false, true}) {
      var random = new DeterministicRandom("hpke " + psk);
      X25519.KeyPair recipient = X25519.generateKeyPair(random);
      X25519.KeyPair ephemeral = X25519.generateKeyPair(random);
      byte[] info = Enc.encode("info");
      byte[] key = random.bytes(32);
      byte[] keyId = Handshake.PSK_ID;
      Hpke.Sender sender =
          psk
              ? Hpke.setupPskS(
                  Suite.X25519, recipient.publicKey(), info, key, keyId, ephemeral)
              : Hpke.setupBaseS(Suite.X25519, recipient.publicKey(), info, ephemeral);
      ObjectNode base = JSON.createObjectNode();
      base.put("suite", 1).put("mode", psk ? "psk" : "base").put("info", hex(info));
      base.put("recipientPrivate", hex(recipient.exportPrivateKey()));
      base.put("recipientPublic", hex(recipient.publicKey()));
      base.put("ephemeralPrivate", hex(ephemeral.exportPrivateKey()));
      base.put("enc", hex(sender.enc()));
      if (psk) {
        base.put("psk", hex(key)).put("pskId", hex(keyId));
      }
      List<byte[]> ciphertexts = new ArrayList<>();
      ArrayNode plaintexts = base.putArray("plaintexts");
      for (int i = 0; i < 4; i++) {
        byte[] plaintext = random.bytes(i * 40);
        plaintexts.add(hex(plaintext));
        ciphertexts.add(sender.context().seal(plaintext));
      }
      hpkeCases(file, base, ciphertexts, sender.context(), info);
    }
    return file;
  }

  private static void hpkeCases(
      ObjectNode file,
      ObjectNode base,
      List<byte[]> ciphertexts,
      Hpke.SenderContext context,
      byte[] info) {
    ObjectNode good = putCiphertexts(valid(file, base), ciphertexts);
    good.putArray("exports")
        .addObject()
        .put("context", Labels.PSK)
        .put("length", 32)
        .put("value", hex(context.export(Labels.PSK, 32)));
    List<byte[]> bent = new ArrayList<>(ciphertexts);
    bent.set(0, flipped(ciphertexts.get(0), 0));
    putCiphertexts(refused(file, base, "a flipped bit"), bent);
    putCiphertexts(
        refused(file, base, "out of order"),
        List.of(ciphertexts.get(1), ciphertexts.get(0)));
    putCiphertexts(
        refused(file, base, "repeated"),
        List.of(ciphertexts.get(0), ciphertexts.get(0)));
    putCiphertexts(
        refused(file, base, "cut short"),
        List.of(Arrays.copyOf(ciphertexts.get(1), ciphertexts.get(1).length - 1)));
    ObjectNode otherInfo = refused(file, base, "other info");
    putCiphertexts(otherInfo.put("info", hex(flipped(info, 4))), ciphertexts);
    ObjectNode lowOrder = refused(file, base, "enc of small order");
    putCiphertexts(lowOrder.put("enc", "00".repeat(32)), ciphertexts);
    ObjectNode lowOrderOne = refused(file, base, "enc of small order: 1");
    putCiphertexts(lowOrderOne.put("enc", "01" + "00".repeat(31)), ciphertexts);
    ObjectNode shortEnc = refused(file, base, "enc of 31 bytes");
    putCiphertexts(shortEnc.put("enc", "09" + "00".repeat(30)), ciphertexts);
    ObjectNode unknown = refused(file, base, "unknown suite");
    putCiphertexts(unknown.put("suite", 9), ciphertexts);
    if (base.has("psk")) {
      ObjectNode otherPsk = refused(file, base, "another psk");
      putCiphertexts(otherPsk.put("psk", "11".repeat(32)), ciphertexts);
    }
  }

  private static ObjectNode putCiphertexts(ObjectNode node, List<byte[]> ciphertexts) {
    ArrayNode array = node.putArray("ciphertexts");
    ciphertexts.forEach(ciphertext -> array.add(hex(ciphertext)));
    return node;
  }

  static ObjectNode envelope() {
    ObjectNode file =
        file(
            "A connection's first envelopes (docs/protocol.md §2.2, §2.3). The server opens"
                + " 'clientFirst' with 'sealPrivate', the client opens 'serverFirst' with"
                + " 'connectionPrivate' and the exporter of its own context, made from"
                + " 'ephemeralPrivate'."
                + " 'refused' are 'serverFirst' that the client must refuse.");
    var random = new DeterministicRandom("envelope");
    Ed25519.SigningKey server = Ed25519.generate(random);
    Ed25519.SigningKey device = deviceKey("alice");
    X25519.KeyPair seal = X25519.generateKeyPair(random);
    X25519.KeyPair connection = X25519.generateKeyPair(random);
    X25519.KeyPair ephemeral = X25519.generateKeyPair(random);
    Hello.SealKey sealKey =
        Handshake.signSealKey(
            server, HOST, "node1", 3, Suite.X25519, seal.publicKey(), 1_750_000_000_000L);
    byte[] hello = "{\"type\":\"hello\"}".getBytes(StandardCharsets.UTF_8);
    byte[] helloHash = Handshake.helloHash(hello);
    byte[] frame = "{\"type\":\"login\",\"nonce\":2}".getBytes(StandardCharsets.UTF_8);
    byte[] reply = "{\"type\":\"signed-in\",\"nonce\":3}".getBytes(StandardCharsets.UTF_8);
    Hpke.Sender c2s =
        Hpke.setupBaseS(
            Suite.X25519,
            seal.publicKey(),
            Handshake.clientInfo(Suite.X25519, helloHash, server.publicKey()),
            ephemeral);
    byte[] deviceSig =
        new Handshake.First(
                Suite.X25519,
                helloHash,
                server.publicKey(),
                seal.publicKey(),
                c2s.enc(),
                connection.publicKey(),
                frame)
            .sign(device);
    byte[] clientFirst =
        join(new byte[] {1}, c2s.enc(), c2s.context().seal(join(deviceSig, frame)));
    byte[] transcript = Handshake.transcript(helloHash, clientFirst);
    byte[] psk = c2s.context().export(Labels.PSK, Handshake.PSK_BYTES);

    ObjectNode base = JSON.createObjectNode();
    base.put("serverHost", HOST).put("hello", hex(hello)).put("frame", hex(frame));
    base.put("serverSignKey", hex(server.publicKey())).put("deviceSeed", hex(device.exportSeed()));
    base.put("deviceKey", hex(device.publicKey()));
    base.set("sealKey", JSON.valueToTree(sealKey));
    base.put("sealPrivate", hex(seal.exportPrivateKey()));
    base.put("connectionPrivate", hex(connection.exportPrivateKey()));
    base.put("ephemeralPrivate", hex(ephemeral.exportPrivateKey()));
    base.put("clientFirst", hex(clientFirst)).put("transcript", hex(transcript));
    base.put("psk", hex(psk)).put("reply", hex(reply));
    base.put("fingerprint", Handshake.fingerprint(server.publicKey()));
    byte[] good = serverFirst(connection, transcript, psk, server, reply, random);
    valid(file, base).put("serverFirst", hex(good));
    refused(file, base, "a flipped bit").put("serverFirst", hex(flipped(good, 40)));
    byte[] otherKey =
        serverFirst(connection, transcript, psk, Ed25519.generate(random), reply, random);
    refused(file, base, "signed by another server").put("serverFirst", hex(otherKey));
    byte[] otherPsk = serverFirst(connection, transcript, new byte[32], server, reply, random);
    refused(file, base, "another psk").put("serverFirst", hex(otherPsk));
    byte[] otherTranscript =
        serverFirst(connection, flipped(transcript, 0), psk, server, reply, random);
    refused(file, base, "another transcript").put("serverFirst", hex(otherTranscript));
    refused(file, base, "cut short").put("serverFirst", hex(Arrays.copyOf(good, 50)));
    return file;
  }

  private static byte[] serverFirst(
      X25519.KeyPair connection,
      byte[] transcript,
      byte[] psk,
      Ed25519.SigningKey server,
      byte[] reply,
      DeterministicRandom random) {
    Hpke.Sender s2c =
        Hpke.setupPskS(
            Suite.X25519,
            connection.publicKey(),
            Handshake.serverInfo(Suite.X25519, transcript),
            psk,
            Handshake.PSK_ID,
            X25519.generateKeyPair(random));
    byte[] signature = Handshake.signServerFirst(server, transcript, s2c.enc(), reply);
    return join(s2c.enc(), s2c.context().seal(join(signature, reply)));
  }

  private static byte[] join(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }
}
