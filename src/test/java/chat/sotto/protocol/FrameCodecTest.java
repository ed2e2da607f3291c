package chat.sotto.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FrameCodecTest {
  private static final List<JsonNode> VECTORS =
      Stream.of("frames.json", "account-frames.json", "file-frames.json", "typing-frames.json")
          .map(FrameCodecTest::vectors)
          .toList();
  private static final String TOKEN = "A".repeat(43);

  @TestFactory
  Stream<DynamicTest> acceptedFramesAreEncodedToTheSameBytes() {
    return Stream.of("client", "server", "hello")
        .flatMap(
            side ->
                cases(side, "accepted")
                    .map(
                        frame ->
                            DynamicTest.dynamicTest(
                                side + ": " + frame.get("name").textValue(),
                                () ->
                                    assertEquals(
                                        frame.get("text").textValue(),
                                        encoded(side, bytes(frame))))));
  }

  @TestFactory
  Stream<DynamicTest> whatIsNotSignedMayBeWrittenInOtherWays() {
    return cases("client", "sameAs")
        .map(
            frame ->
                DynamicTest.dynamicTest(
                    frame.get("name").textValue(),
                    () ->
                        assertEquals(
                            frame.get("same").textValue(), encoded("client", bytes(frame)))));
  }

  @TestFactory
  Stream<DynamicTest> refusedFramesHaveTheirCodeAndNonce() {
    return Stream.of("client", "server", "hello")
        .flatMap(
            side ->
                cases(side, "refused")
                    .map(
                        frame ->
                            DynamicTest.dynamicTest(
                                side + ": " + frame.get("name").textValue(),
                                () -> assertRefused(side, frame))));
  }

  @Test
  void everyTypeHasAnAcceptedVector() {
    assertEquals(types(ClientFrame.class), vectorTypes("client"));
    assertEquals(types(ServerFrame.class), vectorTypes("server"));
  }

  @Test
  void refusalsSayNothingOfWhatWasSent() {
    String secret = "c2VjcmV0LXdvcmQ";
    for (String frame :
        new String[] {
          "{\"type\":\"ping\",\"nonce\":2,\"token\":\"" + secret + "\"}",
          "{\"type\":\"ping\",\"nonce\":2,\"" + secret + "\":1}",
          "{\"type\":\"" + secret + "\",\"nonce\":2}",
          "{\"type\":\"ping\",\"nonce\":\"" + secret + "\"}",
          "{\"type\":\"ping\",\"nonce\":2,\"token\":\"*" + secret + "*\"}",
          "{\"type\":\"visibility\",\"nonce\":2,\"token\":\"" + TOKEN + "\",\"visibility\":\""
              + secret + "\"}",
          "{" + secret + "}",
        }) {
      var refusal = assertThrows(FrameException.class, () -> decode("client", utf8(frame)));
      for (Throwable at = refusal; at != null; at = at.getCause()) {
        assertFalse(String.valueOf(at.getMessage()).contains(secret), at.getMessage());
      }
    }
  }

  @Test
  void whateverTheBytesAreTheyAreAFrameOrRefused() {
    var random = new Random(20261123);
    for (JsonNode frame : cases("client", "accepted").toList()) {
      for (int round = 0; round < 400; round++) {
        byte[] bytes = bytes(frame);
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          bytes[random.nextInt(Math.min(bytes.length, 2_000))] = (byte) random.nextInt(256);
        }
        try {
          FrameCodec.decodeClient(bytes);
        } catch (FrameException refused) {
          assertTrue(refused.replyNonce() > 0);
        }
      }
    }
  }

  @Test
  void secretsAreNotInTheTextOfAFrame() throws FrameException {
    for (JsonNode frame : cases("client", "accepted").toList()) {
      String text = FrameCodec.decodeClient(bytes(frame)).toString();
      JsonNode fields = tree(frame.get("text").textValue());
      for (String secret :
          new String[] {
            "token",
            "authSecret",
            "newAuthSecret",
            "recoverySecret",
            "newRecoverySecret",
            "vault",
            "recoveryVault",
          }) {
        if (fields.has(secret)) {
          assertFalse(text.contains(fields.get(secret).textValue()), secret);
        }
      }
    }
  }

  @Test
  void aFrameIsTheSameAfterEncodingWhateverItsSize() throws FrameException {
    byte[] ciphertext = new byte[180_000];
    Arrays.fill(ciphertext, (byte) -1);
    var copy = new ClientFrame.Copy(new DeviceId("0".repeat(32)), Bytes.of(ciphertext));
    var send =
        new ClientFrame.Send(
            8,
            Secret.of(new byte[32]),
            new UserName("bob"),
            1,
            1,
            Bytes.of(new byte[16]),
            List.of(copy));
    byte[] encoded = FrameCodec.encode(send);
    assertEquals(send, FrameCodec.decodeClient(encoded));
    assertArrayEquals(encoded, FrameCodec.encode(FrameCodec.decodeClient(encoded)));
  }

  private static void assertRefused(String side, JsonNode frame) {
    var refusal = assertThrows(FrameException.class, () -> decode(side, bytes(frame)));
    assertEquals(frame.get("code").textValue(), refusal.code().text());
    assertTrue(frame.get("why").textValue().length() > 0);
    if (frame.has("replyNonce")) {
      assertEquals(frame.get("replyNonce").longValue(), refusal.replyNonce());
    }
  }

  private static String encoded(String side, byte[] bytes) throws FrameException {
    byte[] again =
        switch (side) {
          case "client" -> FrameCodec.encode(FrameCodec.decodeClient(bytes));
          case "server" -> FrameCodec.encode(FrameCodec.decodeServer(bytes));
          default -> FrameCodec.encode(FrameCodec.decodeHello(bytes));
        };
    return new String(again, StandardCharsets.UTF_8);
  }

  private static Object decode(String side, byte[] bytes) throws FrameException {
    return switch (side) {
      case "client" -> FrameCodec.decodeClient(bytes);
      case "server" -> FrameCodec.decodeServer(bytes);
      default -> FrameCodec.decodeHello(bytes);
    };
  }

  private static Stream<JsonNode> cases(String side, String verdict) {
    return VECTORS.stream()
        .flatMap(
            file ->
                StreamSupport.stream(file.path(side).path(verdict).spliterator(), false));
  }

  private static byte[] bytes(JsonNode frame) {
    return frame.has("hex")
        ? HexFormat.of().parseHex(frame.get("hex").textValue())
        : utf8(frame.get("text").textValue());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TreeSet<String> types(Class<?> frame) {
    var names = new TreeSet<String>();
    for (var type : frame.getAnnotation(JsonSubTypes.class).value()) {
      names.add(type.name());
    }
    assertEquals(leaves(frame), names.size());
    return names;
  }

  /** Records of a sealed type, through the sealed types between. */
  private static long leaves(Class<?> type) {
    return Arrays.stream(type.getPermittedSubclasses())
        .mapToLong(sub -> sub.isRecord() ? 1 : leaves(sub))
        .sum();
  }

  private static TreeSet<String> vectorTypes(String side) {
    var names = new TreeSet<String>();
    cases(side, "accepted")
        .map(frame -> tree(frame.get("text").textValue()))
        .forEach(frame -> names.add(frame.get("type").textValue()));
    return names;
  }

  private static JsonNode tree(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode vectors(String file) {
    try (InputStream in = FrameCodecTest.class.getResourceAsStream("/vectors/" + file)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
