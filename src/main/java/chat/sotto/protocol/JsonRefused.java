package chat.sotto.protocol;

/** JSON that breaks the rules of docs/protocol.md §1.2. Names the rule, never what was sent. */
public final class JsonRefused extends Exception {
  JsonRefused(String rule) {
    super(rule);
  }
}
