/** The search over all messages: results stand in the place of the list of conversations. */
import { RESULTS_MAX, shownResults } from '../state/message-search.js';
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { foundItem } from './found-item.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const TYPING_PAUSE_MS = 100;

/** @param place where the box and what it finds appear */
export function findView(place, actions) {
  const inside = clone('find');
  place.append(inside);
  const view = parts(inside);
  const results = () => [...view.results.querySelectorAll('button')];
  let timer = null;
  let covered = null;

  view.search.addEventListener('input', () => {
    clearTimeout(timer);
    const pause = view.search.value.trim() === '' ? 0 : TYPING_PAUSE_MS;
    timer = setTimeout(() => actions.searchMessages(view.search.value), pause);
  });
  view.search.addEventListener('focus', () => actions.prepareSearch());
  inside.addEventListener('keydown', event => {
    if (event.key === 'Escape') leave(event);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) move(step, event);
  });

  /** From the box down the results, and up again. */
  function move(step, event) {
    const stops = [view.search, ...results()];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  function leave(event) {
    if (view.search.value === '') return;
    event.preventDefault();
    clearTimeout(timer);
    view.search.value = '';
    actions.searchMessages('');
    view.search.focus();
  }

  function statusOf({ text, results: found, busy, error, progress }) {
    if (error !== null) return null;
    if (busy && progress !== null) return texts.searchingOf(progress);
    if (found === null) return busy ? texts.searching : null;
    if (found.length === 0) return busy ? texts.searching : texts.nothingFound(text);
    if (found.length < RESULTS_MAX) return texts.foundCount(found.length);
    return texts.foundMost(RESULTS_MAX);
  }

  /** What the archive has just brought is searched, too. */
  function cover(archive, searching) {
    if (archive === covered) return;
    covered = archive;
    if (searching) queueMicrotask(() => actions.searchMessages(view.search.value));
  }

  /** @returns whether the results take the place of the list */
  function update(state) {
    const { archive } = state;
    const finding = { ...state.finding, results: shownResults(state) };
    const searching = finding.text !== '';
    cover(archive, searching);
    view.panel.hidden = !searching;
    setAttribute(view.panel, 'aria-busy', finding.busy ? true : null);
    setText(view.status, searching ? statusOf(finding) : '');
    setOptionalText(view.error, finding.error);
    const restoring = searching && archive?.state === 'restoring';
    setOptionalText(view.partial, restoring ? texts.foundSoFar : null);
    const items = (finding.results ?? []).map(result => ({
      result, searched: finding.text, conversation: state.conversations?.[result.conversation],
    }));
    reconcile(view.results, items, ({ result }) => `${result.conversation} ${result.id}`,
      () => foundItem(actions));
    return searching;
  }

  return { update };
}
