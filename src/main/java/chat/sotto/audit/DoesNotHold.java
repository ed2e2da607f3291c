package chat.sotto.audit;

/** An event that may not stand where it stands: what follows it in its entity cannot be judged. */
final class DoesNotHold extends RuntimeException {
  private final transient Finding.Code code;
  private final transient String expected;
  private final transient String found;

  DoesNotHold(Finding.Code code, String expected, String found) {
    super(code.text(), null, false, false);
    this.code = code;
    this.expected = expected;
    this.found = found;
  }

  static void require(boolean holds, String expected, Object found) {
    if (!holds) {
      throw new DoesNotHold(Finding.Code.RULE_BROKEN, expected, found.toString());
    }
  }

  Finding at(String entity, long number) {
    return new Finding(code, entity, number, expected, found);
  }
}
