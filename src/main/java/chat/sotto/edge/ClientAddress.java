package chat.sotto.edge;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom limits by address count: an IPv4 address, or an IPv6 network of 64 bits, since that is what
 * one subscriber has. Never logged.
 */
record ClientAddress(String network) {
  private static final int IPV6_NETWORK_BYTES = 8;
  private static final String LITERAL = "[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F.:]*";

  static ClientAddress of(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return new ClientAddress(address.getHostAddress());
    }
    byte[] network = Arrays.copyOf(address.getAddress(), IPV6_NETWORK_BYTES);
    return new ClientAddress(Arrays.toString(network));
  }

  /**
   * The last address of X-Forwarded-For that is no trusted proxy, if the peer is one: what stands
   * left of it was written by the client.
   *
   * @param forwardedFor the header's values, in the order received
   */
  static ClientAddress of(InetAddress peer, Set<InetAddress> trusted, List<String> forwardedFor) {
    if (!trusted.contains(peer)) {
      return of(peer);
    }
    String[] hops = String.join(",", forwardedFor).split(",");
    InetAddress client = peer;
    for (int i = hops.length - 1; i >= 0 && trusted.contains(client); i--) {
      Optional<InetAddress> hop = parse(hops[i].strip());
      if (hop.isEmpty()) {
        break;
      }
      client = hop.get();
    }
    return of(client);
  }

  private static Optional<InetAddress> parse(String text) {
    try {
      // A name would be looked up.
      return text.matches(LITERAL) ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
