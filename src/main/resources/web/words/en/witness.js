/** What the page says of the file that shows an auditor what the server recorded. */

export const witnessTexts = {
  witnessTitle: 'What the server recorded about me',
  witnessHint: 'This file says how far this browser has read and what it confirmed to the server, '
    + 'signed with its key; no message is in it. With it, whoever checks the server can see whether '
    + 'anything that you have seen was changed or lost.',
  witnessScope: 'It covers',
  witnessLogs: groups => groups === 0 ? 'your messages'
    : groups === 1 ? 'your messages and 1 group' : `your messages and ${groups} groups`,
  witnessTime: 'Last confirmed',
  witnessLoading: 'Looking…',
  witnessEmpty: 'The server has recorded nothing of this browser yet. That begins with the first '
    + 'message.',
  witnessSave: 'Save file',
  witnessSaved: name => `Saved as ${name}.`,
};
