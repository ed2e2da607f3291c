/** What the engine says about the archive and about history that browsers hand over. */

export const HISTORY_REFUSALS = {
  'history-no-sibling': 'This is your only browser, so there is none that could hand over what it '
    + 'has. Sign in elsewhere first.',
};

export const ARCHIVE_TEXTS = {
  'off': 'Your messages are not archived. What was archived has been erased from the server.',
  'off-later': 'Your messages are not archived any more. What was archived will be erased as soon '
    + 'as the server can be reached.',
  'full': 'Your archive on the server is full, so newer messages are not in it. They stay in this '
    + 'browser. Ask the person who runs the server for more room, or switch the archive off and on '
    + 'to begin a new one.',
  'broken': 'The server lost or changed part of your archive. What was restored until there is '
    + 'kept and shown, and nothing is added to it any more. Tell the person who runs the server; '
    + 'switch the archive off and on to begin a new one.',
};
