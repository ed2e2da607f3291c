package chat.sotto.client;

import chat.sotto.crypto.GroupMessages;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/** A group's name: 1 to 256 bytes of UTF-8 without control characters (docs/protocol.md §9.3). */
record GroupName(String value) {
  private static final int VERSION = 1;
  private static final int BYTES_MAX = 256;

  GroupName {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException("name has an unpaired surrogate");
    }
    if (value.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("name has control characters");
    }
    int size = value.getBytes(StandardCharsets.UTF_8).length;
    Bounds.within("name's bytes", size, 1, BYTES_MAX);
  }

  private record Json(int version, String name) {}

  Bytes seal(Secret infoKey, GroupId group, long epoch, SecureRandom random) {
    byte[] json = StrictJson.encode(new Json(VERSION, value), Json.class);
    return Bytes.of(
        GroupMessages.sealInfo(infoKey.toArray(), group.value(), epoch, json, random));
  }

  /** Empty if it does not open, or is no name of this version. */
  static Optional<GroupName> open(Secret infoKey, GroupId group, long epoch, Bytes info) {
    try {
      byte[] json =
          GroupMessages.openInfo(infoKey.toArray(), group.value(), epoch, info.toArray());
      return Optional.of(StrictJson.decode(json, Json.class))
          .filter(read -> read.version == VERSION)
          .map(read -> new GroupName(read.name));
    } catch (RefusedException | JsonRefused | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
