/** Wires engine, state and page together. The only file that sees all three. */
import { openEngine } from './client/engine.js';
import { isNextReady, keepPage } from './kept-page.js';
import { arrivalIn } from './state/arrivals.js';
import { canReload } from './state/conversations.js';
import { initialState, reduce } from './state/state.js';
import { createActions, wordsFor } from './ui/actions.js';
import { saveFile } from './ui/files.js';
import { pageKeys } from './ui/keyboard.js';
import { createNotifier } from './ui/notifier.js';
import { pageView } from './ui/page-view.js';
import { bundle } from './version.js';
import { LANGUAGES, LANGUAGE_KEY, language } from './words/language.js';

const RELOAD_PAUSE_MS = 60_000;
const RELOADED_AT = 'sotto-reloaded-at';
const MAY_OPEN = new Set(['account', 'conversations', 'conversation']);

let state = initialState;
let engine = null;
let drawing = false;
let attended = null;
let isOtherLanguage = false;

const actions = createActions({
  engine: () => engine,
  state: () => state,
  dispatch,
  goTo: conversation => { location.hash = encodeURIComponent(conversation ?? ''); },
  reload: () => location.reload(),
  save: saveFile,
  copy: text => navigator.clipboard.writeText(text),
  print: () => print(),
  storage: async () => await navigator.storage?.estimate() ?? null,
  notifier: createNotifier(tag => actions.followNotification(tag)),
});
const view = pageView(document.getElementById('page'), actions);

function dispatch(event) {
  const before = state;
  state = reduce(state, event);
  tell(before, event);
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

/** Whoever is not looking hears of what comes, once: the leading tab tells it. */
function tell(before, event) {
  if (state.conversations === null) {
    attended = null;
    if (before.conversations !== null) actions.withdrawAllNotifications();
    return;
  }
  if (event.type === 'conversations' && engine !== null) actions.followBlocked();
  const arrival = arrivalIn(before, event);
  if (arrival && engine?.mayNotify(arrival.conversation)) actions.notify(arrival);
  if (event.type === 'conversation' && event.conversation.unread === 0) {
    actions.withdrawNotification(event.conversation.id);
  }
}

/** Many events that come at once are one drawing. */
function draw() {
  drawing = false;
  view.update(state);
  tellAttended();
  if (canReload(state)) reloadIfOther();
}

/** Another version of the page waits, or another tab chose another language for all of them. */
function reloadIfOther() {
  if (isOtherLanguage) location.reload();
  else if (state.updateAvailable) reloadOnce();
}

function followLanguage({ key }) {
  if (key !== LANGUAGE_KEY) return;
  isOtherLanguage = true;
  draw();
}

/** The address names the open conversation, so that reload and Back do what people expect. */
function openFromAddress() {
  if (engine === null || state.conversations === null) return;
  const named = id => encodeURIComponent(id) === location.hash.slice(1);
  actions.open(Object.keys(state.conversations).find(named) ?? null);
}

/** Somebody went to another conversation; what the page opened itself has the focus it needs. */
function followAddress() {
  const { open } = state;
  openFromAddress();
  if (state.open !== open) dispatch({ type: 'entered' });
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

/** The leading tab may be another, and must know what is looked at in this one. */
function tellAttended() {
  if (engine === null || state.conversations === null) return;
  const now = state.attentive ? state.open : null;
  if (now !== attended) engine.attend(now);
  attended = now;
}

async function start() {
  Object.assign(document.documentElement,
    { lang: language, dir: LANGUAGES[language].direction });
  draw();
  engine = await openEngine({ onEvent: hear, location, bundle });
  addEventListener('hashchange', followAddress);
  addEventListener('storage', followLanguage);
  document.addEventListener('visibilitychange', tellAttention);
  addEventListener('focus', tellAttention);
  addEventListener('blur', tellAttention);
  pageKeys(() => state, actions);
  tellAttention();
  openFromAddress();
  if (state.conversations !== null) actions.followBlocked();
  await keepPage();
}

start().catch(error => {
  dispatch({ type: 'account', phase: 'failed', text: wordsFor(error) });
});
