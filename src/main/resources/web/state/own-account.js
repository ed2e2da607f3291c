/**
 * What the person's own account is told about: devices, recovery, archive, history.
 *
 * The part of the state: {recovery: boolean | null (not known), reset: {device, name, allowedAt,
 * isThis} | null (somebody asked to set a new password without the old one), recoveryOffered:
 * boolean, historyOffered: boolean (this browser is new, and has nothing of what was before),
 * archive: {state, done, total, text?} | null, history: {done, total} | null (handed over now),
 * historyAsked: [{device, name}] (devices that ask for history), revoking: {done, all} | null
 * (groups that know of a removal), told: [{id, text, about?}] (news that nobody put away)}.
 */

const TROUBLE = new Set(['full', 'broken']);

export const unknownOwnAccount = Object.freeze({
  recovery: null,
  reset: null,
  recoveryOffered: false,
  historyOffered: false,
  archive: null,
  history: null,
  historyAsked: [],
  revoking: null,
  told: [],
});

export const ownAccountChanges = {
  'account-state': onAccountState,
  'devices-changed': onDevicesChanged,
  archive: onArchive,
  'history-asked': onHistoryAsked,
  'history-answered': (state, { device }) => withoutHistoryAsked(state, device),
  history: onHistory,
  revoking: (state, { done, all }) => ({ ...state, revoking: done < all ? { done, all } : null }),
  'recovery-offered': (state, { offered }) => ({ ...state, recoveryOffered: offered }),
  'history-offered': (state, { offered }) => ({ ...state, historyOffered: offered }),
  told: (state, { text }) => withTold(state, { text }),
  'told-dismissed': (state, { id }) =>
    ({ ...state, told: state.told.filter(one => one.id !== id) }),
};

function onAccountState(state, { recovery, reset }) {
  return { ...state, recovery, reset, recoveryOffered: state.recoveryOffered && !recovery };
}

function onDevicesChanged(state, { text }) {
  return withStale(withTold(state, { text }), 'devices');
}

/** What a part of the settings shows is not so any more: it asks anew. */
function withStale(state, part) {
  const { dialog } = state;
  if (!dialog?.[part]) return state;
  return { ...state, dialog: { ...dialog, [part]: { ...dialog[part], stale: true } } };
}

function onArchive(state, { state: phase, done, total, text }) {
  const archive = { state: phase, done, total, text };
  const began = TROUBLE.has(phase) && state.archive?.state !== phase;
  const isSwitched = (phase === 'off') === state.dialog?.archive?.on;
  const heard = isSwitched ? withStale({ ...state, archive }, 'archive') : { ...state, archive };
  return began ? withTold(heard, { text, about: `archive-${phase}` }) : heard;
}

/** Without a device: none asks any more. */
function onHistoryAsked(state, { device, name }) {
  if (device === null) return { ...state, historyAsked: [] };
  const others = withoutHistoryAsked(state, device);
  return { ...others, historyAsked: [...others.historyAsked, { device, name }] };
}

/** @param event {done, total, agreed?}: the last if another device has just answered */
function onHistory(state, { done, total, agreed }) {
  const isUnderWay = done < total;
  const next = { ...state, historyOffered: false, history: isUnderWay ? { done, total } : null,
    dialog: state.dialog && { ...state.dialog, result: null } };
  if (isUnderWay) return next;
  if (total > 0) return withTold(next, { about: 'history-done' });
  if (agreed === undefined) return next;
  return withTold(next, { about: agreed ? 'history-empty' : 'history-declined' });
}

function withoutHistoryAsked(state, device) {
  return { ...state, historyAsked: state.historyAsked.filter(asked => asked.device !== device) };
}

/** What is told once more about the same takes the place of what was. */
function withTold(state, news) {
  const id = 1 + Math.max(0, ...state.told.map(one => one.id));
  const others = state.told.filter(({ about }) => about === undefined || about !== news.about);
  return { ...state, told: [...others, { id, ...news }] };
}
