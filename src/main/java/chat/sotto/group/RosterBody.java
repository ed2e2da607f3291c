package chat.sotto.group;

import chat.sotto.model.RosterRow;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The roster that newcomers are given, as it is stored.
 *
 * @param rows rising by user
 */
public record RosterBody(List<RosterRow> rows) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().addModule(new Jdk8Module()).build();

  byte[] toBytes() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a roster has no JSON form", e);
    }
  }

  public static RosterBody fromBytes(byte[] json) {
    try {
      return MAPPER.readValue(json, RosterBody.class);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored roster cannot be read", e);
    }
  }
}
