/** Wires engine, state and page together. The only file that sees all three. */
import { openEngine } from './client/engine.js';
import { isNextReady, keepPage } from './kept-page.js';
import { canReload } from './state/conversations.js';
import { initialState, reduce } from './state/state.js';
import { createActions, wordsFor } from './ui/actions.js';
import { saveFile } from './ui/files.js';
import { pageView } from './ui/page-view.js';
import { bundle } from './version.js';

const RELOAD_PAUSE_MS = 60_000;
const RELOADED_AT = 'sotto-reloaded-at';
const MAY_OPEN = new Set(['account', 'conversations', 'conversation']);

let state = initialState;
let engine = null;
let drawing = false;

const actions = createActions({
  engine: () => engine,
  state: () => state,
  dispatch,
  goTo: conversation => { location.hash = encodeURIComponent(conversation ?? ''); },
  reload: () => location.reload(),
  save: saveFile,
  copy: text => navigator.clipboard.writeText(text),
  print: () => print(),
});
const view = pageView(document.getElementById('page'), actions);

function dispatch(event) {
  state = reduce(state, event);
  if (MAY_OPEN.has(event.type)) openFromAddress();
  if (!drawing) {
    drawing = true;
    queueMicrotask(draw);
  }
}

/** A new version is told when a reload would show it. */
async function hear(event) {
  if (event.type !== 'update-available' || await isNextReady()) dispatch(event);
}

/** Many events that come at once are one drawing. */
function draw() {
  drawing = false;
  view.update(state);
  if (state.updateAvailable && canReload(state)) reloadOnce();
}

/** The address names the open conversation, so that reload and Back do what people expect. */
function openFromAddress() {
  if (engine === null || state.conversations === null) return;
  const named = id => encodeURIComponent(id) === location.hash.slice(1);
  actions.open(Object.keys(state.conversations).find(named) ?? null);
}

/** A server that keeps naming another bundle must not make the page reload for ever. */
function reloadOnce() {
  const last = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (Date.now() - last < RELOAD_PAUSE_MS) return;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  location.reload();
}

function tellAttention() {
  const visible = document.visibilityState === 'visible';
  engine.setVisible(visible);
  dispatch({ type: 'attention', attentive: visible && document.hasFocus() });
}

async function start() {
  draw();
  engine = await openEngine({ onEvent: hear, location, bundle });
  addEventListener('hashchange', openFromAddress);
  document.addEventListener('visibilitychange', tellAttention);
  addEventListener('focus', tellAttention);
  addEventListener('blur', tellAttention);
  tellAttention();
  openFromAddress();
  await keepPage();
}

start().catch(error => {
  dispatch({ type: 'account', phase: 'failed', text: wordsFor(error) });
});
