/** The choice between light and dark. /theme.js applies it, before the first paint and later. */
const KEY = 'sotto-theme';

/** "system", "light" or "dark". */
export function chosenTheme() {
  return localStorage.getItem(KEY) ?? 'system';
}

export function chooseTheme(theme) {
  if (theme === 'system') {
    localStorage.removeItem(KEY);
  } else {
    localStorage.setItem(KEY, theme);
  }
  dispatchEvent(new Event('sotto-theme'));
}
