package chat.sotto.model;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Enc;
import chat.sotto.crypto.EntryChain;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Labels;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The signed and hashed forms of a group's log (docs/protocol.md §9.1), one place for server, client
 * and auditor. A signature is looked at only together with all that it covers.
 */
public final class GroupStatements {
  /** The generation of every log until a server was restored from a copy. */
  public static final long GENERATION = 1;

  private static final Bytes NONE = Bytes.of(new byte[Bounds.SIGNATURE_BYTES]);

  private GroupStatements() {}

  /** Whose word an entry is: the log, the signer, and the id that the signer drew. */
  public record Signer(GroupId group, UserName user, DeviceId device, Bytes messageId) {
    public static Signer of(GroupId group, GroupEntry entry) {
      return new Signer(group, entry.fromUser(), entry.fromDevice(), entry.messageId());
    }
  }

  /** The chain hash of a group's log before its first entry. */
  public static Point start(GroupId group) {
    return new Point(
        0, Bytes.of(EntryChain.start(LogPoint.GROUP, group.value(), GENERATION)));
  }

  /** {@code rosterHash}. */
  public static Bytes rosterHash(GroupId group, Collection<RosterRow> rows) {
    List<List<Object>> tuples =
        rows.stream()
            .sorted(Comparator.comparing(RosterRow::user))
            .map(row -> rowItems(row.deviceList(), row.role().text()))
            .toList();
    return Bytes.of(Hash.of(Labels.ROSTER, group.value(), tuples));
  }

  private static List<Object> rowItems(DeviceList list, String role) {
    return List.of(
        list.user().value(),
        list.accountKey().toArray(),
        Statements.listHash(list).toArray(),
        role);
  }

  /** {@code S}, {@code P}, {@code C} or {@code header}: the signed bytes without their signature. */
  public static Bytes signedBytes(Signer signer, GroupContent content) {
    return Bytes.of(Enc.encode(items(signer, content)));
  }

  private static Object[] items(Signer signer, GroupContent content) {
    String group = signer.group().value();
    byte[] id = signer.messageId().toArray();
    long headNr = content.head().sequenceNr();
    byte[] headHash = content.head().hash().toArray();
    String user = signer.user().value();
    String device = signer.device().value();
    if (content instanceof GroupContent.Commit commit) {
      return new Object[] {
        "commit", group, id, commit.epoch(), commit.kind().text(), opItems(commit.ops()),
        commit.rosterHash().toArray(), headNr, headHash, user, device,
        commit.check().toArray(), commit.joinCheck().toArray()
      };
    } else if (content instanceof GroupContent.Proposal proposal) {
      return new Object[] {
        "proposal", group, id, headNr, headHash, user, device, opItems(proposal.op())
      };
    } else if (content instanceof GroupContent.Confirm confirm) {
      return new Object[] {
        "confirm", group, id, confirm.epoch(), headNr, headHash, user, device,
        confirm.inviter().value(), Hash.sha256(confirm.sealed().toArray())
      };
    }
    var post = (GroupContent.Post) content;
    return new Object[] {
      "post", group, id, post.epoch(), post.counter(), headNr, headHash, user, device
    };
  }

  private static List<List<Object>> opItems(List<GroupOp> ops) {
    return ops.stream().map(GroupStatements::opItems).toList();
  }

  private static List<Object> opItems(GroupOp op) {
    String user = op.user().value();
    if (op instanceof GroupOp.Found found) {
      return listItems("found", found.deviceList());
    } else if (op instanceof GroupOp.Invite invite) {
      return listItems("invite", invite.deviceList());
    } else if (op instanceof GroupOp.Devices devices) {
      return listItems("devices", devices.deviceList());
    } else if (op instanceof GroupOp.ChangeRole change) {
      return List.of("role", user, change.role().text());
    } else if (op instanceof GroupOp.Rekey rekey) {
      return List.of("rekey", user, rekey.device().value());
    } else if (op instanceof GroupOp.Remove) {
      return List.of("remove", user);
    } else if (op instanceof GroupOp.Leave) {
      return List.of("leave", user);
    } else if (op instanceof GroupOp.Decline) {
      return List.of("decline", user);
    }
    return List.of("timeout", user);
  }

  private static List<Object> listItems(String op, DeviceList list) {
    return List.of(
        op,
        list.user().value(),
        list.accountKey().toArray(),
        Statements.listHash(list).toArray());
  }

