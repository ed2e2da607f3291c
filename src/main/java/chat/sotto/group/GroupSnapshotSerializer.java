package chat.sotto.group;

import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.NotSerializableException;

/**
 * A group's state as a snapshot: JSON, readable by this version of the state alone. A snapshot of
 * another version is passed over and the state derived from the events; the store checks its bytes.
 */
public final class GroupSnapshotSerializer extends SerializerWithStringManifest {
  /** To be raised with every change of what {@link GroupState} holds or derives. */
  static final String VERSION = "group-state-1";

  private static final int IDENTIFIER = 1003;

  private final JsonMapper mapper = JsonMapper.builder().addModule(new Jdk8Module()).build();

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object state) {
    return VERSION;
  }

  @Override
  public byte[] toBinary(Object state) {
    try {
      return mapper.writerFor(GroupState.class).writeValueAsBytes(state);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a state has no snapshot form", e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    if (!manifest.equals(VERSION)) {
      throw new NotSerializableException("a snapshot of another version: " + manifest);
    }
    try {
      return mapper.readValue(bytes, GroupState.class);
    } catch (IOException e) {
      throw new NotSerializableException("not a snapshot of a group: " + e.getClass());
    }
  }
}
