package chat.sotto.model;

/** Why an entry may not stand in a group's log (docs/protocol.md §9.7 names the codes). */
public enum GroupRefusal {
  NOT_MEMBER,
  NOT_ADMIN,
  EPOCH_STALE,
  EPOCH_PENDING,
  ALREADY_MEMBER,
  LAST_ADMIN,
  GROUP_FULL,
  INVITATION_OVER,
  GROUP_REFUSED
}
