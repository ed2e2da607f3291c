/**
 * Files on their way: those that are to be sent, by conversation, and how far others are.
 *
 * Tray: {files: [{key: number, file: File, error: text | null}], busy: boolean, note: text | null}.
 * Transfer of a message: {done, total, error: text | null, isFinal?: boolean}, sizes in bytes;
 * `isFinal` if to try again is of no use.
 */
export const FILES_MAX = 10;

export const noFiles = Object.freeze({ trays: {}, transfers: {} });

export const emptyTray = Object.freeze({ files: [], busy: false, note: null });

/** Whether something that is to be sent would be lost with the page. */
export function isAttached({ trays }) {
  return Object.keys(trays).length > 0;
}

/** What is to be sent to a conversation. */
export function trayOf(state, conversation) {
  return state.trays[conversation] ?? emptyTray;
}

/** Whether so many bytes are loaded without being asked for, if they are an image. */
export const AUTOMATIC_BYTES_MAX = 2 * 1024 * 1024;

/** The code of a refusal that stays. */
const GONE = 'file-gone';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Whether its sender says that it is an image of a kind that can be shown. */
export function isImage({ mediaType }) {
  return IMAGE_TYPES.includes(mediaType);
}

export const fileChanges = {
  // From the engine.
  'file-progress': (state, { id, done, total }) =>
    withTransfer(state, id, done === total ? null : { done, total, error: null }),
  'file-failed': (state, { id, text, code }) => withTransfer(state, id,
    text ? { done: 0, total: 0, error: text, isFinal: code === GONE } : null),
  'file-stopped': (state, { id }) => withTransfer(state, id, null),

  // From the page.
  'tray-added': onAdded,
  'tray-removed': (state, { conversation, key }) => withTray(state, conversation, tray => ({
    ...tray, files: tray.files.filter(one => one.key !== key), note: null,
  })),
  'tray-busy': (state, { conversation, busy }) =>
    withTray(state, conversation, tray => ({ ...tray, busy })),
  'tray-failed': (state, { conversation, key, text }) => withTray(state, conversation, tray => ({
    ...tray, files: tray.files.map(one => one.key === key ? { ...one, error: text } : one),
  })),
};

/** More than a few at once are a slip; what is too many is said, and left out. */
function onAdded(state, { conversation, files, tooMany }) {
  return withTray(state, conversation, tray => {
    const next = 1 + Math.max(0, ...tray.files.map(({ key }) => key));
    const added = files.map((file, i) => ({ key: next + i, file, error: null }));
    const all = [...tray.files, ...added];
    const note = all.length > FILES_MAX ? tooMany : null;
    return { ...tray, files: all.slice(0, FILES_MAX), note };
  });
}

function withTray(state, conversation, change) {
  const { [conversation]: before = emptyTray, ...others } = state.trays;
  const tray = change(before);
  const isNothing = tray.files.length === 0 && tray.note === null;
  return { ...state, trays: isNothing ? others : { ...others, [conversation]: tray } };
}

function withTransfer(state, id, transfer) {
  const { [id]: before, ...others } = state.transfers;
  if (!before && !transfer) return state;
  return { ...state, transfers: transfer ? { ...others, [id]: transfer } : others };
}

/** What is told of a message ends what was told of its file: it is there, or cannot be sent. */
export function withoutTransfers(state, upserts) {
  return upserts.reduce((next, { id, removed, kind, state: sent, file }) => {
    const isOver = removed || kind === 'deleted' || sent === 'not-sent'
      || file?.isHere && sent !== 'pending';
    return isOver ? withTransfer(next, id, null) : next;
  }, state);
}
