package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncTest {
  @Test
  void encodesEachKindOfItem() {
    assertEquals("", Hex.text(Enc.encode()));
    assertEquals("00000000", Hex.text(Enc.encode((Object) null)));
    assertEquals("00000000", Hex.text(Enc.encode("")));
    assertEquals("00000000", Hex.text(Enc.encode(List.of())));
    assertEquals("0000000201ff", Hex.text(Enc.encode(Hex.bytes("01ff"))));
    assertEquals("00000003e282ac", Hex.text(Enc.encode("€")));
    assertEquals("00000004f09f9880", Hex.text(Enc.encode("😀")));
    assertEquals("000000080000000000000001", Hex.text(Enc.encode(1)));
    assertEquals("00000008001fffffffffffff", Hex.text(Enc.encode((1L << 53) - 1)));
    assertEquals(
        "0000000d000000016100000004" + "00000000" + "00000000",
        Hex.text(Enc.encode(List.of("a", List.of("")), null)));
  }

  @Test
  void refusesWhatHasNoForm() {
    for (Object item :
        new Object[] {-1, -1L, 1L << 53, 1.5, 'a', true, "\ud800", "\udc00\ud800", new int[0]}) {
      assertThrows(IllegalArgumentException.class, () -> Enc.encode(item));
    }
    assertThrows(IllegalArgumentException.class, () -> Enc.encode(List.of(List.of(1.5))));
  }

  @Test
  void decodesWhatItEncodes() {
    byte[] inner = Enc.encode("x", 7);
    List<byte[]> items = Enc.decode(Enc.encode("b", 42, null, List.of("x", 7)));
    assertEquals("b", Enc.string(items.get(0)));
    assertEquals(42, Enc.integer(items.get(1)));
    assertEquals(0, items.get(2).length);
    assertArrayEquals(inner, items.get(3));
    assertEquals(0, Enc.decode(new byte[0]).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "000000",
        "00000001",
        "0000000261",
        "0000000161ff",
        "00000001610000",
        "80000000",
        "ffffffff",
        "7fffffff"
      })
  void refusesLengthsThatDoNotFitExactly(String encoded) {
    byte[] bytes = Hex.bytes(encoded);
    assertThrows(RefusedException.class, () -> Enc.decode(bytes));
  }

  @Test
  void refusesAnotherNumberOfItems() {
    byte[] two = Enc.encode("a", "b");
    assertThrows(RefusedException.class, () -> Enc.decode(two, 1));
    assertThrows(RefusedException.class, () -> Enc.decode(two, 3));
    assertEquals(2, Enc.decode(two, 2).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "01", "00000000000001", "000000000000000001", "0020000000000000", "ffffffffffffffff"
      })
  void refusesIntegersOfOtherFormOrRange(String item) {
    byte[] bytes = Hex.bytes(item);
    assertThrows(RefusedException.class, () -> Enc.integer(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c0af", "eda080", "f4908080", "e282", "ff"})
  void refusesStringsThatAreNotUtf8(String item) {
    byte[] bytes = Hex.bytes(item);
    assertThrows(RefusedException.class, () -> Enc.string(bytes));
  }

  @Test
  void hashIsOfTheEncodingOfLabelAndItems() {
    assertArrayEquals(
        Hash.sha256(Enc.encode("sotto/v1/entry", "a", 1)), Hash.of(Labels.ENTRY, "a", 1));
  }
}
