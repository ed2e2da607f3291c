package chat.sotto.edge;

import chat.sotto.model.UserName;
import chat.sotto.user.DeviceAddress;

/**
 * How often this node does what costs it or could be used to guess. Loopback is not exempt: a proxy
 * is loopback.
 */
record RateLimits(
    RateLimit<UserName> signInsOfUser,
    RateLimit<ClientAddress> signInsFrom,
    RateLimit<DeviceAddress> proofsBy,
    RateLimit<DeviceAddress> accountChangesBy,
    RateLimit<ClientAddress> registrationsFrom,
    RateLimit<UserName> lookUpsBy,
    RateLimit<UserName> prekeyChangesBy,
    RateLimit<UserName> groupChangesBy,
    RateLimit<UserName> postsBy,
    RateLimit<UserName> groupKibBy,
    RateLimit<UserName> groupLookUpsBy,
    RateLimit<UserName> invitationsOf,
    RateLimit<UserName> archiveChangesBy,
    RateLimit<UserName> archiveReadsBy,
    RateLimit<UserName> typingBy) {

  static RateLimits of(EdgeLimits limits) {
    GroupRates groups = limits.groups();
    return new RateLimits(
        new RateLimit<>(limits.signInsPerUser(), System::nanoTime),
        new RateLimit<>(limits.signInsPerAddress(), System::nanoTime),
        new RateLimit<>(limits.proofsPerDevice(), System::nanoTime),
        new RateLimit<>(limits.accountChangesPerDevice(), System::nanoTime),
        new RateLimit<>(limits.registrationsPerAddress(), System::nanoTime),
        new RateLimit<>(limits.lookUpsPerUser(), System::nanoTime),
        new RateLimit<>(limits.prekeyChangesPerUser(), System::nanoTime),
        new RateLimit<>(groups.changesPerUser(), System::nanoTime),
        new RateLimit<>(groups.postsPerUser(), System::nanoTime),
        new RateLimit<>(groups.kibPerUser(), System::nanoTime),
        new RateLimit<>(groups.lookUpsPerUser(), System::nanoTime),
        new RateLimit<>(groups.invitationsOfUser(), System::nanoTime),
        new RateLimit<>(limits.archiveChangesPerUser(), System::nanoTime),
        new RateLimit<>(limits.archiveReadsPerUser(), System::nanoTime),
        new RateLimit<>(limits.typingPerUser(), System::nanoTime));
  }
}
