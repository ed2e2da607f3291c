/**
 * A group: one log, whose every event is an entry. {@link chat.sotto.group.Group} says what one may
 * ask of it, {@link chat.sotto.group.GroupEvent} is what is kept, {@link
 * chat.sotto.group.GroupState} what follows. Who may do what is {@link
 * chat.sotto.model.Membership}'s to say.
 */
package chat.sotto.group;
