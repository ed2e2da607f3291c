package chat.sotto.edge;

import chat.sotto.group.BodyIds;
import chat.sotto.group.Group;
import chat.sotto.group.GroupLogEntry;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.Prekey;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What lies beside the entries of a group's log, on its way into the store and out of it. */
final class GroupBodies {
  /** A stored piece begins with its prekey's kind and id. */
  private static final int PIECE_HEAD_BYTES = 1 + Long.BYTES;

  private static final byte SIGNED = 1;
  private static final byte ONE_TIME = 2;

  private GroupBodies() {}

  /** What a device gets with an entry; absent: not for it, or not there any more. */
  record Beside(
      Optional<Bytes> info, Optional<ServerFrame.OwnPiece> piece, Optional<Bytes> ciphertext) {
    private static final Beside NOTHING =
        new Beside(Optional.empty(), Optional.empty(), Optional.empty());
  }

  // In

  /**
   * Puts a commit's pieces and its name until their time has come. Whoever is away for longer has
   * lost the keys too, and gets both with the commit that lets it in again.
   */
  static List<CompletionStage<Void>> put(
      Bodies bodies,
      GroupId group,
      Group.CommitBodies commit,
      List<GroupPiece> pieces,
      Bytes info) {
    List<CompletionStage<Void>> puts = new ArrayList<>();
    for (GroupPiece piece : pieces) {
      String id = BodyIds.piece(group, commit.attempt(), piece.device());
      puts.add(bodies.put(id, pieceBody(piece), commit.expiresAt()));
    }
    String name = BodyIds.info(group, commit.attempt());
    puts.add(bodies.put(name, info.toArray(), commit.expiresAt()));
    return puts;
  }

  private static byte[] pieceBody(GroupPiece piece) {
    return ByteBuffer.allocate(PIECE_HEAD_BYTES + piece.piece().size())
        .put(piece.prekeyKind() == Prekey.Kind.SIGNED ? SIGNED : ONE_TIME)
        .putLong(piece.prekeyId())
        .put(piece.piece().toArray())
        .array();
  }

  /** Deletes what {@link #put} put. */
  static void delete(Bodies bodies, GroupId group, Group.CommitBodies commit) {
    List<String> ids = new ArrayList<>();
    ids.add(BodyIds.info(group, commit.attempt()));
    commit
        .pieces()
        .forEach(owner -> ids.add(BodyIds.piece(group, commit.attempt(), owner.device())));
    bodies.delete(ids);
  }

  // Out

  /**
   * @param isReadable whether posts come with their ciphertext
   * @param now milliseconds since 1970
   */
  static CompletionStage<Beside> read(
      Bodies bodies,
      GroupId group,
      DeviceId device,
      GroupLogEntry.OfDevice entry,
      boolean isReadable,
      long now) {
    if (entry.bodies() instanceof Group.PostBody post && isReadable && post.expiresAt() > now) {
      return bodies
          .get(post.bodyId())
          .thenApply(
              bytes ->
                  new Beside(Optional.empty(), Optional.empty(), bytes.map(Bytes::of)));
    } else if (entry.bodies() instanceof Group.CommitBodies commit) {
      return bodies
          .get(BodyIds.info(group, commit.attempt()))
          .thenCombine(
              bodies.get(BodyIds.piece(group, commit.attempt(), device)),
              (info, piece) ->
                  new Beside(
                      info.map(Bytes::of), piece.map(GroupBodies::piece), Optional.empty()));
    }
    return Stages.now(Beside.NOTHING);
  }

  private static ServerFrame.OwnPiece piece(byte[] body) {
    var head = ByteBuffer.wrap(body);
    Prekey.Kind kind = head.get() == SIGNED ? Prekey.Kind.SIGNED : Prekey.Kind.ONE_TIME;
    return new ServerFrame.OwnPiece(
        kind, head.getLong(), Bytes.of(body).slice(PIECE_HEAD_BYTES, body.length));
  }
}
