package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;

/**
 * A group's secret, sealed to one device's prekey (docs/protocol.md §9.2).
 *
 * @param piece suite, HPKE enc and ciphertext
 */
public record GroupPiece(
    UserName user, DeviceId device, Prekey.Kind prekeyKind, long prekeyId, Bytes piece) {
  /** More than any known suite needs: X-Wing's enc is 1,120 bytes. */
  private static final int PIECE_BYTES_MAX = 2048;

  public GroupPiece {
    Bounds.within("prekeyId", prekeyId, 1, Prekey.ID_MAX);
    Bounds.size("piece", piece, 1, PIECE_BYTES_MAX);
  }
}
