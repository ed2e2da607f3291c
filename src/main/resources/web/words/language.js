/**
 * The language of the page: what the person chose in the settings, else what the browser asks for.
 * It is chosen once, when the page loads, and is the same in all tabs of a browser: what the engine
 * says is said by the leading tab for all of them.
 */

/** By their tags; the first is for whoever understands none of the others. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
};

export const LANGUAGE_KEY = 'sotto-language';

/** The tag that the person chose, or "browser". */
export function chosenLanguage() {
  return localStorage.getItem(LANGUAGE_KEY) ?? 'browser';
}

/** Shown from the next load on. */
export function chooseLanguage(tag) {
  if (tag === 'browser') {
    localStorage.removeItem(LANGUAGE_KEY);
  } else {
    localStorage.setItem(LANGUAGE_KEY, tag);
  }
}

/**
 * @param {string} chosen
 * @param {string[]} preferred the browser's languages, the best first
 * @returns {{language: string, locale: string}} the locale is that of the person's country, if the
 *   browser names one with this language
 */
export function languageFor(chosen, preferred) {
  const understood = preferred.map(baseOf).find(isKnown);
  const language = isKnown(chosen) ? chosen : understood ?? Object.keys(LANGUAGES)[0];
  const locale = preferred.find(tag => baseOf(tag) === language && isLocale(tag)) ?? language;
  return { language, locale };
}

function isKnown(tag) {
  return Object.hasOwn(LANGUAGES, tag);
}

function baseOf(tag) {
  return tag.split('-')[0].toLowerCase();
}

function isLocale(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** A browser that keeps nothing has chosen nothing. */
function chosenHere() {
  try {
    return chosenLanguage();
  } catch {
    return 'browser';
  }
}

const here = languageFor(chosenHere(), navigator.languages);

export const language = here.language;
export const locale = here.locale;