  private static List<Object> opItems(GroupProposal proposal) {
    if (proposal instanceof GroupProposal.Devices devices) {
      DeviceList list = devices.deviceList();
      return List.of(
          "devices", list.accountKey().toArray(), Statements.listHash(list).toArray());
    } else if (proposal instanceof GroupProposal.Leave) {
      return List.of("leave");
    }
    return List.of(proposal instanceof GroupProposal.Decline ? "decline" : "rekey");
  }

  /** The content as the device signs it; the signature that it has now is not looked at. */
  public static <C extends GroupContent> Bytes sign(
      Ed25519.SigningKey deviceKey, Signer signer, C content) {
    byte[] signed = signedBytes(signer, content).toArray();
    byte[] signature;
    if (content instanceof GroupContent.Commit commit) {
      byte[] info = commit.infoDigest().toArray();
      signature = Ed25519.sign(deviceKey, Labels.GROUP_OP, signed, info);
    } else if (content instanceof GroupContent.Post post) {
      byte[] digest = post.digest().toArray();
      signature = Ed25519.sign(deviceKey, Labels.GROUP_MESSAGE, signed, digest);
    } else {
      signature = Ed25519.sign(deviceKey, Labels.GROUP_OP, signed);
    }
    return Bytes.of(signature);
  }

  /** A place for the signature of a content that is to be signed. */
  public static Bytes unsigned() {
    return NONE;
  }

  /** Whether this device key signed the content as that signer's. */
  public static boolean verify(Bytes deviceKey, Signer signer, GroupContent content) {
    byte[] key = deviceKey.toArray();
    byte[] signature = content.signature().toArray();
    byte[] signed = signedBytes(signer, content).toArray();
    if (content instanceof GroupContent.Commit commit) {
      byte[] info = commit.infoDigest().toArray();
      return Ed25519.verify(key, signature, Labels.GROUP_OP, signed, info);
    } else if (content instanceof GroupContent.Post post) {
      byte[] digest = post.digest().toArray();
      return Ed25519.verify(key, signature, Labels.GROUP_MESSAGE, signed, digest);
    }
    return Ed25519.verify(key, signature, Labels.GROUP_OP, signed);
  }

  /**
   * {@code contentDigest}: what an entry adds to the chain.
   *
   * @param seed with a commit, 32 bytes; otherwise not looked at
   */
  public static Bytes contentDigest(Signer signer, GroupContent content, Bytes seed) {
    byte[] signed = signedBytes(signer, content).toArray();
    byte[] signature = content.signature().toArray();
    byte[] digest;
    if (content instanceof GroupContent.Commit commit) {
      byte[] info = commit.infoDigest().toArray();
      digest = Hash.of(Labels.GROUP_COMMIT, signed, info, signature, seed.toArray());
    } else if (content instanceof GroupContent.Post post) {
      digest = Hash.of(Labels.GROUP_POST, signed, post.digest().toArray(), signature);
    } else if (content instanceof GroupContent.Proposal) {
      digest = Hash.of(Labels.GROUP_PROPOSAL, signed, signature);
    } else {
      digest = Hash.of(Labels.GROUP_CONFIRM, signed, signature);
    }
    return Bytes.of(digest);
  }

  /** As {@link #contentDigest}, of an entry. */
  public static Bytes contentDigest(GroupId group, GroupEntry entry) {
    return contentDigest(Signer.of(group, entry), entry.content(), entry.seed().orElse(NONE));
  }

  /** The chain hash that an entry must have after {@code previous}; its own is not looked at. */
  public static Bytes entryHash(Bytes previous, GroupId group, GroupEntry entry) {
    return Bytes.of(
        EntryChain.next(
            previous.toArray(),
            entry.sequenceNr(),
            entry.time(),
            entry.content().entryKind(),
            entry.fromUser().value(),
            entry.fromDevice().value(),
            group.value(),
            entry.messageId().toArray(),
            contentDigest(group, entry).toArray()));
  }

  /** {@code commitHash}, to which an epoch's keys are bound. */
  public static Bytes commitHash(Signer signer, GroupContent.Commit commit) {
    return Bytes.of(Hash.of(Labels.COMMIT, signedBytes(signer, commit).toArray()));
  }
}
