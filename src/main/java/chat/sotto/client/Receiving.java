package chat.sotto.client;

import chat.sotto.crypto.OwnKey;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Entry;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an entry means, in the one transaction that also moves the chain and the ratchet: either all
 * of it is stored, or the server pushes the entry again.
 */
final class Receiving {
  private final Rows rows;
  private final Self self;
  private final SecureRandom random;
  private final long now;
  private final History history;
  private final Outbox outbox;
  private final People people;
  private final Standings standings;
  private final List<ClientEvent> events = new ArrayList<>();

  Receiving(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
    self = Self.of(rows);
    history = new History(rows);
    outbox = new Outbox(rows);
    people = new People(rows, self.serverHost());
    standings = new Standings(rows);
  }

  /**
   * @return what to tell after the transaction
   * @throws Breach if the entry does not continue the chain, nor repeats a part of it
   */
  List<ClientEvent> take(EntryPush push) {
    var inbox = new Inbox(rows, self);
    Inbox.Fate fate = inbox.append(push);
    if (fate == Inbox.Fate.REPEAT) {
      return events;
    }
    if (!push.entryKind().equals(Entry.MESSAGE)) {
      show(push, push.time(), Message.State.UNSUPPORTED, push.entryKind());
    } else if (wasOpened(push)) {
      boolean isRestored =
          fate == Inbox.Fate.UNCHAINED || inbox.generation() > Inbox.FIRST_GENERATION;
      if (isRestored) {
        confirmAgain(push);
      }
    } else if (inbox.ourDigest(push).isPresent()) {
      meet(push.fromUser());
      try {
        open(push);
      } catch (CannotOpen e) {
        if (!standings.blocks(push.fromUser())) {
          cannotOpen(push, e.reason());
        }
      }
    }
    return events;
  }

  /** Before anything of them is taken: whoever is not known yet may have to ask. */
  private void meet(UserName from) {
    boolean isKnown = from.equals(self.user()) || people.accountKey(from).isPresent();
    if (standings.meet(from, isKnown)) {
      events.add(new ClientEvent.Asked(from));
    }
  }

  /** A repeat, perhaps sent again because its acceptance was never heard. */
  private boolean wasOpened(EntryPush push) {
    return history.wasOpened(push.fromUser(), push.fromDevice(), push.messageId());
  }

  /** The receipt may be lost on the server, too. */
  private void confirmAgain(EntryPush push) {
    history
        .find(push.fromUser(), false, push.messageId())
        .filter(message -> message.state() == Message.State.RECEIVED)
        .ifPresent(message -> outbox.receiptDue(push.fromUser(), message.id()));
  }

  private void open(EntryPush push) throws CannotOpen {
    Bytes ciphertext =
        push.ciphertext().orElseThrow(() -> new CannotOpen(CannotOpen.Reason.EXPIRED));
    var sealed =
        new Unsealing.Sealed(push.fromUser(), push.fromDevice(), push.messageId(), ciphertext);
    Unsealing.Opened opened = new Unsealing(rows, self, random, now).open(sealed);
    history.opened(push.fromUser(), push.fromDevice(), push.messageId());
    if (standings.blocks(push.fromUser())) {
      return;
    }
    opened.session().ifPresent(session -> confirm(push, session));
    opened.added().forEach(device -> events.add(deviceAdded(push.fromUser(), device)));
    if (opened.missing() > 0) {
      events.add(new ClientEvent.MessagesMissing(push.fromUser(), opened.missing()));
    }
    Optional<Plaintext> plaintext = Plaintext.fromPaddedBytes(opened.padded());
    if (plaintext.isPresent() && push.fromUser().equals(self.user())) {
      readOwn(push, plaintext.get());
    } else if (plaintext.isPresent()) {
      read(push, plaintext.get(), opened.replaces());
    } else {
      show(push, push.time(), Message.State.UNSUPPORTED, "another version");
    }
  }

  /** @param replaces whether the message opened a session in the place of others */
  private void read(EntryPush push, Plaintext plaintext, boolean replaces) throws CannotOpen {
    UserName from = push.fromUser();
    // Else one conversation's message could be shown in another.
    if (!plaintext.conversation().equals(Plaintext.conversation(self.user(), from))) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
    people.hearOf(from, plaintext.senderListVersion());
    Content content = content(plaintext);
    if (content instanceof Content.Line) {
      typingKey(plaintext)
          .ifPresent(
              key ->
                  new TypingKeys(rows)
                      .heard(plaintext.conversation(), push.fromDevice(), key));
      show(received(push, plaintext, content));
      outbox.receiptDue(from, push.messageId());
    } else if (content instanceof Content.Change change) {
      dropUnopened(push);
      changed(received(push, plaintext, content), change);
      outbox.receiptDue(from, push.messageId());
    } else if (content instanceof Content.None) {
      dropUnopened(push);
    } else if (content instanceof Content.Confirm confirm) {
      requireOurNames(confirm, from);
    } else if (content instanceof Content.Receipt receipt) {
      receipt.delivered().forEach(id -> delivered(from, id));
    } else if (content instanceof Content.Seen seen) {
      seen(from, seen.upTo());
    } else if (content instanceof Content.Repair repair && replaces) {
      sendAgain(from, push.fromDevice(), repair.lost());
    } else if (content instanceof Content.Unsupported unsupported) {
      show(push, plaintext.sentAt(), Message.State.UNSUPPORTED, unsupported.type());
    }
  }

