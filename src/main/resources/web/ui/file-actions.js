/** What a person does with files. */
import { plainName } from '../state/file-names.js';
import { FILES_MAX, trayOf } from '../state/files.js';
import { texts } from './texts.js';

/** What a person chose is no failure. */
const STOPPED = 'file-stopped';

/** @param page {engine, state, dispatch, save}: see createActions, as are attempt and saveDraft */
export function fileActions({ engine, state, dispatch, save }, { attempt, saveDraft }) {
  function attach(conversation, files) {
    if (files.length === 0) return;
    const tooMany = texts.tooManyFiles(FILES_MAX);
    dispatch({ type: 'tray-added', conversation, files, tooMany });
  }

  /**
   * Sends what is in the tray, each as a message, the text, and what it answers, with the first.
   * What cannot be sent stays, and says why.
   */
  async function sendFiles(conversation, text) {
    const { files, busy } = trayOf(state(), conversation);
    if (busy) return;
    const replyTo = state().replies[conversation];
    dispatch({ type: 'tray-busy', conversation, busy: true });
    dispatch({ type: 'sending', conversation });
    let more = { text, replyTo: replyTo?.id };
    for (const { key, file } of files) {
      const isSent = await attempt(
        () => engine().sendFile(conversation, file, more),
        words => dispatch({ type: 'tray-failed', conversation, key, text: words }));
      if (!isSent) continue;
      more = {};
      dispatch({ type: 'tray-removed', conversation, key });
    }
    dispatch({ type: 'tray-busy', conversation, busy: false });
    // The text waits for a file to go with.
    if (more.text) {
      dispatch({ type: 'composer-failed', conversation, text: null, unsent: text, replyTo });
    }
    await saveDraft(conversation);
  }

  /** @returns {Promise<Blob|null>} null if it could not be loaded, which the timeline says */
  async function loadFile(id) {
    let blob = null;
    await attempt(async () => { blob = await engine().loadFile(id); }, (text, { code }) =>
      dispatch({ type: 'file-failed', id, code, text: code === STOPPED ? null : text }));
    return blob;
  }

  /** A type would have the browser open it; it is only to be kept. */
  async function saveFile({ id, file: { name } }) {
    const blob = await loadFile(id);
    if (blob) save(plainName(name), blob, 'application/octet-stream');
  }

  return {
    attach,
    detach: (conversation, key) => dispatch({ type: 'tray-removed', conversation, key }),
    sendFiles,
    loadFile,
    saveFile,
    cancelFile: id => attempt(() => engine().cancelFile(id), text =>
      dispatch({ type: 'file-failed', id, text })),
  };
}
