package chat.sotto.client;

import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What waits to be sent, in order, one queue for each person. An item leaves only from the front
 * and only when the server has it, so its number n is its place: the last number accepted plus its
 * position. A retry therefore sends the same bytes under the same number.
 */
final class Outbox {
  /** Beyond this, writing to one person is refused; answers are still added. */
  static final int ITEMS_MAX = 10_000;

  private static final Table<Item> ITEMS = new Table<>("outbox", Item.class);
  private static final Table<Numbers> NUMBERS = new Table<>("outbox-numbers", Numbers.class);
  private static final Table<Due> RECEIPTS_DUE = new Table<>("receipt-due", Due.class);

  private final Rows rows;

  Outbox(Rows rows) {
    this.rows = rows;
  }

  /**
   * @param session the session that it must go on, if it is still there
   * @param about in an own copy, with whom the conversation is
   * @param device the one that it concerns; empty for all
   * @param sealed what goes over the wire, once it was encrypted
   * @param kept copies for a list that the recipient no longer has: those for devices that are
   *     still there go over the wire all the same, else their ratchets would show a gap
   */
  record Item(
      Bytes messageId,
      ContentJson content,
      long sentAt,
      Optional<Bytes> session,
      Optional<String> about,
      Optional<DeviceId> device,
      Optional<Sealed> sealed,
      Optional<List<Copy>> kept) {
    Item withSealed(Sealed now) {
      return with(Optional.of(now), Optional.empty());
    }

    Item withoutSealed() {
      return with(Optional.empty(), Optional.empty());
    }

    Item forOtherList() {
      return with(Optional.empty(), sealed.map(Sealed::copies).or(() -> kept));
    }

    Item withContent(ContentJson now) {
      return new Item(messageId, now, sentAt, session, about, device, sealed, kept);
    }

    private Item with(Optional<Sealed> sealedNow, Optional<List<Copy>> keptNow) {
      return new Item(messageId, content, sentAt, session, about, device, sealedNow, keptNow);
    }

    Optional<Bytes> keptFor(DeviceId one) {
      return kept.stream()
          .flatMap(List::stream)
          .filter(copy -> copy.device().equals(one))
          .map(Copy::ciphertext)
          .findFirst();
    }

    boolean concerns(DeviceId one) {
      return device.filter(only -> !only.equals(one)).isEmpty();
    }
  }

  /** @param listVersion the version of the recipient's device list that has exactly these copies */
  record Sealed(long listVersion, List<Copy> copies) {
    Bytes digest() {
      return Statements.bodyDigest(copies.stream().map(Sealed::digest).toList());
    }

    private static BodyDigest digest(Copy copy) {
      byte[] digest = Hash.sha256(copy.ciphertext().toArray());
      return new BodyDigest(copy.device(), Bytes.of(digest));
    }
  }

  /**
   * @param accepted the last number that the server took from this device for that inbox
   * @param waiting how many items there are
   */
  record Numbers(long accepted, int waiting) {}

  private record Due() {}

  boolean isFull(UserName to) {
    return numbers(to).waiting >= ITEMS_MAX;
  }

  void add(UserName to, Bytes messageId, Content content, long sentAt) {
    add(to, item(messageId, content, sentAt, Optional.empty(), Optional.empty()));
  }

  /** As above, for one device of that person; the others get a copy that says nothing. */
  void addFor(DeviceId device, UserName to, Bytes messageId, Content content, long sentAt) {
    add(to, item(messageId, content, sentAt, Optional.empty(), Optional.of(device)));
  }

  /** As above, to go on that session. */
  void addOn(
      Bytes session,
      DeviceId device,
      UserName to,
      Bytes messageId,
      Content content,
      long sentAt) {
    add(to, item(messageId, content, sentAt, Optional.of(session), Optional.of(device)));
  }

