package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * JSON by the rules of docs/protocol.md §1.2, to records and back. What the rules refuse is
 * refused whatever the record; what the record's constructor refuses is refused too. Encoding
 * follows the order of the record's components, so it is deterministic.
 */
public final class StrictJson {
  private static final int NUMBER_DIGITS_MAX = 16;

  private static final JsonMapper MAPPER = mapper();

  /** One for each type that is encoded, and found with it: making one takes long. */
  private static final ClassValue<ObjectWriter> WRITERS =
      new ClassValue<>() {
        @Override
        protected ObjectWriter computeValue(Class<?> type) {
          return MAPPER.writerFor(type);
        }
      };

  private StrictJson() {}

  /** @throws JsonRefused if the bytes are not a JSON object, or not one of this type */
  public static <T> T decode(byte[] bytes, Class<T> type) throws JsonRefused {
    return convert(read(bytes), type);
  }

  /** @param type what the other side decodes: a record, or the sealed type that it belongs to */
  public static <T> byte[] encode(T value, Class<T> type) {
    try {
      return WRITERS.get(type).writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot encode " + type.getSimpleName());
    }
  }

  /** The object as it stands there, all rules kept that do not depend on its type. */
  static ObjectNode read(byte[] bytes) throws JsonRefused {
    try (JsonParser parser = MAPPER.createParser(text(bytes))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonRefused("not a JSON object");
      }
      ObjectNode object = object(parser);
      if (parser.nextToken() != null) {
        throw new JsonRefused("something follows the JSON object");
      }
      return object;
    } catch (IOException e) {
      throw new JsonRefused("not JSON, a duplicate key, or nested too deep");
    }
  }

  static <T> T convert(ObjectNode object, Class<T> type) throws JsonRefused {
    try {
      return MAPPER.treeToValue(object, type);
    } catch (JsonProcessingException e) {
      throw new JsonRefused(rule(e));
    }
  }

  private static String text(byte[] bytes) throws JsonRefused {
    try {
      // The JDK's decoder refuses what is not shortest-form UTF-8; Jackson's own would guess.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new JsonRefused("not UTF-8");
    }
  }

  private static ObjectNode object(JsonParser parser) throws IOException, JsonRefused {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = wellFormed(parser.currentName());
      parser.nextToken();
      object.set(name, value(parser));
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser) throws IOException, JsonRefused {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static JsonNode value(JsonParser parser) throws IOException, JsonRefused {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> nodes.textNode(wellFormed(parser.getText()));
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NUMBER_INT -> nodes.numberNode(number(parser.getText()));
      case VALUE_NULL -> throw new JsonRefused("null");
      default -> throw new JsonRefused("a number that is not an integer");
    };
  }

  private static long number(String digits) throws JsonRefused {
    if (digits.startsWith("-") || digits.length() > NUMBER_DIGITS_MAX) {
      throw new JsonRefused("a number out of range");
    }
    long number = Long.parseLong(digits);
    if (number > Bounds.NUMBER_MAX) {
      throw new JsonRefused("a number out of range");
    }
    return number;
  }

  /** An unpaired surrogate has no UTF-8, so it could not be signed or hashed. */
  private static String wellFormed(String text) throws JsonRefused {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return wellPaired(text);
      }
    }
    return text;
  }

  private static String wellPaired(String text) throws JsonRefused {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new JsonRefused("an unpaired surrogate");
    }
    return text;
  }

  /** Names the field by its place, which is ours; an unknown field's name is the sender's. */
  private static String rule(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping)
        || e instanceof UnrecognizedPropertyException) {
      return "an unknown field";
    }
    String place =
        mapping.getPath().stream()
            .map(step -> step.getFieldName() == null ? "[]" : step.getFieldName())
            .collect(Collectors.joining("."));
    String why =
        e.getCause() instanceof IllegalArgumentException ours
            ? ours.getMessage()
            : "missing, or of another type";
    return place.isEmpty() ? why : place + ": " + why;
  }

  private static JsonMapper mapper() {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(Limits.JSON_DEPTH_MAX).build())
            // Names are the sender's: they must not fill tables that all parsers share.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    var mapper =
        JsonMapper.builder(factory)
            .addModule(new Jdk8Module())
            .annotationIntrospector(new EveryFieldRequired())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .build();
    for (CoercionInputShape shape : CoercionInputShape.values()) {
      mapper.coercionConfigDefaults().setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }

  /** A record's component is required unless it is an Optional. */
  private static final class EveryFieldRequired extends JacksonAnnotationIntrospector {
    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return member.getRawType() != Optional.class;
    }
  }
}
