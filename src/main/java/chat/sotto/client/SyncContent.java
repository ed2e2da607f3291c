package chat.sotto.client;

import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.util.List;
import java.util.Set;

/** What sync holds (docs/protocol.md §13), and a new device must know before it looks anybody up. */
record SyncContent(List<Contact> contacts, List<Named> devices, Archive archive) {
  private static final int VERSION = 1;

  /** The pin of a person. */
  record Contact(
      UserName user, Bytes accountKey, boolean verified, long listVersion, Bytes listHash) {
    Contact {
      Bounds.size("accountKey", accountKey, Bounds.KEY_BYTES);
      Bounds.atLeast("listVersion", listVersion, 1);
      Bounds.size("listHash", listHash, Bounds.HASH_BYTES);
    }
  }

  /** How the user calls a device. */
  record Named(DeviceId id, String name) {
    private static final int NAME_MAX = 64;

    Named {
      Bounds.within("name", name.codePointCount(0, name.length()), 1, NAME_MAX);
    }
  }

  /** @param nr highest number of a batch that the writer knew */
  record Archive(boolean on, long nr) {
    Archive {
      Bounds.atLeast("nr", nr, 0);
    }
  }

  private record Json(int version, List<Contact> contacts, List<Named> devices, Archive archive) {
    Json {
      Bounds.within("version", version, VERSION, VERSION);
    }
  }

  SyncContent {
    contacts = List.copyOf(contacts);
    devices = List.copyOf(devices);
    Bounds.distinct("contacts", contacts.stream().map(Contact::user).toList());
    Bounds.distinct("devices", devices.stream().map(Named::id).toList());
  }

  /** Whether it says the same, in whatever order. */
  boolean says(SyncContent other) {
    return Set.copyOf(contacts).equals(Set.copyOf(other.contacts))
        && Set.copyOf(devices).equals(Set.copyOf(other.devices))
        && archive.equals(other.archive);
  }

  SyncContent asUnverified() {
    List<Contact> unverified =
        contacts.stream()
            .map(
                contact ->
                    new Contact(
                        contact.user,
                        contact.accountKey,
                        false,
                        contact.listVersion,
                        contact.listHash))
            .toList();
    return new SyncContent(unverified, devices, archive);
  }

  byte[] toJson() {
    return StrictJson.encode(new Json(VERSION, contacts, devices, archive), Json.class);
  }

  /** @throws RefusedException unless {@link #toJson} of this version made it */
  static SyncContent fromJson(byte[] content) {
    try {
      Json json = StrictJson.decode(content, Json.class);
      return new SyncContent(json.contacts, json.devices, json.archive);
    } catch (JsonRefused | IllegalArgumentException e) {
      throw new RefusedException("sync of another form");
    }
  }
}
