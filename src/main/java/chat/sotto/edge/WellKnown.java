package chat.sotto.edge;

import chat.sotto.model.Bytes;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The answer of {@code /.well-known/sotto} (docs/protocol.md §2). */
record WellKnown(
    int version,
    String serverHost,
    Bytes signKey,
    String fingerprint,
    String bundle,
    String software) {

  static byte[] of(String serverHost, byte[] signKey, String bundle, String software) {
    var content =
        new WellKnown(
            Hello.VERSION,
            serverHost,
            Bytes.of(signKey),
            Handshake.fingerprint(signKey),
            bundle,
            software);
    try {
      return new ObjectMapper().writeValueAsBytes(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
