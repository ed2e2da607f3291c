package chat.sotto.edge;

import chat.sotto.model.Bounds;
import chat.sotto.user.UserEvent;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What an operator's command and a running server say to each other, one line of JSON each. */
public sealed interface AdminFrame {
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = AdminFrame.Erase.class, name = "erase"),
    @JsonSubTypes.Type(value = AdminFrame.Reopen.class, name = "reopen"),
  })
  sealed interface Request extends AdminFrame {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = AdminFrame.Erased.class, name = "erased"),
    @JsonSubTypes.Type(value = AdminFrame.Reopened.class, name = "reopened"),
    @JsonSubTypes.Type(value = AdminFrame.Refused.class, name = "refused"),
  })
  sealed interface Reply extends AdminFrame {}

  /** @param user whatever was typed */
  record Erase(String user, String reason) implements Request {
    public Erase {
      Bounds.length("user", user, 1, 64);
      reason = new UserEvent.Erased(0, reason).reason();
    }
  }

  /** @param user whatever was typed */
  record Reopen(String user, String reason) implements Request {
    public Reopen {
      Bounds.length("user", user, 1, 64);
      reason = new UserEvent.Reopened(0, reason).reason();
    }
  }

  record Reopened(Reopening.Outcome outcome) implements Reply {}

  record Erased(Erasure.Outcome outcome) implements Reply {}

  /** @param sentence for the operator */
  record Refused(String sentence) implements Reply {}
}
