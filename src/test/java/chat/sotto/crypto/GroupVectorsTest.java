package chat.sotto.crypto;

import static chat.sotto.crypto.VectorCases.hex;
import static chat.sotto.crypto.VectorCases.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.crypto.GroupEpoch.CommitSecret;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Membership;
import chat.sotto.model.RosterRow;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Shared vectors of groups. The browser reads the same file. */
class GroupVectorsTest {
  @TestFactory
  Stream<DynamicTest> group() throws IOException {
    return VectorCases.verdicts("group", this::holds);
  }

  private boolean holds(JsonNode node) {
    return switch (node.get("kind").asText()) {
      case "roster" ->
          GroupStatements.rosterHash(group(node), rows(node)).equals(bytes(node, "hash"));
      case "entry" -> entryHolds(node);
      case "membership" -> membershipHolds(node);
      case "joining" -> joiningHolds(node);
      case "epoch" -> epochHolds(node);
      case "piece" -> pieceHolds(node);
      case "post" -> postHolds(node);
      case "confirm" -> confirmHolds(node);
      case "info" ->
          Arrays.equals(
              hex(node, "content"),
              GroupMessages.openInfo(
                  hex(node, "infoKey"),
                  text(node, "group"),
                  node.get("epoch").asLong(),
                  hex(node, "info")));
      default -> throw new IllegalArgumentException(node.get("kind").asText());
    };
  }

  private static boolean entryHolds(JsonNode node) {
    GroupEntry entry = as(node.get("entry"), GroupEntry.class);
    Signer signer = Signer.of(group(node), entry);
    return GroupStatements.verify(bytes(node, "deviceKey"), signer, entry.content())
        && GroupStatements.signedBytes(signer, entry.content()).equals(bytes(node, "signed"))
        && GroupStatements.contentDigest(group(node), entry)
            .equals(bytes(node, "contentDigest"))
        && GroupStatements.entryHash(bytes(node, "previous"), group(node), entry)
            .equals(entry.hash());
  }

  static boolean membershipHolds(JsonNode node) {
    Membership membership = Membership.of(group(node));
    for (JsonNode entry : node.get("entries")) {
      membership = after(membership, entry);
    }
    if (node.has("state")) {
      return isState(node, membership);
    }
    try {
      GroupScript.judge(membership, as(node.get("entry"), GroupEntry.class));
      return true;
    } catch (GroupRefusedException e) {
      assertEquals(text(node, "code"), GroupRuleVectors.text(e.refusal()));
      return false;
    }
  }

  /** An entry of a device, or the server's own. */
  private static Membership after(Membership before, JsonNode entry) {
    return entry.has("content")
        ? GroupScript.apply(before, as(entry, GroupEntry.class))
        : before.restored(entry.get("sequenceNr").asLong());
  }

  private static boolean joiningHolds(JsonNode node) {
    GroupEntry entry = as(node.get("entry"), GroupEntry.class);
    try {
      Membership joined =
          Membership.joining(
              group(node),
              Membership.Place.of(entry),
              (Commit) entry.content(),
              rows(node));
      return isState(node, joined);
    } catch (GroupRefusedException e) {
      assertEquals(text(node, "code"), GroupRuleVectors.text(e.refusal()));
      return false;
    }
  }

  private static boolean isState(JsonNode node, Membership membership) {
    ObjectNode derived = VectorFiles.JSON.createObjectNode();
    GroupScript.putState(derived, membership);
    // Through text, since a number that was parsed is of another type than one that was put.
    return derived.get("state").toString().equals(node.get("state").toString());
  }

  private static boolean epochHolds(JsonNode node) {
    GroupEpoch epoch = epoch(node);
    boolean holds =
        Arrays.equals(hex(node, "nextKey"), epoch.next())
            && Arrays.equals(hex(node, "confirmKey"), epoch.confirmKey())
            && Arrays.equals(hex(node, "infoKey"), epoch.infoKey());
    for (JsonNode chain : node.get("chains")) {
      byte[] key = epoch.chainKey(text(chain, "user"), text(chain, "device"));
      holds &= Arrays.equals(hex(chain, "key"), key);
    }
    return holds;
  }

  private static GroupEpoch epoch(JsonNode node) {
    byte[] seed = hex(node, "seed");
    byte[] joinCheck = hex(node, "joinCheck");
    if (node.has("joiner")) {
      return GroupEpoch.ofJoiner(place(node), hex(node, "joiner"), joinCheck, seed);
    }
    boolean follows = text(node, "commitKind").equals(Kind.CHANGE.text());
    CommitSecret secret =
        follows
            ? GroupEpoch.following(hex(node, "next"), hex(node, "fresh"))
            : GroupEpoch.beginning(hex(node, "fresh"));
    return GroupEpoch.ofMember(place(node), secret, hex(node, "check"), joinCheck, seed);
  }

  private static boolean pieceHolds(JsonNode node) {
    var recipient =
        new GroupSecrets.Recipient(
            place(node),
            text(node, "user"),
            text(node, "device"),
            text(node, "prekeyKind"),
            node.get("prekeyId").asLong());
    X25519.KeyPair prekey = X25519.fromPrivateKey(hex(node, "prekeyPrivate"));
    byte[] secret = GroupSecrets.open(prekey, recipient, hex(node, "piece"));
    return Arrays.equals(hex(node, "secret"), secret);
  }

  private static boolean postHolds(JsonNode node) {
    byte[] chainKey = hex(node, "chainKey");
    byte[] opened =
        GroupMessages.openPost(
            chainKey, hex(node, "header"), hex(node, "rosterHash"), hex(node, "ciphertext"));
    return Arrays.equals(hex(node, "plaintext"), opened)
        && Arrays.equals(hex(node, "nextChainKey"), GroupMessages.nextChainKey(chainKey));
  }

  private static boolean confirmHolds(JsonNode node) {
    var confirmation =
        new GroupMessages.Confirmation(
            text(node, "group"),
            node.get("epoch").asLong(),
            text(node, "user"),
            text(node, "device"),
            text(node, "inviter"));
    GroupMessages.checkConfirmation(
        hex(node, "confirmKey"), confirmation, hex(node, "sealed"));
    return true;
  }

  private static GroupEpoch.Place place(JsonNode node) {
    return new GroupEpoch.Place(
        text(node, "group"), node.get("epoch").asLong(), hex(node, "commitHash"));
  }

  private static List<RosterRow> rows(JsonNode node) {
    return stream(node.get("rows")).map(row -> as(row, RosterRow.class)).toList();
  }

  private static GroupId group(JsonNode node) {
    return new GroupId(text(node, "group"));
  }

  private static Bytes bytes(JsonNode node, String field) {
    return Bytes.of(hex(node, field));
  }

  private static String text(JsonNode node, String field) {
    return node.get(field).asText();
  }

  private static <T> T as(JsonNode node, Class<T> type) {
    try {
      return StrictJson.decode(node.toString().getBytes(StandardCharsets.UTF_8), type);
    } catch (JsonRefused e) {
      throw new AssertionError(e);
    }
  }
}
