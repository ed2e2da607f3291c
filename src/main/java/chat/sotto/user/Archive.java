package chat.sotto.user;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * The numbers of a user's archive (docs/protocol.md §14); its batches lie under {@link
 * BodyIds#batch}.
 *
 * @param first number of the oldest batch that is there
 * @param last number of the newest; one below {@code first} if there is none
 * @param bytes of all that are there
 * @param journalNr of an event before that of the first: an auditor looks from there on
 */
public record Archive(long first, long last, long bytes, long journalNr) {
  public static final Archive EMPTY = new Archive(1, 0, 0, 0);

  public Archive {
    UserState.require(first >= 1 && last >= first - 1 && bytes >= 0, "an archive's numbers");
  }

  @JsonIgnore
  public boolean isEmpty() {
    return last < first;
  }

  /** Whether a batch with this number follows. */
  boolean isNext(long nr) {
    return nr == last + 1;
  }

  boolean hasRoomFor(long size, UserLimits limits) {
    return bytes + size <= limits.archiveBytesMax();
  }

  Archive append(UserEvent.ArchiveAppended event) {
    UserState.require(isNext(event.nr()), "the batch is not the next one");
    return new Archive(first, event.nr(), bytes + event.size(), journalNr);
  }

  /** Nothing is there any more; numbers go on. @param journalNr of the event that says so */
  Archive dropped(long journalNr) {
    return new Archive(last + 1, last, 0, journalNr);
  }
}
