package chat.sotto.client;

import chat.sotto.crypto.GroupEpoch;
import chat.sotto.protocol.Secret;

/**
 * What a device keeps of an epoch's keys besides the chains.
 *
 * @param next what goes into the next epoch
 */
record GroupKeys(Secret next, Secret confirmKey, Secret infoKey) {
  static GroupKeys of(GroupEpoch epoch) {
    return new GroupKeys(
        Secret.of(epoch.next()),
        Secret.of(epoch.confirmKey()),
        Secret.of(epoch.infoKey()));
  }
}