  /**
   * For the user's own other devices, if there are any.
   *
   * @param about the conversation
   */
  void addOwnCopy(Self self, String about, Bytes messageId, Content content, long sentAt) {
    if (!OwnLists.others(self).isEmpty()) {
      add(
          self.user(),
          new Item(
              messageId,
              ContentJson.of(content),
              sentAt,
              Optional.empty(),
              Optional.of(about),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
  }

  private static Item item(
      Bytes messageId,
      Content content,
      long sentAt,
      Optional<Bytes> session,
      Optional<DeviceId> device) {
    var json = ContentJson.of(content);
    return new Item(
        messageId,
        json,
        sentAt,
        session,
        Optional.empty(),
        device,
        Optional.empty(),
        Optional.empty());
  }

  private void add(UserName to, Item item) {
    Numbers numbers = numbers(to);
    rows.put(NUMBERS, to.value(), new Numbers(numbers.accepted, numbers.waiting + 1));
    put(Keys.ordinal(to.value(), Keys.next(rows, "outbox/" + to)), item);
  }

  List<UserName> recipients() {
    return rows.list(NUMBERS, "").stream().map(row -> new UserName(row.key())).toList();
  }

  Numbers numbers(UserName to) {
    return rows.get(NUMBERS, to.value()).orElse(new Numbers(0, 0));
  }

  /** The number after which the next is accepted; it changes only by the server's word. */
  void setAccepted(UserName to, long accepted) {
    rows.put(NUMBERS, to.value(), new Numbers(accepted, numbers(to).waiting));
  }

  Optional<Rows.Row<Item>> next(UserName to, String afterKey) {
    return rows.list(ITEMS, to + "/", afterKey, 1).stream().findFirst();
  }

  void put(String key, Item item) {
    rows.put(ITEMS, key, item);
  }

  /** What was encrypted is never sent: all of it is to be encrypted anew. */
  void unsealAll(UserName to) {
    rows.list(ITEMS, to + "/").forEach(row -> put(row.key(), row.value().withoutSealed()));
  }

  /** The recipient has other devices: what is missing for these is still to be encrypted. */
  void forOtherList(UserName to) {
    rows.list(ITEMS, to + "/").forEach(row -> put(row.key(), row.value().forOtherList()));
  }

  void accepted(UserName to, String key, long n) {
    rows.delete(ITEMS, key);
    rows.put(NUMBERS, to.value(), new Numbers(n, numbers(to).waiting - 1));
  }

  /** It is not sent any more; no number was given to it. */
  void withdraw(UserName to, String key) {
    Numbers numbers = numbers(to);
    rows.delete(ITEMS, key);
    rows.put(NUMBERS, to.value(), new Numbers(numbers.accepted, numbers.waiting - 1));
  }

  /** What these would have said is gone; what is sealed goes, else ratchets would show a gap. */
  void sayNothing(UserName to, List<Bytes> ids) {
    var nothing = ContentJson.of(new Content.None());
    rows.list(ITEMS, to + "/").stream()
        .filter(row -> ids.contains(row.value().messageId))
        .forEach(row -> put(row.key(), row.value().withContent(nothing)));
  }

  /** Nothing of what waits is sent any more, if nothing of it was encrypted. */
  void withdrawAll(UserName to) {
    rows.list(ITEMS, to + "/").stream()
        .filter(row -> row.value().sealed.isEmpty() && row.value().kept.isEmpty())
        .forEach(row -> withdraw(to, row.key()));
    rows.list(RECEIPTS_DUE, to + "/").forEach(row -> rows.delete(RECEIPTS_DUE, row.key()));
  }

  Set<Bytes> messageIds(UserName to) {
    return rows.list(ITEMS, to + "/").stream()
        .map(row -> row.value().messageId)
        .collect(Collectors.toSet());
  }

  /** The sender of a stored message is told so, with the next receipt. */
  void receiptDue(UserName to, Bytes messageId) {
    rows.put(RECEIPTS_DUE, to + "/" + messageId, new Due());
  }

  /**
   * Turns the receipts that are due into items, one for a batch.
   *
   * @param messageIds makes the items' ids
   * @return who gets one
   */
  Set<UserName> addReceipts(Supplier<Bytes> messageIds, long now) {
    var due = new TreeMap<UserName, List<Bytes>>();
    for (Rows.Row<Due> row : rows.list(RECEIPTS_DUE, "")) {
      int slash = row.key().indexOf('/');
      var to = new UserName(row.key().substring(0, slash));
      List<Bytes> delivered = due.computeIfAbsent(to, user -> new ArrayList<>());
      if (delivered.size() < Content.Receipt.DELIVERED_MAX) {
        delivered.add(Bytes.fromBase64Url(row.key().substring(slash + 1)));
        rows.delete(RECEIPTS_DUE, row.key());
      }
    }
    due.forEach((to, ids) -> add(to, messageIds.get(), new Content.Receipt(ids), now));
    return due.keySet();
  }
}
