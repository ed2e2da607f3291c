package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  sealed interface Event {}

  @JsonTypeName("written")
  record Written(long time, Bytes digest, Optional<String> note, List<String> names)
      implements Event {}

  @JsonTypeName("raw")
  record Raw(byte[] bytes, Instant at) implements Event {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  sealed interface Unnamed {}

  record Forgotten(long time) implements Unnamed {}

  private final EventCodec<Event> codec = new EventCodec<>(Event.class);

  @Test
  void storesReadableJsonInTheOrderOfTheRecord() {
    var event = new Written(7, bytes("\u00ff\u00fe"), Optional.empty(), List.of("a", "b"));

    assertEquals(
        "{\"type\":\"written\",\"time\":7,\"digest\":\"w7_Dvg\",\"names\":[\"a\",\"b\"]}",
        text(codec.encode(event)));
    assertEquals(event, codec.decode(codec.encode(event)));
  }

  @Test
  void storesByteArraysAsBase64UrlAndTimesAsMilliseconds() {
    var event = new Raw(new byte[] {-1, -2}, Instant.ofEpochMilli(1_700_000_000_123L));

    Bytes json = codec.encode(event);

    assertEquals("{\"type\":\"raw\",\"bytes\":\"__4\",\"at\":1700000000123}", text(json));
    var decoded = (Raw) codec.decode(json);
    assertArrayEquals(event.bytes(), decoded.bytes());
    assertEquals(event.at(), decoded.at());
  }

  @Test
  void ignoresFieldsOfLaterVersions() {
    Event event =
        codec.decode(
            bytes("{\"type\":\"raw\",\"bytes\":\"\",\"later\":{\"x\":1},\"at\":5}"));

    assertEquals(Instant.ofEpochMilli(5), ((Raw) event).at());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"unheard-of\"}",
        "{\"time\":1}",
        "{\"type\":\"written\"}",
        "{\"type\":\"raw\",\"bytes\":\"\",\"at\":1,\"at\":2}",
        "{\"type\":\"raw\",\"at\":1}",
        "{\"type\":\"raw\",\"bytes\":null,\"at\":1}",
        "{\"type\":\"raw\",\"bytes\":\"\",\"at\":1} {}",
        "{\"type\":\"written\",\"time\":1.5,\"digest\":\"\",\"names\":[]}",
        "{\"type\":\"written\",\"time\":\"1\",\"digest\":\"\",\"names\":[]}",
        "\ufeff{\"type\":\"written\",\"time\":1,\"digest\":\"\",\"names\":[]}",
        "{",
        "{\"type\":\"raw\"",
        "[]",
        "null",
        ""
      })
  void refusesWhatIsNotAnEventOfAKnownType(String json) {
    assertThrows(IllegalArgumentException.class, () -> codec.decode(bytes(json)));
  }

  @Test
  void readsNoOtherEncodingThanUtf8() {
    String json = "{\"type\":\"written\",\"time\":1,\"digest\":\"\",\"names\":[]}";
    assertEquals(1, ((Written) codec.decode(bytes(json))).time());

    for (String name : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
      Bytes encoded = Bytes.of(json.getBytes(Charset.forName(name)));
      assertThrows(IllegalArgumentException.class, () -> codec.decode(encoded), name);
    }
  }

  @Test
  void upcastsOlderFormsBeforeDecoding() {
    var upcasting = new EventCodec<>(Event.class, EventCodecTest::renameWhen);

    var event =
        (Raw) upcasting.decode(
            bytes("{\"type\":\"raw\",\"bytes\":\"\",\"when\":9}"));

    assertEquals(Instant.ofEpochMilli(9), event.at());
  }

  private static ObjectNode renameWhen(ObjectNode stored) {
    if (stored.has("when")) {
      stored.set("at", stored.remove("when"));
    }
    return stored;
  }

  @Test
  void takesAFieldOfTheMaximumLengthAndRefusesOneAbove() {
    String longest = "x".repeat(EventCodec.FIELD_BYTES_MAX);
    codec.encode(new Written(1, Bytes.EMPTY, Optional.of(longest), List.of(longest, longest)));

    var tooLong = new Written(1, Bytes.EMPTY, Optional.empty(), List.of("a", longest + "x"));
    var refusal = assertThrows(IllegalArgumentException.class, () -> codec.encode(tooLong));
    assertTrue(refusal.getMessage().contains("32768"), refusal.getMessage());
  }

  @Test
  void refusesEventTypesWithoutANameOfTheirOwn() {
    assertThrows(IllegalArgumentException.class, () -> new EventCodec<>(Unnamed.class));
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }
}
