package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PublicUrlTest {
  @Test
  void isWhatABrowserCallsTheOrigin() {
    var url = PublicUrl.parse("https://Chat.Example.org/");
    assertEquals("https://chat.example.org", url.origin());
    assertEquals("wss://chat.example.org", url.webSocketOrigin());
    assertEquals("chat.example.org", url.host());
    assertEquals("https://a.example", PublicUrl.parse("https://a.example:443").origin());
    assertEquals("http://a.example:443", PublicUrl.parse("http://a.example:443").origin());
    assertEquals("http://[::1]:8080", PublicUrl.parse("http://[::1]:8080").origin());
    assertEquals("http://localhost:8080", PublicUrl.localhost(false, 8080).origin());
    assertEquals("https://localhost", PublicUrl.localhost(true, 443).origin());
  }

  @Test
  void refusesWhatIsMoreOrLessThanAnOrigin() {
    for (String bad :
        new String[] {
          "chat.example.org", "ftp://a.example", "https://", "https://a.example/chat",
          "https://a.example?x", "https://a.example#x", "https://u:p@a.example", "https://a b",
          "localhost:8080", ""
        }) {
      assertThrows(IllegalArgumentException.class, () -> PublicUrl.parse(bad), bad);
    }
  }
}
