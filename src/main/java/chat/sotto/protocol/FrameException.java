package chat.sotto.protocol;

import java.util.OptionalLong;

/** Bytes that are not a frame of this version. Says what rule was broken, never what was sent. */
public final class FrameException extends Exception {
  private final ErrorCode code;
  private final transient OptionalLong nonce;

  FrameException(ErrorCode code, OptionalLong nonce, String why) {
    super(why);
    this.code = code;
    this.nonce = nonce;
  }

  /** {@link ErrorCode#BAD_FRAME} or {@link ErrorCode#UNKNOWN_TYPE}. */
  public ErrorCode code() {
    return code;
  }

  /** The nonce of the error that answers: the frame's + 1 if it could be read, else 1. */
  public long replyNonce() {
    return nonce.isPresent() ? nonce.getAsLong() + 1 : 1;
  }
}
