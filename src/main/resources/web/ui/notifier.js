/**
 * The browser's own means to tell a person something while the page is not looked at: system
 * notifications, and the number on the app's icon. Nothing here decides what is told.
 */
import { hearOfWorker, showByWorker, withdrawByWorker } from './worker-notifications.js';

const KEY = 'sotto-notifications';
const SHOWS = ['off', 'nothing', 'name', 'text'];

/** Of what comes at once, only the first is heard. */
const SOUND_PAUSE_MS = 2_000;

/** @param {function(string)} onChosen gets the tag of a notification that was clicked */
export function createNotifier(onChosen) {
  const shown = new Map();
  let heardAt = -Infinity;
  hearOfWorker(onChosen);

  /** {permission: "unsupported" | "default" | "granted" | "denied", shows: see SHOWS} */
  function standing() {
    const permission = 'Notification' in window ? Notification.permission : 'unsupported';
    const chosen = localStorage.getItem(KEY);
    return { permission, shows: SHOWS.includes(chosen) ? chosen : 'off' };
  }

  function choose(shows) {
    localStorage.setItem(KEY, shows);
  }

  /** Asks the person, by the browser's own question. */
  async function ask() {
    await Notification.requestPermission();
  }

  /**
   * One notification for each tag: a later one takes the place of an earlier one.
   *
   * @returns {Promise<boolean>} false where the browser makes none
   */
  async function show({ tag, title, body, isQuiet = false }) {
    const now = performance.now();
    const silent = isQuiet || now - heardAt < SOUND_PAUSE_MS;
    if (!silent) heardAt = now;
    const told = { body, tag, renotify: !silent, silent };
    try {
      const notification = new Notification(title, told);
      notification.addEventListener('click', () => {
        window.focus();
        notification.close();
        onChosen(tag);
      });
      shown.set(tag, notification);
      return true;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return showByWorker(title, told);
    }
  }

  function withdraw(tag) {
    shown.get(tag)?.close();
    shown.delete(tag);
    withdrawFromWorker(tag);
  }

  function withdrawAll() {
    for (const notification of shown.values()) notification.close();
    shown.clear();
    withdrawFromWorker();
  }

  return { standing, choose, ask, show, withdraw, withdrawAll };
}

/** The worker may still show what this page had it show before it was loaded anew. */
function withdrawFromWorker(tag) {
  // Where the browser refuses a page its worker, that shows nothing either.
  withdrawByWorker(tag).catch(() => {});
}

/** The number on the icon of the installed app, where there is one. */
export function showBadge(count) {
  const done = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  // Some browsers have the method and refuse it: the title tells the number, too.
  done?.catch(() => {});
}
