/** Several browsers of one user, each in a profile of its own. */

import { pace } from '/client/sync.js';
import { UserError } from '/client/user-error.js';
import { AccountStore } from '/store/account-store.js';
import { loadOwnKeys } from '/store/own-keys.js';
import { assert, assertThrows } from '../harness.js';
import { PASSWORD, Person, pair, until } from './people.js';
import { inProfile, meanwhileIn } from './profiles.js';

pace.putMs = 20;

/** A browser that holds nothing of the account, and is not signed in yet. */
export async function emptyBrowser(person, profile) {
  const browser = await Person.open(undefined, profile);
  browser.user = person.user;
  return browser;
}

/** Does something that opens or erases what a browser keeps. */
export function within(browser, run) {
  return inProfile(browser.profile, () => run(browser.engine));
}

export function signIn(browser, more = {}) {
  return within(browser, engine =>
    engine.signIn({ user: browser.user, password: PASSWORD, ...more }));
}

/** As `signIn`, while another browser is at it. */
export function signInMeanwhile(browser) {
  return meanwhileIn(browser.profile, () =>
    browser.engine.signIn({ user: browser.user, password: PASSWORD }));
}

/** Signs in in a browser that holds nothing of the account. */
export async function signInElsewhere(person, profile, more = {}) {
  const browser = await emptyBrowser(person, profile);
  await signIn(browser, more);
  await browser.until(() => browser.status === 'connected');
  return browser;
}

/** Two people, of whom alice has three browsers that know each other. */
export async function three() {
  const all = await pair();
  const phone = await signInElsewhere(all.alice, 'phone');
  const third = await signInElsewhere(all.alice, 'third');
  const account = all.server.users.get(all.alice.user);
  for (const browser of [all.alice, phone]) {
    await until(async () => (await metaOf(browser, 'account')).deviceList.version === 3);
  }
  return { ...all, phone, third, account };
}

/** The code of the refusal, whose text is a sentence for people. */
export async function codeOf(run) {
  const error = await assertThrows(run, UserError);
  assert(/^[A-Z].*\.$/.test(error.text) && !/undefined|[{}]/.test(error.text), error.text);
  return error.code;
}

/** What a browser was told about the user's own devices. */
export function toldOf({ events }) {
  return events.filter(({ type }) => type === 'devices-changed').map(({ text }) => text);
}

/** The last event `account-state`. */
export function stateOf({ events }) {
  return events.findLast(({ type }) => type === 'account-state');
}

/** A row of `meta` of a browser. */
export function metaOf({ user, profile }, name) {
  return inProfile(profile, async () => {
    const store = await AccountStore.open(user);
    const row = await store?.meta(name);
    store?.close();
    return row;
  });
}

/** Waits until these browsers of an account share the same, and have nothing to put. */
export function synced(account, browsers) {
  return until(async () => {
    const rows = await Promise.all(browsers.map(browser => metaOf(browser, 'sync')));
    return rows.every(({ counter, digest }) => digest && counter === account.sync.counter);
  }, 'all know the newest blob');
}

/** The own keys that a browser has, rising. */
export function ownKeysOf({ user, profile }) {
  return inProfile(profile, async () => {
    const store = await AccountStore.open(user);
    const keys = await loadOwnKeys(store);
    store.close();
    return keys;
  });
}

export async function newestOwnKey(browser) {
  return (await ownKeysOf(browser)).at(-1);
}
