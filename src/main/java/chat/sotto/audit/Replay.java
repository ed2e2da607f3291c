package chat.sotto.audit;

import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.journal.EntityState;
import chat.sotto.journal.EventCodec;
import chat.sotto.journal.EventRow;
import chat.sotto.journal.FileDamagedException;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.JournalFile;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Replays one entity from its first event with the {@code apply} that the server runs, and stops at
 * the first event that does not hold: what follows it is counted only.
 */
final class Replay<E, S extends EntityState<E, S>> {
  private static final int MESSAGE_LENGTH_MAX = 200;

  private final Inquiry inquiry;
  private final JournalFile.Entity entity;
  private final EventCodec<E> codec;
  private final Judge<E, S> judge;
  private S state;

  /** An event in its place. */
  record Step<E, S>(StoredEntry entry, S before, E event, S after) {
    long number() {
      return entry.sequenceNr();
    }
  }

  /** Checks of an event what its entity's {@code apply} cannot know. */
  interface Judge<E, S> {
    /** @throws DoesNotHold if what follows makes no sense any more */
    void judge(Step<E, S> step);

    /** Nothing more is judged. @param isWhole whether all events were, and hold */
    void ended(S state, boolean isWhole);
  }

  Replay(
      Inquiry inquiry,
      JournalFile.Entity entity,
      EventCodec<E> codec,
      S empty,
      Judge<E, S> judge) {
    this.inquiry = inquiry;
    this.entity = entity;
    this.codec = codec;
    this.state = empty;
    this.judge = judge;
  }

  void run() {
    boolean isWhole = false;
    try {
      replay();
      isWhole = true;
    } catch (DoesNotHold e) {
      stop(e);
    } catch (FileDamagedException e) {
      stop(
          new DoesNotHold(
              Finding.Code.FILE_DAMAGED, "an event that can be read", text(e)));
    } finally {
      judge.ended(state, isWhole);
    }
  }

  private void replay() {
    long after = Long.MIN_VALUE;
    List<EventRow> page;
    do {
      page = inquiry.journal().events(entity, after, Inquiry.PAGE);
      for (EventRow row : page) {
        state = next(row);
      }
      after = state.chain().sequenceNr();
      inquiry.eventsRead().add(page.size());
    } while (page.size() == Inquiry.PAGE);
    if (after == 0) {
      throw new DoesNotHold(Finding.Code.EVENT_MISSING, "event 1", "no events");
    }
  }

  private void stop(DoesNotHold why) {
    long number = state.chain().sequenceNr() + 1;
    inquiry.findings().add(why.at(entity.name(), number));
    try {
      long left = inquiry.journal().eventCount(entity, state.chain().sequenceNr());
      inquiry.tally().add(Counted.EVENTS_NOT_JUDGED, left);
    } catch (FileDamagedException e) {
      inquiry.findings().add(fileDamaged(e));
    }
  }

  private Finding fileDamaged(FileDamagedException e) {
    return new Finding(
        Finding.Code.FILE_DAMAGED, entity.name(), 0, "events that can be counted", text(e));
  }

  private S next(EventRow row) {
    JournalEntry entry = inOrder(row);
    E event;
    S after;
    try {
      event = decoded(entry.event());
      after = applied(entry, event);
    } catch (DoesNotHold e) {
      // Bytes that are not those that were written need not make sense.
      requireHash(row, HashChain.hash(entity.name(), row.nr(), entry));
      throw e;
    }
    requireHash(row, after.chain().head());
    var stored = new StoredEntry(row.nr(), row.writtenAt(), entry, row.hash());
    judge(new Step<>(stored, state, event, after));
    return after;
  }

  /** Everything that can be said without knowing what the bytes mean. */
  private JournalEntry inOrder(EventRow row) {
    long expected = state.chain().sequenceNr() + 1;
    if (row.nr() != expected) {
      throw new DoesNotHold(
          Finding.Code.EVENT_MISSING, "event " + expected, "event " + row.nr());
    }
    if (!row.isEntry() || !row.manifest().equals(HashChain.LABEL)) {
      throw new DoesNotHold(
          Finding.Code.EVENT_UNREADABLE,
          "an entry of the form " + HashChain.LABEL,
          "serializer %d, manifest %s".formatted(row.serializer(), shortened(row.manifest())));
    }
    Bytes head = state.chain().head();
    if (!row.previousHash().equals(head)) {
      throw new DoesNotHold(
          Finding.Code.CHAIN_BROKEN,
          "previous hash " + hex(head),
          "previous hash " + hex(row.previousHash()));
    }
    return new JournalEntry(head, Bytes.of(row.bytes()));
  }

  private static void requireHash(EventRow row, Bytes derived) {
    if (!row.hash().equals(derived)) {
      throw new DoesNotHold(
          Finding.Code.CHAIN_BROKEN, "hash " + hex(derived), "hash " + hex(row.hash()));
    }
  }

  private E decoded(Bytes event) {
    try {
      return codec.decode(event);
    } catch (RuntimeException | StackOverflowError e) {
      throw new DoesNotHold(
          Finding.Code.EVENT_UNREADABLE, "an event of a known type and form", text(e));
    }
  }

  private S applied(JournalEntry entry, E event) {
    try {
      return state.apply(entry, event);
    } catch (RuntimeException | StackOverflowError e) {
      throw new DoesNotHold(
          Finding.Code.RULE_BROKEN, "an event that may stand here", text(e));
    }
  }

  private void judge(Step<E, S> step) {
    try {
      judge.judge(step);
    } catch (DoesNotHold | FileDamagedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DoesNotHold(
          Finding.Code.RULE_BROKEN, "an event that can be judged", text(e));
    }
  }

  private static String text(Throwable e) {
    return shortened(Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()));
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= MESSAGE_LENGTH_MAX ? line : line.substring(0, MESSAGE_LENGTH_MAX);
  }
}
