/** Answering messages, and changing them. */
export const respondTexts = Object.freeze({
  // A message's menu
  reply: 'Reply',
  react: 'React…',
  quickReactions: 'React',
  reactWith: emoji => `React with ${emoji}`,
  takeBack: emoji => `Take back ${emoji}`,
  edit: 'Edit',
  deleteForAll: 'Delete for everyone',
  deleteForAllTitle: 'Delete for everyone?',
  deleteForAllText: 'The message goes from this conversation for everyone in it. Others may have '
    + 'read it already, or kept a copy.',

  // Over the box
  replyingTo: from => `Reply to ${from}`,
  replyingToYou: 'Reply to yourself',
  dropReply: 'Do not reply',
  editing: 'Editing',
  stopEditing: 'Stop editing',
  save: 'Save',
  editHint: 'Enter saves, Esc leaves the message as it was',
  peopleToMention: 'People',

  // In the timeline
  quoteFrom: 'In reply to',
  quoteOfNothing: 'This message is not in this browser',
  quoteOfDeleted: 'Deleted message',
  unfold: 'Show all of it',
  edited: 'edited',
  deletedByYou: 'You deleted this message',
  deletedBy: from => `${from} deleted this message`,
  reactions: 'Reactions',
  reaction: ({ emoji, users, mine }, named) => {
    const more = users.length - named.length;
    const names = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
    return `${emoji} ${users.length}: ${names}${mine ? '. Yours' : ''}`;
  },
  moreReactions: count => `${count} more`,
  moreReactionsLabel: count => `${count} more reactions`,

  // Elsewhere
  mentionMark: 'you are mentioned',
  mentionedYou: 'Mentioned you',
  mentionedYouBy: from => `${from} mentioned you`,
});
