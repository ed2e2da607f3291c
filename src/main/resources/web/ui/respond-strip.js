/** Over the box: the message that is answered or edited, and a button to leave it. */
import { clone, parts, setAttribute, setIcon, setText } from './dom.js';
import { quotedWords } from './quoted-words.js';
import { texts } from './texts.js';

/** @param place where the strip stands @param box where the person writes */
export function respondStrip(id, place, box, actions) {
  const element = clone('respond-strip');
  const view = parts(element);
  let shown;
  place.append(element);
  view.close.addEventListener('click', () => {
    drop();
    box.focus();
  });

  /** Whether there was something to leave. */
  function drop() {
    if (!shown) return false;
    if (shown.isEdit) actions.stopEdit(id);
    else actions.dropReply(id);
    return true;
  }

  function draw({ message, isEdit }, user) {
    setIcon(view.icon, isEdit ? 'edit' : 'reply');
    setText(view.title, isEdit ? texts.editing
      : message.from === user ? texts.replyingToYou : texts.replyingTo(message.from));
    setText(view.words, quotedWords(message));
    setAttribute(view.close, 'aria-label', isEdit ? texts.stopEditing : texts.dropReply);
  }

  /** Whoever begins to answer or to edit goes on in the box. */
  function update({ replies, edits, account }) {
    const edit = edits[id];
    const message = edit?.message ?? replies[id];
    const before = shown;
    shown = message ? { message, isEdit: Boolean(edit) } : null;
    element.hidden = shown === null;
    if (shown === null) return;
    draw(shown, account.user);
    const isSame = shown.message.id === before?.message.id && shown.isEdit === before?.isEdit;
    if (before !== undefined && !isSame) box.focus();
  }

  return { update, drop };
}
