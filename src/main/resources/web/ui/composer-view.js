/** The box to write in. What is typed is kept at every pause, and is never lost by a failure. */
import { clone, parts, setAttribute, setOptionalText } from './dom.js';

const DRAFT_PAUSE_MS = 150;
const IME_KEY_CODE = 229;

export function composerView(id, form, actions) {
  const inside = clone('composer');
  form.append(inside);
  const view = parts(inside);
  const box = view.message;
  let timer = null;
  let unsaved = false;
  let drawn = null;
  let locked = false;

  box.addEventListener('input', () => {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, DRAFT_PAUSE_MS);
    fit();
  });
  box.addEventListener('blur', save);
  box.addEventListener('keydown', event => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    send();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    send();
  });
  addEventListener('pagehide', save);

  function save() {
    clearTimeout(timer);
    if (!unsaved) return;
    unsaved = false;
    drawn = box.value;
    actions.saveDraft(id, box.value);
  }

  async function send() {
    const text = box.value;
    if (text.trim() === '' || locked) return;
    clearTimeout(timer);
    unsaved = false;
    show('');
    box.focus();
    if (await actions.send(id, text)) {
      // The draft is let go only now that the message is stored; more may be typed by now.
      drawn = box.value;
      actions.saveDraft(id, box.value);
    } else {
      show(box.value === '' ? text : `${text}\n${box.value}`);
    }
  }

  function show(text) {
    box.value = text;
    drawn = text;
    fit();
  }

  /** As high as its text, as far as the style sheet lets it grow. */
  function fit() {
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  }

  function update(state) {
    locked = state.conversations[id].keyChanged;
    const draft = state.drafts[id] ?? '';
    if (drawn === null || (draft !== drawn && !unsaved && document.activeElement !== box)) {
      show(draft);
    }
    setOptionalText(view.error, state.composerErrors[id]);
    view.locked.hidden = !locked;
    setAttribute(view.send, 'aria-disabled', locked ? true : null);
  }

  function close() {
    save();
    removeEventListener('pagehide', save);
  }

  return { update, close };
}
