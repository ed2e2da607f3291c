/** What the engine says of answers, reactions, edits and deletes. */

export const CONTENT_REFUSALS = {
  'emoji-invalid': 'Das kann keine Reaktion sein. Wähle ein Emoji.',
  'not-yours': 'Nur wer eine Nachricht geschrieben hat, kann sie ändern.',
  'message-deleted': 'Diese Nachricht wurde gelöscht.',
};
