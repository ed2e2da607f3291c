package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import chat.sotto.model.Bytes;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalEntrySerializerTest {
  private final JournalEntrySerializer serializer = new JournalEntrySerializer();

  @Test
  void copiesHashAndBytes() throws Exception {
    var entry = new JournalEntry(HashChain.START, Bytes.of(new byte[] {'{', '}'}));

    byte[] binary = serializer.toBinary(entry);

    assertEquals(34, binary.length);
    assertEquals(entry, serializer.fromBinary(binary, serializer.manifest(entry)));
  }

  @Test
  void refusesOtherManifestsAndShortForms() {
    var noHash = new byte[HashChain.HASH_BYTES - 1];
    var onlyHash = new byte[HashChain.HASH_BYTES];

    assertThrows(
        NotSerializableException.class, () -> serializer.fromBinary(noHash, HashChain.LABEL));
    assertThrows(
        NotSerializableException.class,
        () -> serializer.fromBinary(onlyHash, "sotto/v2/journal"));
  }

  @Test
  void servesEntitiesUnderAkkasTestKit() {
    var stored =
        ConfigFactory.parseString(
            "akka.actor.serialization-bindings.\"chat.sotto.journal.Notes$Stored\" = jackson-cbor");
    ActorTestKit kit =
        ActorTestKit.create(
            stored
                .withFallback(EventSourcedBehaviorTestKit.config())
                .withFallback(ConfigFactory.load()));
    try {
      EventSourcedBehaviorTestKit<Notes.Command, JournalEntry, Notes.State> notes =
          EventSourcedBehaviorTestKit.create(kit.system(), Notes.create("kit"));

      var result =
          notes.<Notes.State>runCommand(replyTo -> new Notes.Add(List.of("a", "b"), replyTo));

      assertEquals(2, result.events().size());
      assertEquals(List.of("a", "b"), result.reply().texts());
      assertEquals(2, notes.restart().state().chain().sequenceNr());
    } finally {
      kit.shutdownTestKit();
    }
  }
}
