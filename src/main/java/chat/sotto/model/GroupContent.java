package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * What an entry of a group's log says, with the signature of the device that made it
 * (docs/protocol.md §9.1). Each is made on a head: the last entry that the signer had taken.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GroupContent.Commit.class, name = "commit"),
  @JsonSubTypes.Type(value = GroupContent.Proposal.class, name = "proposal"),
  @JsonSubTypes.Type(value = GroupContent.Confirm.class, name = "confirm"),
  @JsonSubTypes.Type(value = GroupContent.Post.class, name = "post"),
})
public sealed interface GroupContent {
  /** Steps of one commit: more than any group has people. */
  int OPS_MAX = 512;

  int SEALED_BYTES_MAX = 256;

  Point head();

  Bytes signature();

  /** The entry kind as it is hashed. */
  String entryKind();

  /** How a commit derives its keys. */
  enum Kind {
    @JsonProperty("create")
    CREATE("create"),
    @JsonProperty("change")
    CHANGE("change"),
    /** Without the secret of the epoch before: everybody joins anew. */
    @JsonProperty("reset")
    RESET("reset");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind as it is signed and sent. */
    public String text() {
      return text;
    }
  }

  /**
   * Begins an epoch.
   *
   * @param rosterHash of the roster after the ops
   * @param check commits to the fresh secret, {@code joinCheck} to what joiners get
   * @param infoDigest SHA-256 of the sealed name
   */
  record Commit(
      long epoch,
      Kind kind,
      List<GroupOp> ops,
      Bytes rosterHash,
      Point head,
      Bytes check,
      Bytes joinCheck,
      Bytes infoDigest,
      Bytes signature)
      implements GroupContent {
    public Commit {
      Bounds.atLeast("epoch", epoch, 0);
      ops = Bounds.count("ops", ops, 0, OPS_MAX);
      Bounds.size("rosterHash", rosterHash, Bounds.HASH_BYTES);
      Bounds.size("check", check, Bounds.HASH_BYTES);
      Bounds.size("joinCheck", joinCheck, Bounds.HASH_BYTES);
      Bounds.size("infoDigest", infoDigest, Bounds.HASH_BYTES);
      Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    }

    @Override
    public String entryKind() {
      return "commit";
    }
  }

  record Proposal(GroupProposal op, Point head, Bytes signature) implements GroupContent {
    public Proposal {
      Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    }

    @Override
    public String entryKind() {
      return "proposal";
    }
  }

  /**
   * The invited user accepts.
   *
   * @param sealed both names under the epoch's confirm key
   */
  record Confirm(long epoch, Point head, UserName inviter, Bytes sealed, Bytes signature)
      implements GroupContent {
    public Confirm {
      Bounds.atLeast("epoch", epoch, 0);
      Bounds.size("sealed", sealed, 1, SEALED_BYTES_MAX);
      Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    }

    @Override
    public String entryKind() {
      return "confirm";
    }
  }

  /**
   * A message, whose ciphertext lies elsewhere.
   *
   * @param counter of the device's posts in the epoch, from 1
   * @param digest SHA-256 of the ciphertext
   */
  record Post(long epoch, long counter, Point head, Bytes digest, Bytes signature)
      implements GroupContent {
    public Post {
      Bounds.atLeast("epoch", epoch, 0);
      Bounds.atLeast("counter", counter, 1);
      Bounds.size("digest", digest, Bounds.HASH_BYTES);
      Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    }

    @Override
    public String entryKind() {
      return "post";
    }
  }
}
