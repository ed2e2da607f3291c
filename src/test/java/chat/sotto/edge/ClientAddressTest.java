package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
  private static final String PROXY = "10.0.0.1";

  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  private static ClientAddress address(String text) throws Exception {
    return ClientAddress.of(ip(text));
  }

  private static ClientAddress behind(String peer, String... forwardedFor) throws Exception {
    return ClientAddress.of(
        ip(peer), Set.of(ip(PROXY), ip("10.0.0.2")), List.of(forwardedFor));
  }

  @Test
  void anIpv6NetworkIsOneClient() throws Exception {
    assertEquals(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
    assertNotEquals(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
    assertNotEquals(address("192.0.2.1"), address("192.0.2.2"));
    assertEquals(address("192.0.2.1"), address("::ffff:192.0.2.1"));
  }

  @Test
  void onlyATrustedProxyMayNameAnother() throws Exception {
    assertEquals(address("192.0.2.9"), behind("192.0.2.9", "198.51.100.1"));
    assertEquals(address("198.51.100.1"), behind(PROXY, "198.51.100.1"));
    assertEquals(address("2001:db8::1"), behind(PROXY, "2001:db8::1"));
  }

  @Test
  void theLastUntrustedAddressCounts() throws Exception {
    assertEquals(address("198.51.100.1"), behind(PROXY, "203.0.113.5, 198.51.100.1"));
    assertEquals(address("198.51.100.1"), behind(PROXY, "203.0.113.5", "198.51.100.1,10.0.0.2"));
    assertEquals(address("10.0.0.2"), behind(PROXY, "10.0.0.2"));
  }

  @Test
  void whatIsNoAddressIsNotBelieved() throws Exception {
    for (String bad : List.of("", "unknown", "localhost", "1.2.3.4:80", "_hidden", "[::1]")) {
      assertEquals(address(PROXY), behind(PROXY, bad));
    }
    assertEquals(address(PROXY), behind(PROXY));
  }

  @Test
  void itsTextShowsNothing() throws Exception {
    assertFalse(address("192.0.2.1").toString().contains("192"));
  }
}
