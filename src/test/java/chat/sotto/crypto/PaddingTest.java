package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddingTest {
  @ParameterizedTest
  @CsvSource({
    "0,256", "255,256", "256,512", "511,512", "512,1024", "1023,1024", "1024,2048", "2047,2048",
    "2048,4096", "4095,4096", "4096,8192", "8191,8192", "8192,12288", "65536,69632"
  })
  void fillsUpToTheNextBucket(int length, int bucket) {
    assertEquals(bucket, Padding.pad(new byte[length]).length);
  }

  @Test
  void everyContentComesBack() {
    for (int length = 0; length < 9_000; length++) {
      byte[] content = new byte[length];
      Arrays.fill(content, (byte) (length % 3 == 0 ? 0x80 : length % 3 - 1));
      assertArrayEquals(content, Padding.unpad(Padding.pad(content)));
    }
  }

  @Test
  void refusesEveryOtherLengthOfTheSameContent() {
    byte[] content = {1, 2, 3};
    for (int length = 0; length <= 8_192; length++) {
      byte[] padded = Arrays.copyOf(content, Math.max(length, 4));
      padded[3] = (byte) 0x80;
      if (padded.length != 256) {
        assertThrows(RefusedException.class, () -> Padding.unpad(padded));
      }
    }
    assertThrows(RefusedException.class, () -> Padding.unpad(new byte[0]));
    assertThrows(RefusedException.class, () -> Padding.unpad(new byte[256]));
  }
}
