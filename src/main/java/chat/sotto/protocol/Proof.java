package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import java.util.Optional;

/** What shows that somebody may change an account: its password, or its recovery code. */
public sealed interface Proof {
  Secret secret();

  record Password(Secret secret) implements Proof {
    public Password {
      secret.requireSize(Bounds.TOKEN_BYTES);
    }
  }

  record Recovery(Secret secret) implements Proof {
    public Recovery {
      secret.requireSize(Bounds.TOKEN_BYTES);
    }
  }

  /** @throws IllegalArgumentException if both are there */
  static Optional<Proof> of(Optional<Secret> authSecret, Optional<Secret> recoverySecret) {
    if (authSecret.isPresent() && recoverySecret.isPresent()) {
      throw new IllegalArgumentException("there must be one proof");
    }
    return authSecret
        .<Proof>map(Password::new)
        .or(() -> recoverySecret.map(Recovery::new));
  }

  /** @throws IllegalArgumentException if none or both are there */
  static Proof exactlyOne(Optional<Secret> authSecret, Optional<Secret> recoverySecret) {
    return of(authSecret, recoverySecret)
        .orElseThrow(() -> new IllegalArgumentException("there must be one proof"));
  }

  /** Without a password the server could not wrap the vault, and keeps none to do it with. */
  static void requireNewPassword(Proof proof, Optional<Secret> newAuthSecret) {
    newAuthSecret.ifPresent(secret -> secret.requireSize(Bounds.TOKEN_BYTES));
    if (proof instanceof Recovery && newAuthSecret.isEmpty()) {
      throw new IllegalArgumentException("the recovery code needs a new password");
    }
  }
}
