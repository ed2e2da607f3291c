package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.HashChain;
import chat.sotto.model.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  private static final String HOST = "chat.example.org";
  private static final long TIME = 1_750_000_000_000L;
  private static final Ed25519.SigningKey KEY = Ed25519.generate(new SecureRandom());

  private static final List<HashChain> HEADS =
      List.of(
          head("Group|0123456789abcdef0123456789abcdef", 7),
          head("User|alice", 12),
          head("User|bob", 1));

  private static HashChain head(String entity, long number) {
    byte[] hash = new byte[32];
    hash[31] = (byte) number;
    return new HashChain(entity, number, Bytes.of(hash));
  }

  private static String text(List<HashChain> heads) {
    return text(heads.iterator(), heads.size());
  }

  private static String text(Iterator<HashChain> heads, long count) {
    var out = new ByteArrayOutputStream();
    try {
      Checkpoint.write(out, KEY, HOST, TIME, heads, count);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Checkpoint read(String text, List<HashChain> heads) throws IOException {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return Checkpoint.read(in, heads::add);
  }

  private static String refusal(String text) {
    return assertThrows(
            CheckpointRefusedException.class, () -> read(text, new ArrayList<>()), text)
        .getMessage();
  }

  @Test
  void whatIsWrittenIsReadAndSigned() throws IOException {
    var heads = new ArrayList<HashChain>();
    Checkpoint checkpoint = read(text(HEADS), heads);
    assertEquals(HEADS, heads);
    assertTrue(checkpoint.isSigned());
    assertEquals(HOST, checkpoint.serverHost());
    assertEquals(Bytes.of(KEY.publicKey()), checkpoint.serverKey());
    assertEquals(TIME, checkpoint.time());
    assertEquals(3, checkpoint.count());
    assertTrue(read(text(List.of()), new ArrayList<>()).isSigned());
  }

  @Test
  void hasTheFormOfTheDocument() {
    String[] lines = text(HEADS).split("\n", -1);
    assertEquals("sotto-checkpoint 1", lines[0]);
    assertEquals("server chat.example.org", lines[1]);
    assertEquals("key " + Bytes.of(KEY.publicKey()), lines[2]);
    assertEquals("time 1750000000000", lines[3]);
    assertEquals("entities 3", lines[4]);
    assertEquals("User|alice 12 " + "0".repeat(63) + "c", lines[6]);
    assertTrue(lines[8].startsWith("signature "));
    assertEquals(List.of(10, ""), List.of(lines.length, lines[9]));
  }

  /** Whatever stands there is covered by the signature, or has no such form. */
  @Test
  void noByteCanBeChanged() throws IOException {
    byte[] whole = text(HEADS).getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 1; bit < 256; bit <<= 1) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) bit;
        assertFalse(isTaken(changed), "byte " + at + " with bit " + bit);
      }
    }
  }

  @Test
  void noLineCanBeLeftOutDoubledOrMoved() throws IOException {
    List<String> lines = text(HEADS).lines().toList();
    for (int at = 0; at < lines.size(); at++) {
      var without = new ArrayList<>(lines);
      String line = without.remove(at);
      assertFalse(isTaken(without), "without line " + at);
      var doubled = new ArrayList<>(lines);
      doubled.add(at, line);
      assertFalse(isTaken(doubled), "twice line " + at);
      if (at > 0) {
        without.add(at - 1, line);
        assertFalse(isTaken(without), "moved line " + at);
      }
    }
  }

  private static boolean isTaken(List<String> lines) throws IOException {
    return isTaken((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isTaken(byte[] bytes) throws IOException {
    try {
      return Checkpoint.read(new ByteArrayInputStream(bytes), head -> {}).isSigned();
    } catch (CheckpointRefusedException e) {
      return false;
    }
  }

  @Test
  void everyCutIsRefused() {
    String whole = text(HEADS);
    for (int end = 1; end < whole.length(); end++) {
      refusal(whole.substring(0, end));
    }
    assertTrue(refusal(whole.substring(0, whole.length() - 1)).contains("line 9 is cut short"));
  }

  @ParameterizedTest
  @CsvSource({
    "sotto-checkpoint 1, sotto-checkpoint 2, line 1 is of another version",
    "sotto-checkpoint 1, -----BEGIN, no checkpoint",
    "time 1750000000000, time 01750000000000, line 4",
    "time 1750000000000, time 8640000000000001, line 4 is not a time",
    "entities 3, entities 2, line 8 is not the signature",
    "entities 3, entities 4, line 9 is not an entity",
    "entities 3, entities 9999999999999999, line 5",
    "User|alice 12, User|alice 0, line 7",
    "User|alice 12, User|zoe 12, line 8 is not after",
    "User|alice 12, User|bob 12, line 8 is not after",
    "User|alice 12, User|ALICE 12, line 7 is not an entity",
  })
  void refusalNamesTheLine(String before, String after, String why) {
    String text = text(HEADS);
    String refusal = refusal(text.replaceFirst(before.replace("|", "\\|"), after));
    assertTrue(refusal.contains(why), refusal);
  }

  @Test
  void refusesOtherLineEndsAndWhatFollows() {
    String whole = text(HEADS);
    refusal(whole.replace("\n", "\r\n"));
    refusal(whole + "\n");
    refusal(whole.replaceFirst("server .*", "server " + "x".repeat(600)));
    assertTrue(refusal("x".repeat(100_000)).contains("too long"));
    assertTrue(refusal("").contains("cut short"));
  }

  @Test
  void writesOnlyWhatItWouldRead() {
    List<HashChain> unsorted = List.of(HEADS.get(1), HEADS.get(0));
    List<HashChain> twice = List.of(HEADS.get(1), HEADS.get(1));
    for (List<HashChain> wrong : List.of(unsorted, twice, List.of(head("User|a b", 1)))) {
      assertThrows(IllegalArgumentException.class, () -> text(wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> text(List.of(head("User|alice", 0))));
    assertThrows(IllegalArgumentException.class, () -> text(HEADS.iterator(), 2));
    assertThrows(IllegalArgumentException.class, () -> text(HEADS.iterator(), 4));
  }
}
