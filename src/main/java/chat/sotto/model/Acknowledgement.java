package chat.sotto.model;

import java.util.List;

/**
 * A device's signed word that it has stored everything up to these points (docs/protocol.md §6).
 *
 * @param items exactly what is signed
 * @param signature of the device, 64 bytes
 */
public record Acknowledgement(List<LogPoint> items, Bytes signature) {
  /** So that its event stays below 32 KiB. */
  public static final int ITEMS_MAX = 128;

  public Acknowledgement {
    items = Bounds.count("items", items, 1, ITEMS_MAX);
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
  }
}
