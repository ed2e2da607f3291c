/** One message that was found. */
import { excerptOf } from '../state/message-search.js';
import { fullTime, isoTime, shortTime } from './dates.js';
import { clone, parts, setText } from './dom.js';
import { nameOf } from './identity.js';
import { texts } from './texts.js';

export function foundItem(actions) {
  const element = clone('result');
  const view = parts(element);
  let shown = null;
  view.button.addEventListener('click', () => actions.openMessage(shown));

  /** @param item {result, searched, conversation: undefined if it is gone} */
  function update({ result, searched, conversation }) {
    shown = result;
    const { text, at, from, mine } = result;
    setText(view.name, conversation ? nameOf(conversation) : texts.notInThisBrowser);
    setText(view.time, shortTime(at, Date.now()));
    view.time.title = fullTime(at);
    view.time.dateTime = isoTime(at);
    setText(view.from, mine ? texts.youMark : `${from}:`);
    const { before, match, after } = excerptOf(text, searched);
    setText(view.before, before);
    setText(view.match, match);
    setText(view.after, after);
  }

  return { element, update };
}
