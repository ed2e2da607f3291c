package chat.sotto.group;

import chat.sotto.journal.EventCodec;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a group's log, as it is kept for ever: what a device signed, and what the server
 * added; or what the server alone says after a restore. Times are milliseconds since 1970 and rise
 * from event to event; the number is that of the event in the journal; the hash is the log's
 * (docs/protocol.md §9.1), beside the journal's own.
 * The JSON names are frozen: src/test/resources/journal/group-events-v1 pins each form.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GroupEvent.Committed.class, name = "committed"),
  @JsonSubTypes.Type(value = GroupEvent.Proposed.class, name = "proposed"),
  @JsonSubTypes.Type(value = GroupEvent.Confirmed.class, name = "confirmed"),
  @JsonSubTypes.Type(value = GroupEvent.Posted.class, name = "posted"),
  @JsonSubTypes.Type(value = GroupEvent.Restored.class, name = "restored"),
})
public sealed interface GroupEvent {
  EventCodec<GroupEvent> CODEC = new EventCodec<>(GroupEvent.class);

  long time();

  long sequenceNr();

  Bytes hash();

  /** What a device of somebody in the group made. */
  sealed interface Signed extends GroupEvent {
    UserName user();

    DeviceId device();

    Bytes messageId();

    GroupContent content();

    /** What is stored beside the entry. */
    Group.Bodies bodies();

    default GroupEntry entry() {
      Optional<Bytes> seed =
          this instanceof Committed committed ? Optional.of(committed.seed()) : Optional.empty();
      return new GroupEntry(
          sequenceNr(), time(), user(), device(), messageId(), content(), seed, hash());
    }

    /** @throws IllegalArgumentException if the bodies are not of that kind of content */
    static Signed of(GroupEntry entry, Group.Bodies bodies) {
      if (entry.content() instanceof GroupContent.Commit content
          && bodies instanceof Group.CommitBodies at) {
        return Committed.of(entry, content, at);
      } else if (entry.content() instanceof GroupContent.Post content
          && bodies instanceof Group.PostBody at) {
        return Posted.of(entry, content, at);
      } else if (entry.content() instanceof GroupContent.Proposal content) {
        return Proposed.of(entry, content);
      } else if (entry.content() instanceof GroupContent.Confirm content) {
        return Confirmed.of(entry, content);
      }
      throw new IllegalArgumentException("these bodies are not of such an entry");
    }
  }

  /**
   * An epoch began.
   *
   * @param seed 32 random bytes, the server's
   * @param attempt names the bodies, see {@link BodyIds}
   * @param expiresAt when the pieces and the roster for newcomers are dropped
   */
  record Committed(
      long time,
      long sequenceNr,
      UserName user,
      DeviceId device,
      Bytes messageId,
      GroupContent.Commit content,
      Bytes seed,
      String attempt,
      long expiresAt,
      Bytes hash)
      implements Signed {
    private static Committed of(
        GroupEntry entry, GroupContent.Commit content, Group.CommitBodies at) {
      return new Committed(
          entry.time(),
          entry.sequenceNr(),
          entry.fromUser(),
          entry.fromDevice(),
          entry.messageId(),
          content,
          entry.seed().orElseThrow(),
          at.attempt(),
          at.expiresAt(),
          entry.hash());
    }

    @Override
    public Group.Bodies bodies() {
      return new Group.CommitBodies(seed, attempt, List.of(), expiresAt);
    }
  }

  /** Somebody asked for a commit. */
  record Proposed(
      long time,
      long sequenceNr,
      UserName user,
      DeviceId device,
      Bytes messageId,
      GroupContent.Proposal content,
      Bytes hash)
      implements Signed {
    private static Proposed of(GroupEntry entry, GroupContent.Proposal content) {
      return new Proposed(
          entry.time(),
          entry.sequenceNr(),
          entry.fromUser(),
          entry.fromDevice(),
          entry.messageId(),
          content,
          entry.hash());
    }

    @Override
    public Group.Bodies bodies() {
      return new Group.NoBodies();
    }
  }

  /** Somebody accepted an invitation. */
  record Confirmed(
      long time,
      long sequenceNr,
      UserName user,
      DeviceId device,
      Bytes messageId,
      GroupContent.Confirm content,
      Bytes hash)
      implements Signed {
    private static Confirmed of(GroupEntry entry, GroupContent.Confirm content) {
      return new Confirmed(
          entry.time(),
          entry.sequenceNr(),
          entry.fromUser(),
          entry.fromDevice(),
          entry.messageId(),
          content,
          entry.hash());
    }

    @Override
    public Group.Bodies bodies() {
      return new Group.NoBodies();
    }
  }

  /**
   * A message, whose ciphertext is a body.
   *
   * @param size bytes of the ciphertext
   * @param expiresAt when the body is dropped
   */
  record Posted(
      long time,
      long sequenceNr,
      UserName user,
      DeviceId device,
      Bytes messageId,
      GroupContent.Post content,
      String bodyId,
      int size,
      long expiresAt,
      Bytes hash)
      implements Signed {
    private static Posted of(
        GroupEntry entry, GroupContent.Post content, Group.PostBody at) {
      return new Posted(
          entry.time(),
          entry.sequenceNr(),
          entry.fromUser(),
          entry.fromDevice(),
          entry.messageId(),
          content,
          at.bodyId(),
          at.size(),
          at.expiresAt(),
          entry.hash());
    }

    @Override
    public Group.Bodies bodies() {
      return new Group.PostBody(bodyId, size, expiresAt);
    }
  }

  /**
   * The server was restored from a copy, and the log goes on from what that held (docs/protocol.md
   * §10). No device signed it.
   *
   * @param generation that begins
   * @param previous head of the log in the copy
   * @param copyTime when the copy was made
   * @param signature of the server
   */
  record Restored(
      long time, long generation, Point previous, long copyTime, Bytes signature, Bytes hash)
      implements GroupEvent {
    public static Restored of(chat.sotto.model.Restored entry) {
      return new Restored(
          entry.time(),
          entry.generation(),
          entry.previous(),
          entry.copyTime(),
          entry.signature(),
          entry.hash());
    }

    @Override
    public long sequenceNr() {
      return previous.sequenceNr() + 1;
    }

    public chat.sotto.model.Restored entry(GroupId group) {
      return new chat.sotto.model.Restored(
          LogPoint.GROUP, group.value(), generation, previous, time, copyTime, signature, hash);
    }
  }
}
