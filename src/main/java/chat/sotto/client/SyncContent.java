package chat.sotto.client;

import chat.sotto.client.Standings.Standing;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What sync holds (docs/protocol.md §13): a new device must know it before it looks anybody up. */
record SyncContent(
    List<Contact> contacts,
    List<Named> devices,
    Archive archive,
    boolean readReceipts,
    Others others) {
  private static final int VERSION = 1;

  /**
   * The pin of a person.
   *
   * @param standing how the user stands with them, unless they are accepted
   */
  record Contact(
      UserName user,
      Bytes accountKey,
      boolean verified,
      long listVersion,
      Bytes listHash,
      Optional<Standing> standing) {
    Contact {
      if (standing.equals(Optional.of(Standing.ACCEPTED))) {
        throw new IllegalArgumentException("whoever is accepted has no standing");
      }
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

  /**
   * @param nr highest number of a batch that the writer knew
   * @param closed where the archive ended when own keys were made, rising by these; absent if
   *     nobody said so
   */
  record Archive(boolean on, long nr, Optional<List<Closing>> closed) {
    Archive {
      Bounds.atLeast("nr", nr, 0);
      closed = closed.map(all -> Bounds.count("closed", all, 1, Vault.OWN_KEYS_MAX));
      closed.ifPresent(all -> Bounds.rising("closed", all.stream().map(Closing::keyId).toList()));
    }

    /**
     * What this device and another one know: of two closings for one key the lower one counts,
     * since it lets less pass.
     */
    Archive joined(Archive theirs) {
      var byKey = new TreeMap<Long, Closing>();
      Stream.of(closed, theirs.closed)
          .flatMap(all -> all.orElse(List.of()).stream())
          .forEach(one -> byKey.merge(one.keyId, one, Closing::lower));
      Optional<List<Closing>> all = Optional.of(List.copyOf(byKey.values()));
      return new Archive(
          theirs.on, Math.max(nr, theirs.nr), all.filter(list -> !list.isEmpty()));
    }
  }

  /**
   * @param keyId of an own key: behind the batch with this number and hash, nothing under an older
   *     one counts
   */
  record Closing(long keyId, long nr, Bytes hash) {
    private static final Comparator<Closing> LOWEST_FIRST =
        Comparator.comparingLong(Closing::nr).thenComparing(Closing::hash);

    Closing {
      Bounds.within("keyId", keyId, 2, Vault.OWN_KEYS_MAX);
      Bounds.atLeast("nr", nr, 0);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
    }

    private Closing lower(Closing other) {
      return LOWEST_FIRST.compare(this, other) <= 0 ? this : other;
    }
  }

  /** How other devices list a conversation. */
  record Arranged(
      String conversation,
      Optional<Boolean> muted,
      Optional<Boolean> pinned,
      Optional<Boolean> archived) {
    private static final int CHARS_MAX = 65;

    Arranged {
      Bounds.within("conversation", conversation.length(), 1, CHARS_MAX);
      if (Stream.of(muted, pinned, archived).anyMatch(Optional.of(false)::equals)) {
        throw new IllegalArgumentException("what is not so is left out");
      }
    }
  }

  /**
   * What this client only keeps for the others.
   *
   * @param conversations absent if nobody said anything of them
   */
  record Others(
      Optional<Boolean> typing,
      Optional<Boolean> openToAll,
      Optional<List<Arranged>> conversations) {
    static final Others NONE = new Others(Optional.empty(), Optional.empty(), Optional.empty());

    Others {
      conversations.ifPresent(
          all ->
              Bounds.distinct("conversations", all.stream().map(Arranged::conversation).toList()));
    }

    /** What was said of conversations stays if nothing is said of them. */
    Others joined(Others theirs) {
      return new Others(
          theirs.typing, theirs.openToAll, theirs.conversations.or(() -> conversations));
    }
  }

  /** @param readReceipts absent unless the user has switched them off */
  private record Json(
      int version,
      List<Contact> contacts,
      List<Named> devices,
      Archive archive,
      Optional<Boolean> readReceipts,
      Optional<Boolean> typing,
      Optional<Boolean> openToAll,
      Optional<List<Arranged>> conversations) {
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
        && archive.equals(other.archive)
        && readReceipts == other.readReceipts
        && others.equals(other.others);
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
                        contact.listHash,
                        contact.standing))
            .toList();
    return new SyncContent(unverified, devices, archive, readReceipts, others);
  }

  byte[] toJson() {
    Optional<Boolean> off = readReceipts ? Optional.empty() : Optional.of(false);
    var json =
        new Json(
            VERSION,
            contacts,
            devices,
            archive,
            off,
            others.typing,
            others.openToAll,
            others.conversations);
    return StrictJson.encode(json, Json.class);
  }

  /** @throws RefusedException unless {@link #toJson} of this version made it */
  static SyncContent fromJson(byte[] content) {
    try {
      Json json = StrictJson.decode(content, Json.class);
      return new SyncContent(
          json.contacts,
          json.devices,
          json.archive,
          json.readReceipts.orElse(true),
          new Others(json.typing, json.openToAll, json.conversations));
    } catch (JsonRefused | IllegalArgumentException e) {
      throw new RefusedException("sync of another form");
    }
  }
}
