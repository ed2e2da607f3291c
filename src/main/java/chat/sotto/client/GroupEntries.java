package chat.sotto.client;

import chat.sotto.crypto.GroupMessages;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Confirm;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/** Makes and signs the entries that are no commits, on the newest entry that was taken. */
final class GroupEntries {
  private static final Bytes NO_DIGEST = Bytes.of(new byte[Bounds.HASH_BYTES]);

  private final GroupView view;
  private final Self self;
  private final SecureRandom random;

  GroupEntries(GroupView view, Self self, SecureRandom random) {
    this.view = view;
    this.self = self;
    this.random = random;
  }

  GroupFlight proposal(Optional<String> itemKey, GroupProposal op) {
    Bytes id = MessageIds.make(random);
    var unsigned = new Proposal(op, view.head(), GroupStatements.unsigned());
    return GroupFlight.of(
        itemKey, id, new Proposal(op, view.head(), sign(id, unsigned)));
  }

  /** The view must have keys. */
  GroupFlight confirm(Optional<String> itemKey, UserName inviter) {
    Bytes id = MessageIds.make(random);
    long epoch = view.membership().epoch();
    var confirmation =
        new GroupMessages.Confirmation(
            view.group().value(),
            epoch,
            self.user().value(),
            self.device().value(),
            inviter.value());
    byte[] confirmKey = view.keys().orElseThrow().confirmKey().toArray();
    Bytes sealed =
        Bytes.of(GroupMessages.sealConfirmation(confirmKey, confirmation, random));
    var unsigned =
        new Confirm(epoch, view.head(), inviter, sealed, GroupStatements.unsigned());
    return GroupFlight.of(
        itemKey, id, new Confirm(epoch, view.head(), inviter, sealed, sign(id, unsigned)));
  }

  /** @param chain of this device, with a key */
  GroupFlight post(
      String itemKey, Bytes messageId, GroupChain chain, GroupPlaintext plaintext) {
    Post draft = post(chain, NO_DIGEST, GroupStatements.unsigned());
    Bytes header = GroupStatements.signedBytes(signer(messageId), draft);
    Secret key = chain.key().orElseThrow();
    byte[] ciphertext =
        GroupMessages.sealPost(
            Suite.X25519,
            key.toArray(),
            header.toArray(),
            view.membership().rosterHash().toArray(),
            plaintext.toPaddedBytes(),
            random);
    Bytes digest = Bytes.of(Hash.sha256(ciphertext));
    Bytes signature = sign(messageId, post(chain, digest, GroupStatements.unsigned()));
    return new GroupFlight(
        Optional.of(itemKey),
        messageId,
        post(chain, digest, signature),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Bytes.of(ciphertext)),
        Optional.empty());
  }

  private Post post(GroupChain chain, Bytes digest, Bytes signature) {
    return new Post(
        view.membership().epoch(), chain.counter() + 1, view.head(), digest, signature);
  }

  private Bytes sign(Bytes messageId, GroupContent content) {
    return GroupStatements.sign(self.deviceKey(), signer(messageId), content);
  }

  private Signer signer(Bytes messageId) {
    return new Signer(view.group(), self.user(), self.device(), messageId);
  }
}
