package chat.sotto.protocol;

import chat.sotto.model.Acknowledgement;
import chat.sotto.model.Bounds;
import chat.sotto.model.DeviceList;

/** The limits that both sides of the wire must agree on; the hello carries them. */
public record Limits(
    int envelopeBytesMax,
    int textBytesMax,
    int devicesMax,
    int oneTimePrekeysMax,
    int sendsInFlightMax,
    int entriesInFlightMax) {
  public static final int JSON_DEPTH_MAX = 16;
  public static final int VAULT_BYTES_MAX = 16 * 1024;
  public static final int SYNC_BYTES_MAX = 128 * 1024;
  public static final int ONLINE_PAGE_MAX = 100;
  public static final int PREFIX_LENGTH_MAX = 32;

  /** A group's sealed name, and people in one page of a roster. */
  public static final int GROUP_INFO_BYTES_MAX = 1024;

  public static final int GROUP_PAGE_MAX = 32;

  /** Entries of one group that are pushed and not acknowledged. */
  public static final int GROUP_IN_FLIGHT_MAX = 64;

  /** One batch of an archive, and how many come in one page. */
  public static final int BATCH_BYTES_MAX = 160 * 1024;

  public static final int ARCHIVE_PAGE_BYTES_MAX = 180 * 1024;
  public static final int ARCHIVE_PAGE_MAX = 128;

  /** The name of a file's ciphertext. */
  public static final int FILE_ID_BYTES = 32;

  /** A ciphertext is no shorter: the least padded size, and a tag. */
  public static final int FILE_BYTES_LEAST = 1024 + 16;

  /** What one device says of whether its user is writing. */
  public static final int TYPING_BYTES_MAX = 128;

  public static final int ACK_ITEMS_MAX = Acknowledgement.ITEMS_MAX;

  public static final Limits DEFAULT =
      new Limits(1024 * 1024, 64 * 1024, DeviceList.DEVICES_MAX, 100, 32, 512);

  public Limits {
    Bounds.atLeast("envelopeBytesMax", envelopeBytesMax, 1);
    Bounds.atLeast("textBytesMax", textBytesMax, 1);
    Bounds.atLeast("devicesMax", devicesMax, 1);
    Bounds.atLeast("oneTimePrekeysMax", oneTimePrekeysMax, 1);
    Bounds.atLeast("sendsInFlightMax", sendsInFlightMax, 1);
    Bounds.atLeast("entriesInFlightMax", entriesInFlightMax, 1);
  }
}
