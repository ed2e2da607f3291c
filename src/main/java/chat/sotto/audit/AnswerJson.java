package chat.sotto.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** Answers as lines of JSON: times in ISO 8601, bytes as base64url, absent values left out. */
public final class AnswerJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .serializationInclusion(JsonInclude.Include.NON_ABSENT)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private AnswerJson() {}

  /** One object without a line feed. */
  public static String of(Answer answer) {
    try {
      return MAPPER.writeValueAsString(answer);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("an answer has no JSON form", impossible);
    }
  }
}
