package chat.sotto.audit;

import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A journal in numbers. An entry of an inbox is whatever a client sent to a person: a message, or a
 * note of the client's own, such as a receipt. The server cannot tell them apart.
 *
 * @param users by name
 * @param groups by id
 * @param days with anything on them, in their order
 */
public record Figures(
    Overview overview,
    Delivery delivery,
    OfAccounts accounts,
    List<OfUser> users,
    List<OfGroup> groups,
    List<Day> days) {
  public Figures {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    days = List.copyOf(days);
  }

  /** The lines of {@code sotto audit summary}. */
  public Stream<Answer> answers() {
    return Stream.of(
            Stream.of(overview, delivery, accounts),
            users.stream(),
            groups.stream(),
            days.stream())
        .flatMap(each -> each);
  }

  /**
   * @param from time of the first event, and {@code to} of the last; absent if there are none
   * @param entries accepted in inboxes, {@code posts} in groups
   * @param bytes of their ciphertexts, whether or not they are still stored
   * @param perDay entries and posts a day between the first event and the last
   */
  @JsonTypeName("overview")
  record Overview(
      Optional<Instant> from,
      Optional<Instant> to,
      long events,
      long users,
      long groups,
      long entries,
      long posts,
      long bytes,
      double perDay)
      implements Answer {
    @Override
    public String text() {
      return String.format(
          Locale.ROOT,
          """
          From %s to %s UTC
          %s of %s and %s
          %s accepted in inboxes and %s in groups, %d bytes, %.1f a day""",
          from.map(Moment::words).orElse("?"),
          to.map(Moment::words).orElse("?"),
          Words.count(events, "event"),
          Words.count(users, "user"),
          Words.count(groups, "group"),
          entries == 1 ? "1 entry" : entries + " entries",
          Words.count(posts, "post"),
          bytes,
          perDay);
    }
  }

  /**
   * Deliveries: each entry to each device that was to get it, and each post to each device of a
   * member but the one that wrote it.
   *
   * @param waiting not acknowledged at the end
   * @param cutOff lost to devices that fell behind the limits
   * @param ended the rest: owed to devices whose people left the group before
   * @param timed those whose delay, from accepted to acknowledged, is known
   * @param medianMillis at most 1/16 above the true one, as are {@code p95Millis}
   */
  @JsonTypeName("delivery-figures")
  record Delivery(
      long owed,
      long acknowledged,
      long waiting,
      long cutOff,
      long ended,
      long timed,
      long medianMillis,
      long p95Millis,
      long maxMillis,
      List<DelayClass> delays)
      implements Answer {
    @Override
    public String text() {
      var text =
          new StringBuilder(
              "%d of %d deliveries acknowledged (%s), %d waiting, %d cut off, %d ended otherwise"
                  .formatted(acknowledged, owed, percent(), waiting, cutOff, ended));
      if (timed > 0) {
        text.append(
            "\nFrom accepted to acknowledged: half within %s, 95 of 100 within %s, longest %s"
                .formatted(
                    Moment.duration(medianMillis),
                    Moment.duration(p95Millis),
                    Moment.duration(maxMillis)));
      }
      return text.toString();
    }

    String percent() {
      return owed == 0 ? "none were owed" : Html.percent((double) acknowledged / owed);
    }
  }

  /**
   * What happened to accounts.
   *
   * @param linked devices that came to an account that was there, {@code removed} that went
   * @param passwords set anew with the old one or the recovery code, {@code resets} without
   * @param archiveBytes of the archives at the end
   */
  @JsonTypeName("account-figures")
  record OfAccounts(
      long linked,
      long removed,
      long passwords,
      long resets,
      long erased,
      long reopened,
      long archiveBytes)
      implements Answer {
    @Override
    public String text() {
      return "%s linked, %d removed; %s, %s; %s erased, %d opened again; %d bytes of archives"
          .formatted(
              Words.count(linked, "device"),
              removed,
              Words.count(passwords, "new password"),
              Words.count(resets, "reset"),
              Words.count(erased, "account"),
              reopened,
              archiveBytes);
    }
  }

  /** @param words such as “up to 1 minute”, and longer than the class before */
  record DelayClass(String words, long count) {}

  /**
   * @param sent entries in the inboxes of others
   * @param received entries in the own inbox
   * @param waiting deliveries that the person's devices have not acknowledged, of entries and posts
   * @param waitingSince when the oldest such entry of the inbox was accepted
   */
  @JsonTypeName("user-figures")
  record OfUser(
      UserName user,
      int devices,
      long sent,
      long received,
      long posts,
      long waiting,
      Optional<Instant> waitingSince)
      implements Answer {
    @Override
    public String text() {
      return "%-16s %s: sent %d, received %d, posts %d, waiting %d%s"
          .formatted(
              user,
              Words.count(devices, "device"),
              sent,
              received,
              posts,
              waiting,
              waitingSince.map(time -> " since " + Moment.words(time)).orElse(""));
    }
  }

  /** @param counts members at the end of each day on which that changed */
  @JsonTypeName("group-figures")
  record OfGroup(
      GroupId group,
      Instant madeAt,
      long members,
      long invited,
      long epoch,
      long entries,
      long posts,
      List<MemberCount> counts)
      implements Answer {
    public OfGroup {
      counts = List.copyOf(counts);
    }

    @Override
    public String text() {
      return "group %s, made %s: %s, %d invited, epoch %d, %d entries, %s"
          .formatted(
              group,
              Moment.words(madeAt),
              Words.count(members, "member"),
              invited,
              epoch,
              entries,
              Words.count(posts, "post"));
    }
  }

  record MemberCount(LocalDate day, long members) {}

  /** @param days how many, from that one on */
  @JsonTypeName("day")
  record Day(LocalDate day, long days, long entries, long posts) implements Answer {
    @Override
    public String text() {
      return "%s%s: %d entries, %d posts"
          .formatted(day, days == 1 ? "" : " and " + (days - 1) + " more days", entries, posts);
    }
  }
}
