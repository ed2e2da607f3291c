package chat.sotto.journal;

import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.NotSerializableException;

/**
 * An entity's state as a snapshot: JSON, readable by this version of the state alone. A snapshot of
 * another version is passed over and the state derived from the events; the store checks its bytes.
 */
public abstract class StateSnapshotSerializer<S> extends SerializerWithStringManifest {
  private final JsonMapper mapper = JsonMapper.builder().addModule(new Jdk8Module()).build();
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
      return mapper.readValue(bytes, type);
    } catch (IOException e) {
      throw new NotSerializableException(
          "not a snapshot of a " + type.getSimpleName() + ": " + e.getClass());
    }
  }
}
