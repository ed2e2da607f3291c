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
  let locked = false;

  box.addEventListener('input', () => {
    actions.draft(id, box.value);
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
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    actions.saveDraft(id);
  }

  function send() {
    if (box.value.trim() === '' || locked) return;
    clearTimeout(timer);
    timer = null;
    actions.send(id, box.value);
    box.focus();
  }

  /** As high as its text, as far as the style sheet lets it grow. */
  function fit() {
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  }

  function update(state) {
    locked = state.conversations[id].keyChanged;
    const draft = state.drafts[id] ?? '';
    if (draft !== box.value) {
      box.value = draft;
      fit();
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