  /** What another device of the own user sent. */
  private void readOwn(EntryPush push, Plaintext plaintext) throws CannotOpen {
    Content content = content(plaintext);
    Optional<UserName> with = Plaintext.otherOf(self.user(), plaintext.conversation());
    if (Content.SAID.contains(content.type())) {
      UserName other =
          with.filter(user -> !user.equals(self.user()))
              .orElseThrow(() -> new CannotOpen(CannotOpen.Reason.BAD_CONTENT));
      if (content instanceof Content.Line) {
        standings.wroteElsewhere(other);
      }
      showOwn(
          Message.of(
              other,
              push.messageId(),
              true,
              plaintext.sentAt(),
              Message.State.SENT,
              content),
          content);
    } else if (content instanceof Content.Read read && with.isPresent()) {
      wasRead(with.get(), read.upTo());
    } else if (content instanceof Content.Read read
        && GroupId.isValid(plaintext.conversation())) {
      new GroupLines(rows).read(new GroupId(plaintext.conversation()), read.upTo(), now);
    } else if (content instanceof Content.OwnKey key) {
      var ownKey = OwnKey.of(key.id(), key.key().toArray());
      new OwnKeys(rows).told(ownKey, key.listVersion(), Self.of(rows).list().version());
      events.add(new ClientEvent.OwnKeyCame());
    } else if (content instanceof Content.Confirm confirm) {
      requireOurNames(confirm, self.user());
    }
  }

  /** What this user said on another device, and that will send it again if need be. */
  private void showOwn(Message message, Content content) {
    boolean isNew =
        history.find(message.with(), true, message.id()).isEmpty()
            && !history.isGone(message.with(), true, message.id());
    if (isNew) {
      if (content instanceof Content.Change change) {
        changed(message.erased(), change);
      } else {
        add(message);
      }
      if (new EarlyReceipts(rows).take(message.with(), message.id())) {
        delivered(message.with(), message.id());
      }
    }
  }

  private void dropUnopened(EntryPush push) {
    if (history.dropUnopened(push.fromUser(), push.messageId())) {
      events.add(new ClientEvent.LineGone(push.fromUser(), push.messageId()));
    }
  }

  private void changed(Message brought, Content.Change change) {
    if (change instanceof Content.Timer timer) {
      set(brought, timer);
    }
    history
        .change(self.user(), brought, change)
        .map(ClientEvent.MessageChanged::new)
        .ifPresent(events::add);
  }

  private void set(Message brought, Content.Timer timer) {
    UserName with = brought.with();
    if (new Timers(rows).take(Timers.with(with), brought.id(), timer)) {
      UserName by = brought.mine() ? self.user() : with;
      events.add(new ClientEvent.TimerSet(with, by, timer.seconds()));
    }
  }

  private static Message received(EntryPush push, Plaintext plaintext, Content content) {
    return Message.of(
        push.fromUser(),
        push.messageId(),
        false,
        plaintext.sentAt(),
        Message.State.RECEIVED,
        content);
  }

  private void wasRead(UserName with, Bytes upTo) {
    if (ReadMarks.ours(rows).move(with, upTo)) {
      long place = ReadMarks.ours(rows).ordinal(with);
      new Disappearing(rows).read(Timers.with(with), place, now);
      events.add(new ClientEvent.ReadElsewhere(with, upTo));
    }
  }

  /** Whoever does not say what they have read is not told it of others. */
  private void seen(UserName by, Bytes upTo) {
    boolean isMine = history.line(by, true, upTo).isPresent();
    if (isMine && Sync.readReceipts(rows) && ReadMarks.theirs(rows).move(by, upTo)) {
      events.add(new ClientEvent.Seen(by, upTo));
    }
  }

  private static ClientEvent deviceAdded(UserName user, Device device) {
    return new ClientEvent.DeviceAdded(user, device.id());
  }

