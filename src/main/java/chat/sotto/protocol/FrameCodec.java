package chat.sotto.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Frames to bytes and back, strictly (docs/protocol.md §1.2 and §5). */
public final class FrameCodec {
  private static final Set<String> CLIENT_TYPES = types(ClientFrame.class);
  private static final Set<String> SERVER_TYPES = types(ServerFrame.class);

  private FrameCodec() {}

  public static byte[] encode(ClientFrame frame) {
    return StrictJson.encode(frame, ClientFrame.class);
  }

  public static byte[] encode(ServerFrame frame) {
    return StrictJson.encode(frame, ServerFrame.class);
  }

  public static byte[] encode(Hello hello) {
    return StrictJson.encode(hello, Hello.class);
  }

  /** @throws FrameException with its error code and the nonce to answer with */
  public static ClientFrame decodeClient(byte[] bytes) throws FrameException {
    return decode(bytes, ClientFrame.class, CLIENT_TYPES);
  }

  /** @throws FrameException if it is no frame of a server of this version */
  public static ServerFrame decodeServer(byte[] bytes) throws FrameException {
    return decode(bytes, ServerFrame.class, SERVER_TYPES);
  }

  /** @throws FrameException if it is no hello of this version */
  public static Hello decodeHello(byte[] bytes) throws FrameException {
    return decode(bytes, Hello.class, Set.of(Hello.TYPE));
  }

  private static <T> T decode(byte[] bytes, Class<T> frame, Set<String> types)
      throws FrameException {
    OptionalLong nonce = OptionalLong.empty();
    try {
      ObjectNode object = StrictJson.read(bytes);
      nonce = nonce(object);
      if (object.path("type").isTextual() && !types.contains(object.get("type").textValue())) {
        throw new FrameException(ErrorCode.UNKNOWN_TYPE, nonce, "unknown type");
      }
      return StrictJson.convert(object, frame);
    } catch (JsonRefused e) {
      throw new FrameException(ErrorCode.BAD_FRAME, nonce, e.getMessage());
    }
  }

  private static OptionalLong nonce(ObjectNode object) {
    JsonNode nonce = object.path("nonce");
    boolean answerable = nonce.isIntegralNumber() && nonce.longValue() <= ClientFrame.NONCE_MAX;
    return answerable ? OptionalLong.of(nonce.longValue()) : OptionalLong.empty();
  }

  private static Set<String> types(Class<?> frame) {
    return Arrays.stream(frame.getAnnotation(JsonSubTypes.class).value())
        .map(JsonSubTypes.Type::name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
