package chat.sotto.journal;

import akka.serialization.SerializerWithStringManifest;
import chat.sotto.model.Bytes;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.NotSerializableException;

/**
 * An entity's state as a snapshot: CBOR (RFC 8949), readable by this version of the state alone. A
 * snapshot of another version is passed over and the state derived from the events; the store
 * checks its bytes.
 */
public abstract class StateSnapshotSerializer<S> extends SerializerWithStringManifest {
  private final ObjectMapper mapper =
      CBORMapper.builder().addModule(new Jdk8Module()).addModule(shortBytes()).build();
  private final int identifier;
  private final Class<S> type;
  private final String version;

  /**
   * @param identifier of this serializer, never given to another
   * @param version of what the state holds or derives
   */
  protected StateSnapshotSerializer(int identifier, Class<S> type, String version) {
    this.identifier = identifier;
    this.type = type;
    this.version = version;
  }

  @Override
  public final int identifier() {
    return identifier;
  }

  @Override
  public final String manifest(Object state) {
    return version;
  }

  @Override
  public final byte[] toBinary(Object state) {
    try {
      return mapper.writerFor(type).writeValueAsBytes(state);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a state has no snapshot form", e);
    }
  }

  @Override
  public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    if (!manifest.equals(version)) {
      throw new NotSerializableException("a snapshot of another version: " + manifest);
    }
    try {
      S state = mapper.readValue(bytes, type);
      if (state != null) {
        return state;
      }
    } catch (IOException e) {
      throw new NotSerializableException(
          "not a snapshot of a " + type.getSimpleName() + ": " + e.getClass());
    }
    throw new NotSerializableException("no " + type.getSimpleName() + ", but nothing");
  }

  /** Bytes as they are, where JSON has a text for them. */
  private static SimpleModule shortBytes() {
    return new SimpleModule()
        .addSerializer(
            Bytes.class,
            new StdSerializer<>(Bytes.class) {
              @Override
              public void serialize(Bytes value, JsonGenerator out, SerializerProvider provider)
                  throws IOException {
                out.writeBinary(value.toArray());
              }
            })
        .addDeserializer(
            Bytes.class,
            new StdDeserializer<>(Bytes.class) {
              @Override
              public Bytes deserialize(JsonParser in, DeserializationContext context)
                  throws IOException {
                return Bytes.of(in.getBinaryValue());
              }
            });
  }
}
