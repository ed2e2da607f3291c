/** What a message answers, in one line above it. */
import { clone, parts, setText } from './dom.js';
import { quotedWords } from './quoted-words.js';
import { texts } from './texts.js';

/** @param follow(quoted): shows what is quoted where it stands */
export function quoteView(follow) {
  const element = clone('quote');
  const view = parts(element);
  let shown = null;
  element.addEventListener('click', () => {
    if (canFollow(shown)) follow(shown);
  });

  /** @param quoted {id, from, text: null if it is not here, kind} */
  function update(quoted, user) {
    shown = quoted;
    element.setAttribute('aria-disabled', !canFollow(quoted));
    setText(view.from, quoted.from === user ? texts.you : quoted.from);
    setText(view.words, quotedWords(quoted));
    element.dataset.kind = quoted.text === null ? 'missing' : quoted.kind;
  }

  return { element, update };
}

function canFollow({ kind, text }) {
  return kind === 'deleted' || text !== null;
}
