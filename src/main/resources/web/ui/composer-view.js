/** The box to write in. What is typed is kept at every pause, and is never lost by a failure. */
import { sendingStop } from '../state/groups.js';
import { textInBox } from '../state/writing.js';
import { attachments } from './attachments.js';
import { completion } from './completion.js';
import { emojiSource, peopleSource } from './completion-sources.js';
import { clone, parts, setAttribute, setIcon, setOptionalText, setText } from './dom.js';
import { emojiPicker } from './emoji-picker.js';
import { respondStrip } from './respond-strip.js';
import { wrapSelection } from './text-editing.js';
import { texts } from './texts.js';

const DRAFT_PAUSE_MS = 150;
const IME_KEY_CODE = 229;

const APPLE = /^(Mac|iP)/.test(navigator.platform);

/** With Ctrl (on macOS Cmd, as Ctrl moves the caret): what a key sets around what is selected. */
const MARKERS = { b: '**', i: '_', e: '`' };

/** What does not pass: a text is not worth writing any more, and one begun can still be copied. */
const FINAL_STOPS = new Set(['alarm', 'left', 'removed', 'lost']);

export function composerView(id, form, actions) {
  const inside = clone('composer');
  form.append(inside);
  const view = parts(inside);
  const box = view.message;
  const names = completion(box, view.completion, [emojiSource, peopleSource(() => around)]);
  const strip = respondStrip(id, view.strip, box, actions);
  inside.append(emojiPicker(view.emoji, box).element);
  const attached = attachments(id, view, actions);
  let timer = null;
  let stop = null;
  let around = null;
  let isEditing = false;

  box.addEventListener('input', () => {
    actions.draft(id, box.value);
    if (!isEditing) actions.typing(id, box.value.trim() !== '');
    clearTimeout(timer);
    timer = setTimeout(save, DRAFT_PAUSE_MS);
    fit();
  });
  box.addEventListener('blur', save);
  box.addEventListener('keydown', event => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (composing || names.takesKey(event) || format(event) || respond(event)) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    send();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    send();
  });
  addEventListener('pagehide', save);

  /** Whether the key was one that sets markers. */
  function format(event) {
    const marker = MARKERS[event.key?.toLowerCase()];
    const { ctrlKey, metaKey, altKey, shiftKey } = event;
    const command = APPLE ? metaKey && !ctrlKey : ctrlKey && !metaKey;
    if (!command || altKey || shiftKey || !marker) return false;
    event.preventDefault();
    if (!box.readOnly) wrapSelection(box, marker);
    return true;
  }

  /** Whether the key was one that begins an edit, or ends an edit or an answer. */
  function respond(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey || shiftKey) return false;
    if (key === 'Escape' && strip.drop()) {
      event.preventDefault();
      return true;
    }
    if (key !== 'ArrowUp' || box.value !== '' || isEditing || stop !== null) return false;
    event.preventDefault();
    actions.editLast(id);
    return true;
  }

  function save() {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    actions.saveDraft(id);
  }

  function send() {
    const isEmpty = box.value.trim() === '' && attached.isEmpty() && !isEditing;
    if (isEmpty || attached.isBusy() || stop !== null) return;
    clearTimeout(timer);
    timer = null;
    names.close();
    box.focus();
    if (isEditing) actions.saveEdit(id);
    else if (attached.isEmpty()) actions.send(id, box.value);
    else actions.sendFiles(id, box.value);
  }

  /** As high as its text, as far as the style sheet lets it grow. */
  function fit() {
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  }

  function update(state) {
    around = { conversation: state.conversations[id], user: state.account.user };
    stop = sendingStop(around.conversation);
    const final = FINAL_STOPS.has(stop);
    form.hidden = stop === 'invited' || stop === 'unwanted';
    box.readOnly = final;
    box.placeholder = final ? '' : texts.messagePlaceholder;
    setAttribute(box, 'aria-disabled', final ? true : null);
    const text = textInBox(state, id);
    if (text !== box.value) {
      box.value = text;
      fit();
    }
    updateRespond(state);
    setOptionalText(view.error, state.composerErrors[id]);
    setOptionalText(view.stop, texts.stops[stop]);
    view.hint.hidden = final;
    view.emoji.hidden = final;
    attached.update(state, final);
    setAttribute(view.send, 'aria-disabled', stop === null && !attached.isBusy() ? null : true);
  }

  function updateRespond(state) {
    isEditing = id in state.edits;
    setText(view.hint, isEditing ? texts.editHint : texts.sendHint);
    setAttribute(view.send, 'aria-label', isEditing ? texts.save : texts.send);
    setIcon(view.sendIcon, isEditing ? 'sent' : 'send');
    strip.update(state);
  }

  function close() {
    save();
    removeEventListener('pagehide', save);
  }

  const takesFiles = () => !form.hidden && !box.readOnly;
  return { update, focus: () => box.focus(), takesFiles, close };
}
