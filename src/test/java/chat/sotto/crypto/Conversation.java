package chat.sotto.crypto;

import static chat.sotto.crypto.VectorCases.hex;
import static chat.sotto.crypto.VectorCases.stream;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.DoubleRatchet.Result;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.SessionOpening.PrekeyRef;
import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Does the steps of a case of conversation.json and compares each with what is written there. */
final class Conversation {
  private final Map<String, ScriptedDevice> devices = new HashMap<>();
  private final JsonNode steps;

  Conversation(JsonNode node) {
    steps = node.get("steps");
    node.get("people")
        .fields()
        .forEachRemaining(
            person -> {
              var device =
                  new ScriptedDevice(person.getKey(), person.getValue().get("device").asText());
              assertArrayEquals(
                  hex(person.getValue(), "deviceSeed"), device.deviceKey.exportSeed());
              for (JsonNode prekey : person.getValue().get("prekeys")) {
                JsonNode statement = prekey.get("prekey");
                device.prekeys.put(
                    new PrekeyRef(statement.get("kind").asText(), statement.get("id").asLong()),
                    X25519.fromPrivateKey(hex(prekey, "private")));
              }
              devices.put(person.getKey(), device);
            });
  }

  void play(int stepCount) {
    for (JsonNode step : stream(steps).limit(stepCount).toList()) {
      ScriptedDevice device = devices.get(step.get("by").asText());
      switch (step.get("do").asText()) {
        case "open" -> open(device, step);
        case "send" -> send(device, step);
        case "receive" -> receive(device, step);
        default -> throw new IllegalArgumentException(step.get("do").asText());
      }
    }
  }

  private void open(ScriptedDevice device, JsonNode step) {
    JsonNode draws = step.get("draws");
    var random =
        new ScriptedRandom(
            hex(draws, "sessionKey"),
            hex(draws, "sessionId"),
            hex(draws, "r1"),
            hex(draws, "ephemeral"));
    var ref = new PrekeyRef(step.get("prekeyKind").asText(), step.get("prekeyId").asLong());
    List<byte[]> replaces = stream(step.get("replaces")).map(VectorCases::bytes).toList();
    Opening opening =
        device.open(devices.get(step.get("to").asText()), ref, replaces, random);
    assertArrayEquals(hex(step, "opening"), opening.toBytes());
    assertTrue(random.isUsedUp());
  }

  private void send(ScriptedDevice device, JsonNode step) {
    byte[] ciphertext =
        device.send(
            devices.get(step.get("to").asText()),
            hex(step, "sessionId"),
            hex(step, "messageId"),
            hex(step, "plaintext"),
            new ScriptedRandom(hex(step.get("draws"), "nonce")));
    assertArrayEquals(hex(step, "ciphertext"), ciphertext);
  }

  private void receive(ScriptedDevice device, JsonNode step) {
    var random =
        step.has("draws")
            ? new ScriptedRandom(hex(step.get("draws"), "ratchetKey"))
            : new ScriptedRandom();
    Result result = receive(device, step, random);
    assertTrue(random.isUsedUp());
    if (step.get("outcome").asText().equals("opened")) {
      Result.Opened opened = assertInstanceOf(Result.Opened.class, result);
      assertArrayEquals(hex(step, "plaintext"), Padding.unpad(opened.plaintext()));
    } else {
      assertInstanceOf(Result.Duplicate.class, result);
    }
  }

  /** Does not open, and no state changes. */
  void refuses(JsonNode attempt) {
    ScriptedDevice device = devices.get(attempt.get("by").asText());
    String before = device.states();
    try {
      Result result = receive(device, attempt, new SecureRandom());
      assertInstanceOf(Result.Failed.class, result);
    } catch (RefusedException e) {
      assertFalse(e.getMessage().isEmpty());
    }
    assertEquals(before, device.states());
  }

  private Result receive(ScriptedDevice device, JsonNode message, SecureRandom random) {
    return device.receive(
        devices.get(message.get("from").asText()),
        hex(message, "messageId"),
        hex(message, "ciphertext"),
        random);
  }
}
