/**
 * Which accounts this browser holds, and which one its tabs show. It is kept apart from the
 * accounts' databases, so that a database that the browser erased is missed.
 */

const ACCOUNTS = 'sotto.accounts';
/** The key under which a change shows in the `storage` events of other tabs. */
export const CURRENT = 'sotto.current';

/** @returns {string[]} user names, in the order of the alphabet */
export function knownAccounts() {
  return JSON.parse(localStorage.getItem(ACCOUNTS) ?? '[]');
}

/** @returns {string|null} */
export function currentAccount() {
  return localStorage.getItem(CURRENT);
}

export function rememberAccount(user) {
  keep([...new Set([...knownAccounts(), user])].sort());
  localStorage.setItem(CURRENT, user);
}

/** Nobody is signed in in this browser. */
export function leaveAccount() {
  localStorage.removeItem(CURRENT);
}

export function forgetAccount(user) {
  keep(knownAccounts().filter(known => known !== user));
  if (currentAccount() === user) leaveAccount();
}

function keep(accounts) {
  localStorage.setItem(ACCOUNTS, JSON.stringify(accounts));
}
