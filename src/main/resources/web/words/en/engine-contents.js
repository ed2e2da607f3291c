/** What the engine says of answers, reactions, edits and deletes. */

export const CONTENT_REFUSALS = {
  'emoji-invalid': 'This cannot be a reaction. Choose an emoji.',
  'not-yours': 'Only whoever wrote a message can change it.',
  'message-deleted': 'This message was deleted.',
};
