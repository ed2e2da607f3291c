/** How messages look to people of tests, as changes make them. */

import { dumpOf } from './browsers.js';

/** What a browser that was loaded anew would show of a message. */
export async function loaded(person, conversation, id) {
  const page = await person.engine.loadMessages(conversation, { limit: 50 });
  return page.find(message => message.id === id);
}

/** The parts of a message that changes make: kind, text, edited, reactions with their counts. */
export function lookOf(person, id) {
  const { kind, text, edited = false, reactions = [] } = person.messages.get(id) ?? {};
  return [kind, text, edited, reactions.map(({ emoji, users }) => `${emoji}${users.length}`).join()];
}

/** Until a message looks so. */
export function looks(person, id, ...look) {
  const wanted = JSON.stringify(look);
  return person.until(() => JSON.stringify(lookOf(person, id)) === wanted, wanted);
}

/** Rows of changes in a browser. */
export async function changesIn(browser) {
  const { messages } = await dumpOf(browser);
  return messages.filter(([[, place]]) => typeof place === 'string').map(([, row]) => row);
}
