/** What the engine says to people about groups. */

export const GROUP_REFUSALS = {
  'group-name': 'A group needs a name of 1 to 64 characters.',
  'group-no-people': 'Nobody is chosen. Enter at least one name.',
  'group-too-many': 'Invite at most 32 people at once.',
  'group-yourself': 'You belong to this group already. Enter the name of somebody else.',
  'group-full': 'This group is full: 200 people and 1,000 browsers are the most, and a person can '
    + 'be in 500 groups.',
  'group-already-member': '{user} belongs to this group already.',
  'group-no-member': '{user} is not a member of this group.',
  'not-member': 'You do not belong to this group any more.',
  'not-admin': 'Only an admin of this group can do this.',
  'last-admin': 'You are the only admin. Make somebody else an admin first.',
  'group-invited-only': 'Accept the invitation first.',
  'group-waiting': 'This browser has no keys of the group yet. It gets them as soon as somebody '
    + 'else writes; try again then.',
  'group-joining': 'This browser is not yet in this group. It becomes part of it by itself, as soon '
    + 'as a browser of somebody in the group is online.',
  'group-busy': 'The group changes all the time just now. Try again in a moment.',
  'group-later': 'The server does not answer. This will be done as soon as it can be reached.',
  'group-refused': 'The server did not accept this change. Reload the page and try again.',
  'group-alarm': 'The server shows different histories of this group. Nothing is sent to it any '
    + 'more.',
  'group-missed': 'An admin has to remove {user} from this group again first.',
  'group-blocked': 'The security key of {user} in this group is not the one that this browser '
    + 'knows. Look at the conversation with {user} first.',
  'group-not-accepted': 'The security key of {user} has changed. Look at the conversation with '
    + '{user} first.',
  'invitation-over': 'This invitation has run out. Ask to be invited again.',
};

export const GROUP_MESSAGES = {
  'no-keys': 'A message from {user} cannot be read: this browser did not have the keys of the '
    + 'group when it was written.',
};

export const GROUP_NOT_SENT = {
  'not-member': 'You do not belong to this group any more.',
};

export const GROUP_NOTICES = {
  'group-created': '{by} created the group',
  'group-invited': '{by} invited {user}',
  'group-joined': '{by} joined',
  'group-joined-without-keys': '{by} joined with keys that do not fit those of this browser. Ask '
    + '{by} whether your messages can be read.',
  'group-declined': '{by} declined the invitation',
  'group-withdrawn': '{by} withdrew the invitation of {user}',
  'group-invitation-over': 'The invitation of {user} ran out',
  'group-removed': '{by} removed {user}',
  'group-left': '{by} left',
  'group-made-admin': '{by} made {user} an admin',
  'group-made-member': '{by} made {user} an ordinary member',
  'group-named': '{by} named the group “{name}”',
  'group-restored': 'The server was restored from a copy made on {at}. What was written or changed '
    + 'here since then may be missing for others; your own messages are being sent again.',
  'group-name-refused': '{by} calls the group “{name}” without being an admin. Here it keeps its '
    + 'name until an admin changes it.',
};

/** What others read of a person, as that person does. */
export const OWN_GROUP_NOTICES = {
  'group-invited': '{by} invited you',
  'group-joined': 'You joined. You can read from here on',
  'group-withdrawn': '{by} withdrew your invitation',
  'group-invitation-over': 'Your invitation ran out',
  'group-removed': '{by} removed you',
  'group-made-admin': '{by} made you an admin',
  'group-made-member': '{by} made you an ordinary member',
};

export const GROUP_ALARMS = {
  'fork': 'The server shows different histories of this group to different people. Nothing is '
    + 'sent to it any more; tell the others and the person who runs the server.',
  'stuck': 'What arrived in this group could not be taken by this browser, so it stays on the '
    + 'server. Reload the page; if this happens again, tell the person who runs the server.',
  'too-old': 'The server was restored from a copy that is older than what this browser remembers of '
    + 'this group, so it cannot tell who belongs to it. Nothing is taken or sent any more: leave the '
    + 'group, and ask to be invited again.',
  'rule': 'What the server sends does not fit the rules of this group. Nothing is taken or sent '
    + 'any more; tell the person who runs the server.',
};

/** What a commit of a member says who never came to know the name. */
export const UNNAMED_GROUP = 'Group';
