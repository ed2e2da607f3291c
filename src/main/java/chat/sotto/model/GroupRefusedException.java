package chat.sotto.model;

/** An entry breaks a rule of {@link Membership}; nothing has changed. */
public final class GroupRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final GroupRefusal refusal;

  public GroupRefusedException(GroupRefusal refusal) {
    super(refusal.name(), null, false, false);
    this.refusal = refusal;
  }

  public GroupRefusal refusal() {
    return refusal;
  }
}
