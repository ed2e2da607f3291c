import { assert, assertEquals, test } from '../harness.js';
import { canonicalUserName, isUserName, passwordProblem } from '/state/credentials.js';
import { commonPasswords } from '/state/common-passwords.js';

test('userNamesAreLowerCaseWithoutBlanksAround', () => {
  assertEquals('alice', canonicalUserName('  Alice '));
});

test('userNamesKeepTheProtocolsForm', () => {
  for (const name of ['al', 'a.b-c_d', '0x', 'a'.repeat(32)]) assert(isUserName(name), name);
  for (const name of ['', 'a', '.al', '-al', 'a b', 'älice', 'Alice', 'a'.repeat(33), 'al\n',
    'a|b', 'bob\u200b', '<b>bob']) {
    assert(!isUserName(name), name);
  }
});

test('shortPasswordIsRefused', () => {
  assertEquals('short', passwordProblem('ninechars', 'alice'));
  assertEquals(null, passwordProblem('ten.chars!', 'alice'));
});

test('lengthCountsCharactersNotUnits', () => {
  assertEquals('short', passwordProblem('🐟'.repeat(9), 'alice'));
  assertEquals(null, passwordProblem('🐟🐠🐡🦈🐙🐚🦀🦞🦐🐳', 'alice'));
});

test('passwordThatHoldsTheUserNameIsRefused', () => {
  assertEquals('holds-name', passwordProblem('xx-ALICE-1234', 'alice'));
});

test('commonPasswordIsRefusedHoweverItIsWritten', () => {
  for (const password of ['1234567890', 'Password123', 'hello world', 'I-love-you-for-ever',
    'ｑｗｅｒｔｙｕｉｏｐ']) {
    assertEquals('common', passwordProblem(password, 'alice'), password);
  }
});

test('passphraseIsTaken', () => {
  assertEquals(null, passwordProblem('mauve kettle eleven harbour', 'alice'));
});

test('listOfCommonPasswordsHoldsWhatItsCheckCanFind', () => {
  for (const password of commonPasswords) {
    assertEquals(password.toLowerCase().replace(/[\s-]/gu, ''), password);
    assert([...password].length >= 10, password);
  }
});
