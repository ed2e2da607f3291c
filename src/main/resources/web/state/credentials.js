/** What a user name and a password must be, checked before anything is sent. */
import { commonPasswords } from './common-passwords.js';

const USER_NAME = /^[a-z0-9][a-z0-9._-]{1,31}$/;
const PASSWORD_CHARS_MIN = 10;

/** A user name as the protocol wants it: lower case, no blanks around it. */
export function canonicalUserName(typed) {
  return typed.trim().toLowerCase();
}

export function isUserName(name) {
  return USER_NAME.test(name);
}

/** Why a password is refused: "short", "holds-name", "common"; null if it is not. */
export function passwordProblem(password, user) {
  const folded = password.normalize('NFKC').toLowerCase();
  if ([...password.normalize('NFKC')].length < PASSWORD_CHARS_MIN) {
    return 'short';
  }
  if (user !== '' && folded.includes(user)) {
    return 'holds-name';
  }
  return commonPasswords.has(folded.replace(/[\s-]/gu, '')) ? 'common' : null;
}
