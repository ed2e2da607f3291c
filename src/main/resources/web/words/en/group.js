/** The part of the texts that is about groups; `texts` holds them all. */
export const groupTexts = Object.freeze({
  newGroup: 'New group',
  groupName: 'Group name',
  newGroupHint: 'Only the people in the group can read its name. You invite them in the next step.',
  create: 'Create',
  creatingGroup: 'Creating…',
  groupNameProblems: {
    missing: 'Type a name for the group.',
    long: 'This name is too long. Use at most 64 characters.',
    control: 'This name holds a character that cannot be shown. Type it anew.',
  },
  group: 'Group',
  groupLock: {
    changed: 'Security key changed',
    alarm: 'Not safe any more',
  },
  headcount: (members, invited) => (members === 1 ? '1 member' : `${members} members`)
    + (invited > 0 ? `, ${invited} invited` : ''),
  groupLine: headcount => `${headcount} · Encrypted`,
  notMember: {
    joining: 'Not yet in this group',
    invited: 'Invitation',
    left: 'Not in this group',
    removed: 'Removed from this group',
    lost: 'Not in this group any more',
  },
  noGroupMessages: 'No messages yet. Only the people in this group can read what is written here.',
  alone: 'Nobody else is in this group yet. Invite people here or in Details: they can read what '
    + 'is written from then on.',
  invitePeople: 'Invite people',
  invitationBy: user => user === null ? 'Invitation to a group' : `Invitation from ${user}`,
  invitationTo: name => `Invitation to ${name}`,
  invitationTitle: user => user === null ? 'You are invited to this group'
    : `${user} invites you to this group`,
  inTheGroup: 'In the group:',
  andMore: count => `and ${count} more`,
  invitationHint: 'You can read what is written from the moment you accept.',
  accept: 'Accept',
  answering: 'Telling the group…',
  decline: 'Decline',
  stops: {
    changed: 'Choose above whether to go on with the new key.',
    blocked: 'Nothing is sent here until you have decided about the changed key above.',
    alarm: 'Nothing is sent in this group any more. Reach the others in another way, and create a '
      + 'new group.',
    missed: 'Nothing is sent here until an admin has removed again who is named above.',
    joining: 'This browser is not yet in this group. It becomes part of it by itself, as soon as the '
      + 'server and somebody of the group are connected; what is written from then on is shown here. '
      + 'You need not do anything.',
    waiting: 'This browser is waiting for the keys of this group. It gets them by itself; then you '
      + 'can write here.',
    left: 'You are not in this group. What was written while you were in it stays here.',
    removed: 'You were removed from this group. What was written while you were in it stays here.',
    lost: 'The server was restored from a copy in which you are not in this group. Ask to be invited '
      + 'again, or create a new group. What was written stays here.',
  },
  blockedTitle: 'A security key is not the one this browser knows',
  blockedText: users => `Nothing is sent to this group until you have decided about ${users}. `
    + 'Open the conversation and choose there.',
  missedTitle: users => `Out of this group before the server was restored: ${users}`,
  missedForMember: (users, admins) => `An admin has to remove ${users} again before you can write `
    + `here. Admins of this group: ${admins}.`,
  missedForAdmin: users => `The server was restored from a copy that still has ${users} in this `
    + 'group. Nothing is sent here before you remove them again: press the button, or just write.',
  removeAgain: users => `Remove ${users} again`,
  openTalkWith: user => `Open the conversation with ${user}`,
  alarmTitle: 'This group is not safe any more',
  groupDetails: 'Group details',
  rename: 'Rename',
  saveName: 'Save name',
  saving: 'Saving…',
  members: 'Members',
  yourself: '(you)',
  verifiedMember: 'verified by you',
  roles: {
    admin: 'Admin',
    member: 'Member',
    invited: 'Invited, has not answered. Can read from here on.',
  },
  leaving: 'Is leaving the group.',
  declined: 'Has declined the invitation.',
  makeAdmin: 'Make admin',
  makeAdminOf: user => `Make ${user} an admin`,
  makeMember: 'Make member',
  makeMemberOf: user => `Make ${user} a member`,
  remove: 'Remove',
  removeOf: user => `Remove ${user}`,
  removeMeans: user => `${user} gets nothing that is written here from now on. What ${user} has `
    + 'already got, nobody can take back.',
  removeNow: 'Remove now',
  withdrawMeans: user => `This takes back the invitation. ${user} cannot join with it any more.`,
  withdrawNow: 'Take back invitation',
  addMember: 'Add member',
  addHint: 'One or several user names, with blanks or commas between them. They are invited all '
    + 'at once, and can read from here on.',
  add: 'Add',
  adding: 'Inviting…',
  pickOnline: 'Online now:',
  pick: user => `Pick ${user}`,
  invitationProblems: {
    none: () => 'Type the user name of the person to invite.',
    invalid: names => `No user name can be: ${names}. Use 2 to 32 characters: a to z, 0 to 9, dot, `
      + 'dash and underscore, the first one a letter or a digit.',
    already: names => `Already in this group or invited: ${names}.`,
    'at-once': () => 'At most 32 people can be invited at once. Invite them in several steps.',
    full: () => 'A group holds at most 200 people.',
  },
  leaveGroup: 'Leave group',
  leaveMeans: 'You get nothing that is written here from now on, and come back only if somebody '
    + 'invites you. What you have got so far stays in this browser.',
  leaveNow: 'Leave now',
  seenByAll: user => `Everybody in the group has seen that ${user} is out.`,
  unseenBy: (user, names) => `Not everybody has seen yet that ${user} is out: ${names}. Until they `
    + `have, a dishonest server could let ${user} read what they write.`,
});
