package chat.sotto.crash;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.FileStore;
import chat.sotto.client.GroupLine;
import chat.sotto.client.Message;
import chat.sotto.client.SottoClient;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** Somebody with one device on the client library, who tells the ledger what it is told. */
final class Member implements AutoCloseable {
  static final String GROUP = "group";

  private static final String PASSWORD = "staple battery horse";
  private static final long PATIENCE_SECONDS = 120;

  final UserName name;
  final SottoClient client;
  private final FileStore store;
  private final Ledger ledger;

  /** With an account that is signed in. */
  Member(String name, URI server, Path folder, Ledger ledger) throws Exception {
    this.name = new UserName(name);
    this.ledger = ledger;
    store = new FileStore(folder.resolve(name + ".sotto"));
    client =
        new SottoClient(server, store, this::told, Clock.systemUTC(), new SecureRandom());
    client.register(name, PASSWORD).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static String lane(String from, String to) {
    return from + " to " + to;
  }

  void say(UserName to) {
    client.sendText(to, ledger.next(lane(name.value(), to.value())));
  }

  void post(GroupId group) {
    client.groups().post(group, ledger.next(lane(name.value(), GROUP)));
  }

  private void told(ClientEvent event) {
    if (event instanceof ClientEvent.MessageShown shown) {
      shown(shown.message());
    } else if (event instanceof ClientEvent.StateChanged changed) {
      Message message = changed.message();
      ledger.accepted(lane(name.value(), message.with().value()), message.text());
    } else if (event instanceof ClientEvent.GroupLineShown shown) {
      shown(shown.line());
    } else if (event instanceof ClientEvent.SendingDelayed delayed) {
      ledger.delayed(delayed.code());
    } else if (event instanceof ClientEvent.GroupDelayed delayed) {
      ledger.delayed(delayed.code());
    } else if (!isHarmless(event)) {
      ledger.complain(name + " is told " + event);
    }
  }

  private static boolean isHarmless(ClientEvent event) {
    return event instanceof ClientEvent.Connected
        || event instanceof ClientEvent.Reconnecting
        || event instanceof ClientEvent.GroupChanged
        || event instanceof ClientEvent.AccountState
        || event instanceof ClientEvent.Synced
        || event instanceof ClientEvent.CaughtUp;
  }

  private void shown(Message message) {
    if (message.state() == Message.State.RECEIVED) {
      ledger.shown(name.value(), lane(message.with().value(), name.value()), message.text());
    } else {
      ledger.complain(name + " is shown " + message);
    }
  }

  private void shown(GroupLine line) {
    String lane = lane(line.from().value(), GROUP);
    if (line.state() == GroupLine.State.SENT || line.state() == GroupLine.State.RECEIVED) {
      ledger.placed(name.value(), line.sequenceNr(), line.text());
      if (line.mine()) {
        ledger.accepted(lane, line.text());
      } else {
        ledger.shown(name.value(), lane, line.text());
      }
    } else if (line.state() != GroupLine.State.NOTICE) {
      ledger.complain(name + " is shown " + line);
    }
  }

  @Override
  public void close() {
    client.close();
    store.close();
  }
}
