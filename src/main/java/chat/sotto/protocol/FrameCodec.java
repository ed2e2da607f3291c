package chat.sotto.protocol;

/** Frames to bytes and back, strictly (docs/protocol.md §1.2). */
public final class FrameCodec {
  private FrameCodec() {}

  public static byte[] encode(ClientFrame frame) {
    throw new UnsupportedOperationException("follows");
  }

  public static byte[] encode(ServerFrame frame) {
    throw new UnsupportedOperationException("follows");
  }

  public static byte[] encode(Hello hello) {
    throw new UnsupportedOperationException("follows");
  }

  /** @throws FrameException with its error code and the nonce to answer with */
  public static ClientFrame decodeClient(byte[] bytes) throws FrameException {
    throw new UnsupportedOperationException("follows");
  }

  /** @throws FrameException if it is no frame of a server of this version */
  public static ServerFrame decodeServer(byte[] bytes) throws FrameException {
    throw new UnsupportedOperationException("follows");
  }

  /** @throws FrameException if it is no hello of this version */
  public static Hello decodeHello(byte[] bytes) throws FrameException {
    throw new UnsupportedOperationException("follows");
  }
}
