package chat.sotto.client;

/** The server, or what it passed on, broke the protocol. Ends the transaction that found it. */
final class Breach extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Alarm alarm;

  Breach(Alarm alarm) {
    super(alarm.name());
    this.alarm = alarm;
  }

  Alarm alarm() {
    return alarm;
  }
}
