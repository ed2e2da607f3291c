/** Was der Motor dazu sagt, wer wem schreiben darf. */

export const ASKS_REFUSALS = {
  'blocked': 'Du hast {user} blockiert. Hebe das zuerst auf.',
};

export const ASKS_NOT_SENT = {
  'unanswered': '{user} hat noch nicht geantwortet, und bis dahin können nicht mehr als {limit} '
    + 'Nachrichten gesendet werden. Versuche es wieder, wenn du von {user} hörst.',
  'blocked': 'Du hast {user} blockiert, darum wurde das nicht gesendet. Hebe das auf, um es zu '
    + 'senden.',
};
