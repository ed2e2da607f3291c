package chat.sotto.edge;

import chat.sotto.model.UserName;

/**
 * How often this node does what costs it or could be used to guess. Loopback is not exempt: a proxy
 * is loopback.
 */
record RateLimits(
    RateLimit<String> signInsOfUser,
    RateLimit<ClientAddress> signInsFrom,
    RateLimit<ClientAddress> registrationsFrom,
    RateLimit<UserName> lookUpsBy,
    RateLimit<UserName> prekeyChangesBy) {

  static RateLimits of(EdgeLimits limits) {
    return new RateLimits(
        new RateLimit<>(limits.signInsPerUser(), System::nanoTime),
        new RateLimit<>(limits.signInsPerAddress(), System::nanoTime),
        new RateLimit<>(limits.registrationsPerAddress(), System::nanoTime),
        new RateLimit<>(limits.lookUpsPerUser(), System::nanoTime),
        new RateLimit<>(limits.prekeyChangesPerUser(), System::nanoTime));
  }
}
