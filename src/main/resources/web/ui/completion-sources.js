/** What can be completed while somebody writes: see completion.js. */
import { nameTyped, searchEmoji } from '../state/emoji.js';
import { mentionTyped, peopleToMention } from '../state/mentions.js';
import { loadEmoji, noteEmoji } from './emoji-data.js';
import { texts } from './texts.js';

const SHOWN_MAX = 8;

/** `:name` of an emoji. Without their list nothing is offered. */
export const emojiSource = {
  label: texts.emoji,
  typed: nameTyped,
  load: () => loadEmoji().catch(() => []),
  find: (all, { name: typed }) => searchEmoji(all, typed, SHOWN_MAX).map(({ emoji, name }) => ({
    sign: emoji, name: `:${name}:`, text: emoji, exact: name === typed.toLowerCase(),
    taken: () => noteEmoji(emoji),
  })),
};

/** `@name` of somebody in the conversation. @param now(): {conversation, user} */
export function peopleSource(now) {
  return {
    label: texts.peopleToMention,
    typed: mentionTyped,
    load: now,
    find: ({ conversation, user }, { name }) => peopleToMention(conversation, user, name, SHOWN_MAX)
      .map(person => ({ name: `@${person}`, text: `@${person}` })),
  };
}
