package chat.sotto.client;

import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.KeyBundle;
import chat.sotto.protocol.ServerFrame.SignedKey;
import chat.sotto.protocol.ServerFrame.UserKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the server gave to make a commit with. Nothing of it has been verified.
 *
 * @param invited of people who are not in the group yet
 * @param members of everybody who is; absent while it was not asked for
 */
record GroupPrekeys(
    Map<UserName, KeyBundle> invited, Optional<Map<UserName, UserKeys>> members) {
  static final GroupPrekeys NONE = new GroupPrekeys(Map.of(), Optional.empty());

  GroupPrekeys withInvited(UserName user, KeyBundle bundle) {
    var more = new LinkedHashMap<>(invited);
    more.put(user, bundle);
    return new GroupPrekeys(more, members);
  }

  GroupPrekeys withMembers(Map<UserName, UserKeys> all) {
    return new GroupPrekeys(invited, Optional.of(all));
  }

  /** The list that the server says is somebody's newest. */
  Optional<DeviceList> list(UserName user) {
    return members.map(all -> all.get(user)).map(UserKeys::deviceList);
  }

  /**
   * Always the signed one, also of somebody who is invited now: two who invite at once may be given
   * the same one-time prekey, which its device erases when it opens the first of the two.
   */
  Optional<Prekey> prekey(UserName user, DeviceId device) {
    KeyBundle bundle = invited.get(user);
    if (bundle != null) {
      return bundle.keys().stream()
          .filter(keys -> keys.device().equals(device))
          .map(DeviceKeys::signedPrekey)
          .findFirst();
    }
    return members
        .map(all -> all.get(user))
        .flatMap(
            keys ->
                keys.keys().stream()
                    .filter(key -> key.device().equals(device))
                    .map(SignedKey::signedPrekey)
                    .findFirst());
  }
}
