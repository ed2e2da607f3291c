package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.model.Bytes;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashChainTest {
  private static final Bytes FIRST = bytes("{\"type\":\"a\"}");
  private static final Bytes SECOND = bytes("{\"type\":\"b\"}");

  @Test
  void hashesTheLengthPrefixedParts() throws Exception {
    String hex =
        "00000010" + hex("sotto/v1/journal")
            + "00000006" + hex("User|a")
            + "00000008" + "0000000000000001"
            + "00000020" + "00".repeat(32)
            + "0000000c" + hex("{\"type\":\"a\"}");
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(hex));

    HashChain chain = HashChain.start("User|a").append(new JournalEntry(HashChain.START, FIRST));

    assertEquals(Bytes.of(expected), chain.head());
    assertEquals(1, chain.sequenceNr());
  }

  @Test
  void threadsTheHeadThroughSeveralEvents() {
    HashChain start = HashChain.start("User|a");

    List<JournalEntry> entries = start.entries(List.of(FIRST, SECOND));

    HashChain end = start.append(entries.get(0)).append(entries.get(1));
    assertEquals(start.append(entries.get(0)).head(), entries.get(1).previousHash());
    assertEquals(2, end.sequenceNr());
    assertEquals(end.head(), HashChain.hash("User|a", 2, entries.get(1)));
  }

  @Test
  void refusesAnEntryThatDoesNotFollow() {
    HashChain one = HashChain.start("User|a").append(new JournalEntry(HashChain.START, FIRST));

    var refusal =
        assertThrows(
            BrokenChainException.class,
            () -> one.append(new JournalEntry(HashChain.START, SECOND)));

    assertEquals(
        "event 2 of User|a follows " + HashChain.START + ", expected " + one.head(),
        refusal.getMessage());
  }

  @Test
  void differsByEntityNumberPreviousAndBytes() {
    var entry = new JournalEntry(HashChain.START, FIRST);
    Bytes hash = HashChain.hash("User|a", 1, entry);

    assertNotEquals(hash, HashChain.hash("User|b", 1, entry));
    assertNotEquals(hash, HashChain.hash("User|a", 2, entry));
    assertNotEquals(hash, HashChain.hash("User|a", 1, new JournalEntry(hash, FIRST)));
    assertNotEquals(
        hash, HashChain.hash("User|a", 1, new JournalEntry(HashChain.START, SECOND)));
  }

  @Test
  void keepsItsFormInASnapshot() throws Exception {
    HashChain chain = HashChain.start("User|a").append(new JournalEntry(HashChain.START, FIRST));
    var mapper = new ObjectMapper();

    assertEquals(
        chain, mapper.readValue(mapper.writeValueAsString(chain), HashChain.class));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
