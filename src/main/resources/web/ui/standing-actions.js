/** Answering strangers who ask to write, blocking people, and what is chosen for all devices. */
import { conversationWith } from '../state/conversations.js';
import { isGroup } from '../state/groups.js';
import { isAsked } from '../state/standing.js';

/**
 * @param tools {attempt(ask, fail), alert(text), changeDialog(kind, change), answer(id, ask)} of the
 *   actions, and `groups`: theirs
 */
export function standingActions(page, { attempt, alert, changeDialog, answer, groups }) {
  const { dispatch, engine } = page;
  const isOfGroup = id => isGroup(page.state().conversations[id]);

  async function accept(id) {
    if (isOfGroup(id)) return groups.acceptInvitation(id);
    const done = await answer(id, () => engine().accept(id));
    if (done) page.goTo(id);
    return done;
  }

  /** What a stranger wrote goes with it, so that is asked once. */
  function decline(id) {
    if (isOfGroup(id)) return groups.declineInvitation(id);
    const { user } = page.state().conversations[id];
    return dispatch({ type: 'dialog', dialog: { kind: 'decline', conversation: id, user } });
  }

  /** To block somebody who asks is to decline, which says what goes. */
  function askBlock(user) {
    const talk = conversationWith(page.state(), user);
    if (talk && isAsked(talk)) return decline(talk.id);
    return dispatch({ type: 'dialog', dialog: { kind: 'block', user } });
  }

  /** A refusal is told where it was asked. */
  async function runInDialog(kind, ask) {
    if (page.state().dialog.busy) return false;
    changeDialog(kind, { busy: true, error: null });
    const done = await attempt(ask, text => page.state().dialog?.kind === kind
      ? changeDialog(kind, { busy: false, error: text }) : alert(text));
    if (done && page.state().dialog?.kind === kind) dispatch({ type: 'dialog', dialog: null });
    return done;
  }

  async function declineNow(id) {
    const done = await runInDialog('decline', () => engine().decline(id));
    if (done && page.state().open === id) page.goTo(null);
  }

  const failInSettings = error => changeDialog('settings', { error });

  async function tellPrivacy() {
    dispatch({ type: 'privacy', ...await engine().privacy() });
  }

  async function tellBlocked() {
    dispatch({ type: 'privacy', blocked: await engine().blockedPeople() });
  }

  /** For all devices of the user. What is refused is as it was. */
  async function setSwitch(name, on, set) {
    const before = page.state().privacy[name];
    dispatch({ type: 'privacy', [name]: on });
    changeDialog('settings', { error: null });
    await attempt(set, error => {
      dispatch({ type: 'privacy', [name]: before });
      failInSettings(error);
    });
  }

  async function unblock(user, fail = alert) {
    await attempt(async () => {
      await engine().unblock(user);
      await tellBlocked();
    }, fail);
  }

  return {
    accept,
    decline,
    declineNow,
    askBlock,
    block: user => runInDialog('block', () => engine().block(user)),
    unblock,
    unblockInSettings: user => unblock(user, failInSettings),
    loadPrivacy: () => attempt(tellPrivacy, failInSettings),
    /** Whoever was blocked meanwhile is hidden in groups; the settings tell what goes wrong. */
    followBlocked: () => attempt(tellBlocked, () => {}),
    setReadReceipts: on => setSwitch('readReceipts', on, () => engine().setReadReceipts(on)),
    setOpenToAll: on => setSwitch('openToAll', on, () => engine().setOpenToAll(on)),
    setTyping: on => setSwitch('typing', on, () => engine().setTyping(on)),
    reveal: id => dispatch({ type: 'reveal', id }),
  };
}
