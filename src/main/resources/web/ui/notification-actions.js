/** Telling a person of new messages while they look elsewhere, as far as they want it. */
import { isGroup } from '../state/groups.js';
import { isAsked } from '../state/standing.js';
import { plainWords } from '../state/markup.js';
import { nameOf } from './identity.js';
import { texts } from './texts.js';

/** Where not even a name is shown, one notification stands for all conversations. */
const ANY = 'any';
const TEST = 'test';

/** However many strangers ask, one notification stands for all of them. */
const REQUEST = 'request';
const WORDS_MAX = 160;

/** @param tools {changeDialog(kind, change), enter(id)} of the actions */
export function notificationActions(page, { changeDialog, enter }) {
  const { dispatch, notifier } = page;
  let newest = null;
  let asking = null;

  function tellStanding() {
    dispatch({ type: 'notifications', ...notifier.standing() });
  }

  const say = fields => changeDialog('settings', { error: null, result: null, ...fields });

  /** @returns {Promise<boolean>} whether it is shown */
  async function show(notification) {
    try {
      return await notifier.show(notification);
    } catch {
      return false;
    }
  }

  /** Only a click that was explained comes here: whoever says no once is not asked again. */
  async function turnOnNotifications() {
    say({});
    await notifier.ask();
    const isAllowed = notifier.standing().permission === 'granted';
    const isShown = isAllowed && await show({ tag: TEST, title: texts.appName,
      body: texts.notificationTest });
    notifier.choose(isShown ? 'name' : 'off');
    tellStanding();
    if (isAllowed) say(isShown ? { result: texts.notificationsAreOn }
      : { error: texts.notificationsFail });
  }

  function chooseNotifications(shows) {
    notifier.choose(shows);
    notifier.withdrawAll();
    tellStanding();
  }

  /** @param {{conversation, text, from, isMention} | {conversation, isRequest}} arrival */
  function notify({ conversation: id, isRequest = false, ...arrival }) {
    const { permission, shows } = notifier.standing();
    if (permission !== 'granted' || shows === 'off') return;
    if (isRequest) {
      asking = id;
      show({ tag: REQUEST, title: texts.appName, body: texts.somebodyNew, isQuiet: true });
      return;
    }
    newest = id;
    const conversation = page.state().conversations[id];
    show({ tag: shows === 'nothing' ? ANY : id,
      ...wordsOf(conversation, shows, arrival) });
  }

  /** What was read here or elsewhere needs no notification any more. */
  function withdrawNotification(id) {
    notifier.withdraw(id);
    if (id === newest) notifier.withdraw(ANY);
    if (id === asking && !isWaiting(id)) notifier.withdraw(REQUEST);
  }

  /** Whether it asks, and nobody has looked yet. */
  function isWaiting(id) {
    const { conversations, open } = page.state();
    return id !== open && isAsked(conversations[id] ?? {});
  }

  /** Somebody clicked a notification. */
  function followNotification(tag) {
    const id = { [ANY]: newest, [REQUEST]: asking }[tag] ?? tag;
    if (page.state().conversations?.[id]) enter(id);
  }

  return {
    showNotificationStanding: tellStanding,
    turnOnNotifications,
    chooseNotifications,
    notify,
    withdrawNotification,
    withdrawAllNotifications: notifier.withdrawAll,
    followNotification,
  };
}

function wordsOf(conversation, shows, { text, from, isMention }) {
  if (shows === 'nothing') return { title: texts.appName, body: texts.newMessage };
  const title = nameOf(conversation);
  const by = isGroup(conversation) ? from : null;
  const mention = by === null ? texts.mentionedYou : texts.mentionedYouBy(by);
  if (shows === 'name' || text === '') {
    return { title, body: isMention ? mention : texts.newMessage };
  }
  const words = plainWords(text, WORDS_MAX);
  const mark = isMention ? mention : by;
  return { title, body: mark ? `${mark}: ${words}` : words };
}