  /** The session was opened here, so this user stands first. */
  private void requireOurNames(Content.Confirm confirm, UserName from) throws CannotOpen {
    if (!confirm.users().equals(List.of(self.user(), from))) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  private Content content(Plaintext plaintext) throws CannotOpen {
    try {
      return plaintext.content().toContent();
    } catch (JsonRefused e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  private Optional<Secret> typingKey(Plaintext plaintext) throws CannotOpen {
    try {
      return TypingKeyJson.of(plaintext.content());
    } catch (JsonRefused e) {
      throw new CannotOpen(CannotOpen.Reason.BAD_CONTENT);
    }
  }

  /** Shows a message once; what could not be opened before takes its old place. */
  private void show(Message message) {
    Optional<Message> shown = history.find(message.with(), false, message.id());
    boolean isNew = shown.isEmpty() && !history.isGone(message.with(), false, message.id());
    if (isNew || shown.filter(line -> line.state() == Message.State.CANNOT_OPEN).isPresent()) {
      add(message);
    }
  }

  private void show(EntryPush push, long sentAt, Message.State state, String text) {
    show(new Message(push.fromUser(), push.messageId(), false, sentAt, state, text));
  }

  private void cannotOpen(EntryPush push, CannotOpen.Reason reason) {
    push.ciphertext()
        .flatMap(Unsealing::sessionNamed)
        .ifPresent(
            session ->
                new Sessions(rows, self, random, now)
                    .lost(push.fromUser(), push.fromDevice(), session));
    if (reason == CannotOpen.Reason.KEY_CHANGED) {
      people
          .find(push.fromUser())
          .flatMap(People.Person::claimed)
          .map(list -> new ClientEvent.KeyChanged(push.fromUser(), list.accountKey()))
          .ifPresent(events::add);
    }
    UserName from = push.fromUser();
    boolean isNew = history.find(from, false, push.messageId()).isEmpty();
    if (isNew && !history.isGone(from, false, push.messageId())) {
      add(
          new Message(
              push.fromUser(),
              push.messageId(),
              false,
              push.time(),
              Message.State.CANNOT_OPEN,
              reason.name()));
    }
  }

  private void add(Message message) {
    history.put(message);
    timed(message);
    ShownMessage shown = history.shown(message);
    events.add(new ClientEvent.MessageShown(shown.message()));
    if (!shown.reactions().isEmpty() || shown.edited() || shown.deleted()) {
      events.add(new ClientEvent.MessageChanged(shown));
    }
  }

  /** What comes in a place up to which the user has read is read at once. */
  private void timed(Message message) {
    UserName with = message.with();
    String conversation = Timers.with(with);
    long place = history.ordinal(with, message.id()).orElseThrow();
    boolean isRead = place <= ReadMarks.ours(rows).ordinal(with);
    var passing = new Disappearing(rows);
    if (message.mine() || isRead) {
      UserName from = message.mine() ? self.user() : with;
      passing.begin(conversation, from, message.id(), message.said(), now);
    } else {
      passing.unread(conversation, place, with, message.id(), message.said());
    }
  }

  private void delivered(UserName to, Bytes messageId) {
    Optional<Message> mine = history.find(to, true, messageId);
    mine.ifPresent(
        sent ->
            new Disappearing(rows)
                .begin(Timers.with(to), self.user(), messageId, sent.said(), now));
    if (mine.isEmpty()
        && !OwnLists.others(self).isEmpty()
        && !history.isGone(to, true, messageId)) {
      new EarlyReceipts(rows).keep(to, messageId);
    } else if (mine.isPresent() && mine.get().state() != Message.State.DELIVERED) {
      Message delivered = mine.get().as(Message.State.DELIVERED);
      history.put(delivered);
      if (!history.isHidden(delivered)) {
        events.add(new ClientEvent.StateChanged(history.shown(delivered).message()));
      }
    }
  }

  /** Under the same ids, so that what did arrive is not shown twice. */
  private void sendAgain(UserName to, DeviceId device, List<Bytes> lost) {
    DeviceList list = people.find(to).orElseThrow().list();
    Set<Bytes> waiting = outbox.messageIds(to);
    for (Bytes id : new LinkedHashSet<>(lost)) {
      Optional<Message> mine =
          history
              .find(to, true, id)
              .filter(message -> message.state() != Message.State.DELIVERED)
              .filter(message -> SentTo.wasMeantFor(rows, list, device, id));
      if (mine.isPresent() && !waiting.contains(id)) {
        Optional<Content> said = mine.get().said().filter(any -> !history.isVoid(to, id));
        outbox.add(to, id, said.orElse(new Content.None()), mine.get().sentAt());
      }
    }
  }

  private void confirm(EntryPush push, Bytes session) {
    UserName opener = push.fromUser();
    var confirm = new Content.Confirm(List.of(opener, self.user()));
    outbox.addOn(
        session, push.fromDevice(), opener, MessageIds.make(random), confirm, now);
  }
}
