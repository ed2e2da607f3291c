package chat.sotto.model;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** A person with keys that follow from the name, so that what is signed is the same in each run. */
public final class TestPerson {
  public static final String HOST = "chat.example";
  private static final long ADDED_AT = 1_700_000_000_000L;

  public final UserName user;
  private final Ed25519.SigningKey accountKey;
  private final DeviceList firstList;

  public TestPerson(String name) {
    this.user = new UserName(name);
    this.accountKey = Ed25519.fromSeed(digest(name + " account").toArray());
    this.firstList = deviceList(1, 1);
  }

  /** SHA-256 of a text: 32 bytes for whatever needs some. */
  public static Bytes digest(String text) {
    return Bytes.of(Hash.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  public DeviceId device(int number) {
    byte[] id = digest(user + " device id " + number).slice(0, 16).toArray();
    return new DeviceId(HexFormat.of().formatHex(id));
  }

  public Ed25519.SigningKey deviceKey(int number) {
    return Ed25519.fromSeed(digest(user + " device " + number).toArray());
  }

  /** Version 1, with one device. */
  public DeviceList deviceList() {
    return firstList;
  }

  /** The devices with numbers from 1. */
  public DeviceList deviceList(long version, int devices) {
    return deviceList(
        version, IntStream.rangeClosed(1, devices).mapToObj(this::listed).toList());
  }

  /** Under another account key, as one of the person's devices announces it. */
  public DeviceList announced(DeviceList before, int announcer, int devices) {
    Ed25519.SigningKey key = Ed25519.fromSeed(digest(user + " account " + before.version()).toArray());
    List<Device> listed = IntStream.rangeClosed(1, devices).mapToObj(this::listed).toList();
    DeviceList list = deviceList(key, before.version() + 1, listed);
    return list.with(
        Statements.signKeyChange(
            deviceKey(announcer), device(announcer), before, list.accountKey()));
  }

  /** @param devices whoever's they are */
  public DeviceList deviceList(long version, List<Device> devices) {
    return deviceList(accountKey, version, devices);
  }

  private DeviceList deviceList(Ed25519.SigningKey key, long version, List<Device> devices) {
    return Statements.signDeviceList(
        key, user, HOST, version, digest(user + " list " + (version - 1)), devices);
  }

  public Device listed(int number) {
    var start = new Point(0, Statements.inboxStart(user, 1));
    var key = Bytes.of(deviceKey(number).publicKey());
    return new Device(device(number), key, List.of(1), ADDED_AT, start);
  }

  public Bytes messageId(long number) {
    return digest(user + " message " + number).slice(0, 16);
  }
}
