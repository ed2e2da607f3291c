package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.user.RegistrationRules.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistrationRulesTest {
  private static final Bytes NO_HASH = Bytes.of(new byte[32]);

  private final TestAccount bob = new TestAccount("bob");
  private final Ed25519.SigningKey accountKey = Ed25519.fromSeed(new byte[32]);

  private Optional<Refusal> refusal(DeviceList list, List<Prekey> prekeys) {
    return RegistrationRules.refusal(
        TestAccount.HOST,
        bob.user,
        RegistrationRules.Beginning.of(bob.user),
        bob.device(1),
        bob.devicePublicKey(1),
        list,
        prekeys);
  }

  private DeviceList signed(String host, long version, Bytes prevHash, List<Device> devices) {
    return Statements.signDeviceList(accountKey, bob.user, host, version, prevHash, devices);
  }

  private Device device() {
    return bob.deviceList(1).devices().get(0);
  }

  private void assertListRefused(DeviceList list) {
    assertEquals(Optional.of(Refusal.DEVICE_LIST), refusal(list, bob.prekeys(3)));
  }

  @Test
  void takesAFirstListWithSignedPrekeys() {
    assertEquals(Optional.empty(), refusal(bob.deviceList(1), bob.prekeys(0)));
    assertEquals(Optional.empty(), refusal(bob.deviceList(1), bob.prekeys(100)));
    assertEquals(
        Optional.empty(),
        refusal(signed(TestAccount.HOST, 1, NO_HASH, List.of(device())), bob.prekeys(3)));
  }

  @Test
  void refusesAListThatIsNotTheFirstOfThisUserHere() {
    assertListRefused(new TestAccount("mallory").deviceList(1));
    assertListRefused(signed("other.example", 1, NO_HASH, List.of(device())));
    assertListRefused(signed(TestAccount.HOST, 2, NO_HASH, List.of(device())));
    assertListRefused(
        signed(TestAccount.HOST, 1, TestAccount.digest("before"), List.of(device())));
  }

  @Test
  void refusesAListWithOtherDevicesThanTheOneThatRegisters() {
    assertListRefused(bob.deviceList(2));
    Device one = device();
    for (Device other :
        List.of(
            new Device(bob.device(2), one.signKey(), List.of(1), 0, one.inboxStart()),
            new Device(one.id(), bob.devicePublicKey(2), List.of(1), 0, one.inboxStart()),
            new Device(one.id(), one.signKey(), List.of(2), 0, one.inboxStart()),
            new Device(
                one.id(), one.signKey(), List.of(1), 0, new Point(1, one.inboxStart().hash())),
            new Device(one.id(), one.signKey(), List.of(1), 0, new Point(0, NO_HASH)))) {
      assertListRefused(signed(TestAccount.HOST, 1, NO_HASH, List.of(other)));
    }
  }

  @Test
  void refusesAListThatItsAccountKeyDidNotSign() {
    DeviceList good = bob.deviceList(1);
    byte[] signature = good.signature().toArray();
    signature[0] ^= 1;
    assertListRefused(with(good, good.accountKey(), Bytes.of(signature)));
    assertListRefused(with(good, bob.devicePublicKey(1), good.signature()));
    assertListRefused(with(good, Bytes.of(new byte[32]), good.signature()));
  }

  private static DeviceList with(DeviceList list, Bytes accountKey, Bytes signature) {
    return new DeviceList(
        list.user(),
        list.serverHost(),
        list.version(),
        list.prevHash(),
        accountKey,
        list.devices(),
        signature);
  }

  @Test
  void refusesARegistrationWithoutExactlyOneSignedPrekey() {
    assertEquals(
        Optional.of(Refusal.PREKEY),
        refusal(bob.deviceList(1), List.of(bob.oneTimePrekey(2))));
    assertEquals(
        Optional.of(Refusal.PREKEY),
        refusal(bob.deviceList(1), List.of(bob.signedPrekey(1), bob.signedPrekey(2))));
  }

  @Test
  void refusesPrekeysThatTheDeviceDidNotSignAsTheyAre() {
    Prekey good = bob.oneTimePrekey(2);
    assertTrue(areGood(List.of(good)));
    Prekey mallorys = new TestAccount("mallory").oneTimePrekey(2);
    for (Prekey bad :
        List.of(
            mallorys,
            new Prekey(3, good.kind(), 1, good.key(), good.signature()),
            new Prekey(2, Prekey.Kind.SIGNED, 1, good.key(), good.signature()),
            new Prekey(2, good.kind(), 1, mallorys.key(), good.signature()),
            new Prekey(2, good.kind(), 1, good.key(), Bytes.of(new byte[64])))) {
      assertFalse(areGood(List.of(bad)));
      assertFalse(areGood(List.of(bob.signedPrekey(1), bad)));
    }
  }

  @Test
  void refusesPrekeysOfUnknownSuitesAndSizes() {
    Bytes longKey = Bytes.of(new byte[33]);
    assertFalse(areGood(List.of(signed(2, TestAccount.digest("key")))));
    assertFalse(areGood(List.of(signed(1, longKey))));
    assertTrue(areGood(List.of(signed(1, TestAccount.digest("key")))));
  }

  private Prekey signed(int suite, Bytes key) {
    return Statements.signPrekey(
        bob.deviceKey(1), bob.user, bob.device(1), 7, Prekey.Kind.ONE_TIME, suite, key);
  }

  @Test
  void refusesAnIdTwiceAndMoreThanAHundredOneTimePrekeys() {
    assertFalse(areGood(List.of(bob.signedPrekey(2), bob.oneTimePrekey(2))));
    assertTrue(areGood(bob.prekeys(100)));
    assertFalse(areGood(bob.prekeys(101)));
    var withoutSigned = new ArrayList<>(bob.prekeys(100));
    withoutSigned.remove(0);
    assertTrue(areGood(withoutSigned));
  }

  private boolean areGood(List<Prekey> prekeys) {
    return RegistrationRules.prekeysAreGood(
        bob.user, bob.device(1), bob.devicePublicKey(1), prekeys);
  }
}
