package chat.sotto.user;

import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which bodies were stored for a command, so that those that nothing leads to can go again. */
final class Brought {
  private Brought() {}

  static Set<String> prekeys(
      UserName user, DeviceId device, List<PrekeyStatement> statements) {
    return statements.stream()
        .map(one -> HeldPrekey.of(one).ref(user, device).bodyId())
        .collect(Collectors.toSet());
  }

  static Set<String> by(UserName user, User.PutPrekeys command) {
    return prekeys(user, command.device(), command.prekeys());
  }

  static Set<String> by(UserName user, AccountCommand.Link command) {
    Set<String> bodies = prekeys(user, command.device(), command.prekeys());
    bodies.addAll(secrets(user, Optional.of(command.secrets())));
    return bodies;
  }

  static Set<String> by(UserName user, AccountCommand.Change command) {
    return secrets(user, command.secrets());
  }

  static Set<String> by(UserName user, AccountCommand.PutSync command) {
    return Set.of(BodyIds.sync(user, command.digest()));
  }

  private static Set<String> secrets(
      UserName user, Optional<AccountCommand.NewSecrets> brought) {
    Set<String> bodies = new HashSet<>();
    brought.ifPresent(
        secrets -> {
          secrets
              .credentials()
              .ifPresent(digest -> bodies.add(BodyIds.credentials(user, digest)));
          bodies.add(BodyIds.vault(user, secrets.vault()));
          secrets.recovery().ifPresent(digest -> bodies.add(BodyIds.recovery(user, digest)));
        });
    return bodies;
  }
}
