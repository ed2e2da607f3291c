/** Settings: how the page looks, its language, and what this browser keeps. */
import { LANGUAGES, chooseLanguage, chosenLanguage } from '../words/language.js';
import { sizeName } from '../words/numbers.js';
import { clone, parts, setText } from './dom.js';
import { texts } from './texts.js';
import { chooseTheme, chosenTheme } from './theme.js';

export function generalSection(actions) {
  const element = clone('settings-general');
  const view = parts(element);
  const wanted = () => element.querySelector('input[name="language"]:checked').value;

  view.languages.append(...languageChoices());
  view.changeLanguage.hidden = true;
  element.addEventListener('change', ({ target }) => {
    if (target.name === 'theme') chooseTheme(target.value);
    else view.changeLanguage.hidden = wanted() === chosenLanguage();
  });
  view.changeLanguage.addEventListener('click', () => {
    chooseLanguage(wanted());
    actions.reload();
  });
  for (const input of element.querySelectorAll('input[name="theme"]')) {
    input.checked = input.value === chosenTheme();
  }

  function update({ dialog: { storage }, persisted }) {
    setText(view.storage, persisted ? texts.persisted : texts.notPersisted);
    setText(view.used, storage ? texts.storageUsed(sizeName(storage.usage)) : null);
  }

  return { element, update };
}

/** A language is named in itself, so that who came to a wrong one finds the way back. */
function languageChoices() {
  const named = Object.entries(LANGUAGES).map(([tag, { name }]) => languageChoice(tag, name, tag));
  return [languageChoice('browser', texts.languageOfBrowser, null), ...named];
}

function languageChoice(value, name, lang) {
  const element = clone('language');
  const view = parts(element);
  view.choice.value = value;
  view.choice.checked = value === chosenLanguage();
  setText(view.name, name);
  if (lang !== null) view.name.lang = lang;
  return element;
}
