package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;

/** What a device asks about a file that it uploads (docs/protocol.md §7.6). */
public sealed interface FileRequest extends ClientFrame.Later {
  Bytes file();

  /** @param size bytes of the ciphertext */
  record Ask(long nonce, Secret token, Bytes file, long size) implements FileRequest {
    public Ask {
      ClientFrame.Later.check(nonce, token);
      Bounds.size("file", file, Limits.FILE_ID_BYTES);
      Bounds.atLeast("size", size, Limits.FILE_BYTES_LEAST);
    }
  }

  record Drop(long nonce, Secret token, Bytes file) implements FileRequest {
    public Drop {
      ClientFrame.Later.check(nonce, token);
      Bounds.size("file", file, Limits.FILE_ID_BYTES);
    }
  }
}
