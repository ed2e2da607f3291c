package chat.sotto.group;

import chat.sotto.model.GroupEntry;

/**
 * An entry of the log as a connection needs it: what is pushed, and where its bodies lie. Its number
 * is that of its event in the group's journal too.
 *
 * @param bodies of a commit, without the list of piece owners
 */
public record GroupLogEntry(GroupEntry entry, Group.Bodies bodies) {}
