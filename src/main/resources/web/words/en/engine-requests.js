/** What the engine says about who may write to whom. */

export const ASKS_REFUSALS = {
  'blocked': 'You have blocked {user}. Unblock {user} first.',
};

export const ASKS_NOT_SENT = {
  'unanswered': '{user} has not answered yet, and until then no more than {limit} messages can be '
    + 'sent. Try again when you hear from {user}.',
  'blocked': 'You have blocked {user}, so this was not sent. Unblock {user} to send it.',
};
