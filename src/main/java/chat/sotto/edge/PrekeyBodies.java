package chat.sotto.edge;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.Bodies;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.user.BodyIds;
import chat.sotto.user.PrekeyRef;
import chat.sotto.user.PrekeyStatement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Prekeys on their way into the store and out of it. */
final class PrekeyBodies {
  private PrekeyBodies() {}

  /**
   * Puts each where its {@link PrekeyStatement} leads. A refusal of the statements deletes nothing:
   * the same prekeys may be there since an attempt whose answer was lost.
   */
  static List<CompletionStage<Void>> keep(
      Bodies bodies, UserName user, DeviceId device, List<Prekey> prekeys) {
    return prekeys.stream()
        .map(
            prekey ->
                bodies.keep(
                    BodyIds.prekey(user, device, prekey.id(), digest(prekey)),
                    PrekeyRef.body(prekey).toArray()))
        .toList();
  }

  static List<PrekeyStatement> statements(List<Prekey> prekeys) {
    return prekeys.stream().map(PrekeyStatement::of).toList();
  }

  /** A prekey that is given out; empty if it was replaced since. */
  static CompletionStage<Optional<Prekey>> find(Bodies bodies, PrekeyRef ref) {
    return bodies
        .get(ref.bodyId())
        .thenApply(body -> body.map(bytes -> ref.prekey(Bytes.of(bytes))));
  }

  private static Bytes digest(Prekey prekey) {
    return Bytes.of(Hash.sha256(prekey.key().toArray()));
  }
}
