/** Offers a passphrase that chance has made, and shows it in the boxes for a new password. */
import { passphraseOf } from '../state/passphrase.js';
import { setText } from './dom.js';
import { texts } from './texts.js';

const WORDS = '/words.txt';

/**
 * @param view {password, repeat, show, suggest, suggested}: two boxes, the check box that shows what
 *   is typed, the button, and where it is said
 * @param fail told in words that there are no words
 */
export function suggestedPassphrase({ password, repeat, show, suggest, suggested }, fail) {
  show.addEventListener('change', showTyped);
  password.addEventListener('input', () => setText(suggested, ''));
  suggest.addEventListener('click', async () => {
    try {
      const passphrase = passphraseOf(await loadWords());
      if (password.readOnly) return;
      for (const box of [password, repeat]) box.value = passphrase;
      show.checked = true;
      showTyped();
      setText(suggested, texts.suggested(passphrase));
    } catch {
      fail(texts.suggestFailed);
    }
  });

  function showTyped() {
    for (const box of [password, repeat]) box.type = show.checked ? 'text' : 'password';
    if (!show.checked) setText(suggested, '');
  }

  /** Forgets what was typed, and hides what is typed next. */
  function clear() {
    for (const box of [password, repeat]) box.value = '';
    show.checked = false;
    showTyped();
  }

  return { clear };
}

async function loadWords() {
  const response = await fetch(WORDS);
  if (!response.ok) throw new Error(`${WORDS}: ${response.status}`);
  return (await response.text()).trimEnd().split('\n');
}
