/** About a conversation: how it is locked, the safety number to compare, and a copy to keep. */
import { conversationWith, lockOf } from '../state/conversations.js';
import { isAsked, isBlocked } from '../state/standing.js';
import { disappearPanel } from './disappear-panel.js';
import { clone, parts, setAttribute, setIcon, setOptionalText, setText } from './dom.js';
import { exportPanel } from './export-panel.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

const DIGITS_IN_GROUP = 5;
const QUIET_MODULES = 4;

export function detailsDialog(actions) {
  const element = clone('details');
  const view = parts(element);
  let user = null;
  let copy = null;
  let timer = null;
  let verified = false;
  let shown = false;
  let blocked = false;
  let busy = false;

  view.safety.addEventListener('click', () => {
    if (busy) return;
    if (shown) actions.hideSafetyNumber();
    else actions.showSafetyNumber(user);
  });
  view.mark.addEventListener('click', () => actions.markVerified(user, !verified));

  view.block.addEventListener('click',
    () => blocked ? actions.unblock(user) : actions.askBlock(user));

  function updateSafety({ digits, qr }) {
    const groups = digits.match(new RegExp(`\\d{${DIGITS_IN_GROUP}}`, 'g'));
    reconcile(view.digits, groups.map((text, place) => ({ place, text })),
      ({ place }) => String(place), digitsItem);
    const size = qr.length + 2 * QUIET_MODULES;
    view.qr.setAttribute('viewBox', `0 0 ${size} ${size}`);
    view.modules.setAttribute('d', qrPath(qr));
  }

  function update(state) {
    const { dialog } = state;
    ({ user } = dialog);
    const conversation = conversationWith(state, user);
    ({ verified } = conversation);
    if (copy === null) {
      copy = exportPanel(conversation.id, actions);
      view.copy.replaceWith(copy.element);
      timer = disappearPanel(conversation.id, actions);
      view.disappear.replaceWith(timer.element);
    }
    copy.update(dialog.copy);
    timer.update(conversation, dialog.disappear);
    blocked = isBlocked(conversation);
    view.block.hidden = isAsked(conversation);
    setText(view.block, blocked ? texts.unblockOf(user) : texts.blockOf(user));
    view.block.classList.toggle('btn-danger-quiet', !blocked);
    view.block.classList.toggle('btn-quiet', blocked);
    const lock = lockOf(conversation);
    setIcon(view.lock, lock);
    view.lockLine.dataset.lock = lock;
    setText(view.lockText, texts.encryptedLine[lock]);
    setText(view.verifiedLine, verified ? texts.verifiedLine(user) : texts.unverifiedLine(user));
    setOptionalText(view.error, dialog.error);
    shown = Boolean(dialog.safety);
    setAttribute(view.safety, 'aria-expanded', shown);
    ({ busy } = dialog);
    // Disabled, it would lose the focus.
    setAttribute(view.safety, 'aria-disabled', busy ? true : null);
    view.number.hidden = !shown;
    if (shown) updateSafety(dialog.safety);
    setText(view.hint, texts.safetyHint(user));
    setText(view.mark, verified ? texts.unmarkVerified : texts.markVerified);
    view.mark.classList.toggle('btn-primary', !verified);
    view.mark.classList.toggle('btn-quiet', verified);
  }

  return { element, update, title: ({ dialog }) => texts.detailsOf(dialog.user) };
}

function digitsItem() {
  const element = document.createElement('li');
  return { element, update: ({ text }) => setText(element, text) };
}

/** The dark modules of a QR code as one path, with the quiet zone around them. */
function qrPath(rows) {
  return rows.map((row, y) => row.map((dark, x) => dark
    ? `M${x + QUIET_MODULES} ${y + QUIET_MODULES}h1v1h-1z` : '').join('')).join('');
}
