package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.model.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePVector;

class ReceiptTest {
  private static final int FIELD_BYTES_MAX = 65_535;

  private static Receipt receipt(long n, String firstBodyId) {
    return new Receipt(
        n, Long.MAX_VALUE, 3, Bytes.EMPTY, TestAccount.digest("body"), firstBodyId);
  }

  private static Receipt unpacked(Receipt receipt) {
    ByteBuffer packed = ByteBuffer.allocate(receipt.packedSize());
    receipt.pack(packed);
    return Receipt.unpack(packed.flip());
  }

  @Test
  void isTheSameAfterItWasPacked() {
    for (int length : new int[] {0, 1, 32_768, FIELD_BYTES_MAX}) {
      Receipt receipt = receipt(1, "x".repeat(length));
      assertEquals(receipt, unpacked(receipt));
    }
    var sender = new Sender(TreePVector.singleton(receipt(1, "a")).plus(receipt(2, "b")));
    assertEquals(sender, Sender.restore(sender.packed()));
    assertEquals(Sender.NEW, Sender.restore(Sender.NEW.packed()));
  }

  @Test
  void aFieldThatIsTooLongIsRefused() {
    Receipt receipt = receipt(1, "x".repeat(FIELD_BYTES_MAX + 1));
    assertThrows(IllegalArgumentException.class, () -> unpacked(receipt));
  }

  @Test
  void whatIsCutOffIsRefused() {
    byte[] packed = new Sender(TreePVector.singleton(receipt(1, "a"))).packed();
    for (int length = 1; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThrows(BufferUnderflowException.class, () -> Sender.restore(cut));
    }
  }
}
