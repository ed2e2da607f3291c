package chat.sotto.journal;

import chat.sotto.model.Bytes;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Events of one entity type as JSON, readable without our classes: {@code {"type":"accepted", …}},
 * fields in the order of the record's components, absent values left out, bytes as base64url
 * without padding, times as milliseconds since 1970.
 *
 * <p>{@code E} is a sealed interface with {@code @JsonTypeInfo(use = NAME, property = "type")};
 * each of its records, or of those of its sealed parts, has a {@code @JsonTypeName} or is named in
 * its {@code @JsonSubTypes}. Released forms are read for ever: a decoder ignores fields that it does
 * not know, and refuses types that it does not know and fields that are missing.
 */
public final class EventCodec<E> {
  /** Longest text of one field as stored; larger things are bodies. */
  public static final int FIELD_BYTES_MAX = 32 * 1024;

  private final Class<E> type;
  private final Optional<UnaryOperator<ObjectNode>> upcast;
  private final ObjectMapper mapper;
  private final ObjectReader reader;
  private final ObjectWriter writer;

  public EventCodec(Class<E> type) {
    this(type, Optional.empty());
  }

  /** @param upcast turns the JSON of an older form into that of the present one */
  public EventCodec(Class<E> type, UnaryOperator<ObjectNode> upcast) {
    this(type, Optional.of(upcast));
  }

  private EventCodec(Class<E> type, Optional<UnaryOperator<ObjectNode>> upcast) {
    this.type = type;
    this.upcast = upcast;
    this.mapper = mapper(type);
    this.reader = mapper.readerFor(type);
    this.writer = mapper.writerFor(type);
  }

  private static ObjectMapper mapper(Class<?> type) {
    var mapper =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .defaultBase64Variant(Base64Variants.MODIFIED_FOR_URL)
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .disable(SerializationFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
            .disable(DeserializationFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    mapper.registerSubtypes(namedRecords(type));
    return mapper;
  }

  /** A record without a name of its own would be stored under its Java name. */
  private static Class<?>[] namedRecords(Class<?> type) {
    Class<?>[] records = records(type).toArray(Class<?>[]::new);
    for (Class<?> record : records) {
      if (!record.isAnnotationPresent(JsonTypeName.class) && !isListed(type, record)) {
        throw new IllegalArgumentException(record + " has no @JsonTypeName");
      }
    }
    return records;
  }

  /** Those of its sealed parts too. */
  private static Stream<Class<?>> records(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    if (permitted == null) {
      throw new IllegalArgumentException(type + " is not sealed");
    }
    return Arrays.stream(permitted)
        .flatMap(one -> one.isSealed() ? records(one) : Stream.of(one));
  }

  private static boolean isListed(Class<?> type, Class<?> record) {
    JsonSubTypes listed = type.getAnnotation(JsonSubTypes.class);
    return listed != null
        && Arrays.stream(listed.value())
            .anyMatch(one -> one.value() == record && !one.name().isEmpty());
  }

  /** @throws IllegalArgumentException if a field is longer than {@link #FIELD_BYTES_MAX} */
  public Bytes encode(E event) {
    try {
      byte[] json = writer.writeValueAsBytes(event);
      refuseLongFields(json);
      return Bytes.of(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an event has no JSON form", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void refuseLongFields(byte[] json) throws IOException {
    if (json.length <= FIELD_BYTES_MAX) {
      return;
    }
    try (JsonParser parser = mapper.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (parser.getText().getBytes(StandardCharsets.UTF_8).length > FIELD_BYTES_MAX) {
          throw new IllegalArgumentException(
              "field %s of an event is longer than %d bytes"
                  .formatted(parser.currentName(), FIELD_BYTES_MAX));
        }
      }
    }
  }

  /** @throws IllegalArgumentException if the bytes are not an event of a known type */
  public E decode(Bytes json) {
    byte[] text = json.toArray();
    // In UTF-16 or UTF-32, or after a byte order mark, an object does not begin like this.
    if (text.length < 2 || text[0] != '{' || text[1] == 0) {
      throw noObject();
    }
    try {
      E event = upcast.isPresent() ? upcast(text, upcast.get()) : reader.readValue(text);
      if (event == null) {
        throw noObject();
      }
      return event;
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          "a stored event cannot be read: " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a stored event is not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private E upcast(byte[] json, UnaryOperator<ObjectNode> change) throws IOException {
    if (!(mapper.readTree(json) instanceof ObjectNode stored)) {
      throw noObject();
    }
    return reader.readValue(change.apply(stored));
  }

  private static IllegalArgumentException noObject() {
    return new IllegalArgumentException("a stored event is not a JSON object");
  }
}
