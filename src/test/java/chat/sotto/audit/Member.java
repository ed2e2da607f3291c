package chat.sotto.audit;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Somebody's device, whose keys follow from the names. */
public final class Member {
  static final String HOST = "chat.example";
  private static final long ADDED_AT = 1_700_000_000_000L;

  public final UserName user;
  public final DeviceId device;
  final Ed25519.SigningKey deviceKey;
  final Ed25519.SigningKey accountKey;
  public final DeviceList list;

  Member(String name) {
    this(name, name);
  }

  private Member(String name, String deviceName) {
    user = new UserName(name);
    device = new DeviceId(HexFormat.of().formatHex(id(deviceName + " device").toArray()));
    deviceKey = Ed25519.fromSeed(digest(deviceName + " device key").toArray());
    accountKey = accountKey(name);
    list = list(HOST);
  }

  static Ed25519.SigningKey accountKey(String name) {
    return Ed25519.fromSeed(digest(name + " account key").toArray());
  }

  /** Another device of the same user. */
  Member another(String deviceName) {
    return new Member(user.value(), user + "'s " + deviceName);
  }

  Device row(Point inboxStart) {
    return new Device(
        device, Bytes.of(deviceKey.publicKey()), List.of(1), ADDED_AT, inboxStart);
  }

  /** The version after that one. */
  DeviceList next(DeviceList before, Device... rows) {
    return next(accountKey, before, rows);
  }

  DeviceList next(Ed25519.SigningKey key, DeviceList before, Device... rows) {
    return Statements.signDeviceList(
        key,
        user,
        HOST,
        before.version() + 1,
        Statements.listHash(before),
        List.of(rows));
  }

  static Bytes digest(String text) {
    return Bytes.of(Hash.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  static Bytes id(String text) {
    return digest(text).slice(0, 16);
  }

  DeviceList list(String host) {
    return list(host, 1);
  }

  DeviceList list(String host, long version) {
    var start = new Point(0, Statements.inboxStart(user, 1));
    return Statements.signDeviceList(
        accountKey, user, host, version, Bytes.of(new byte[32]), List.of(row(start)));
  }

  Prekey prekey(long id, Prekey.Kind kind) {
    return Statements.signPrekey(
        deviceKey, user, device, id, kind, 1, digest(user + " prekey " + id));
  }

  Bytes signAck(List<LogPoint> items) {
    return Statements.signAck(deviceKey, HOST, user, device, items);
  }

  @SuppressWarnings("unchecked")
  <C extends GroupContent> C signed(GroupId group, Bytes messageId, C content) {
    var signer = new GroupStatements.Signer(group, user, device, messageId);
    Bytes signature = GroupStatements.sign(deviceKey, signer, content);
    GroupContent made;
    if (content instanceof GroupContent.Commit it) {
      made =
          new GroupContent.Commit(
              it.epoch(), it.kind(), it.ops(), it.rosterHash(), it.head(), it.check(),
              it.joinCheck(), it.infoDigest(), signature);
    } else if (content instanceof GroupContent.Proposal it) {
      made = new GroupContent.Proposal(it.op(), it.head(), signature);
    } else if (content instanceof GroupContent.Confirm it) {
      made =
          new GroupContent.Confirm(
              it.epoch(), it.head(), it.inviter(), it.sealed(), signature);
    } else {
      var it = (GroupContent.Post) content;
      made = new GroupContent.Post(it.epoch(), it.counter(), it.head(), it.digest(), signature);
    }
    return (C) made;
  }
}
