/** Several browsers of one user, each in a profile of its own. */

import { pace } from '/client/sync.js';
import { UserError } from '/client/user-error.js';
import { AccountStore } from '/store/account-store.js';
import { assert, assertThrows } from '../harness.js';
import { PASSWORD, Person, dump } from './people.js';
import { inProfile } from './profiles.js';

pace.putMs = 20;

/**
 * A browser that is erased because of what a server says is erased at any time: it is the one whose
 * store was closed just before.
 */
const closedIn = new Map();
const { close } = IDBDatabase.prototype;
const { deleteDatabase } = IDBFactory.prototype;

IDBDatabase.prototype.close = function () {
  const at = this.name.indexOf('sotto:');
  closedIn.set(this.name.slice(at), this.name.slice(0, at));
  close.call(this);
};

IDBFactory.prototype.deleteDatabase = function (name) {
  let request;
  inProfile(closedIn.get(name) ?? '', () => { request = deleteDatabase.call(this, name); });
  return request;
};

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

/** Signs in in a browser that holds nothing of the account. */
export async function signInElsewhere(person, profile, more = {}) {
  const browser = await emptyBrowser(person, profile);
  await signIn(browser, more);
  await browser.until(() => browser.status === 'connected');
  return browser;
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

export function dumpOf({ user, profile }) {
  return inProfile(profile, () => dump(user));
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

/** The server's device that a browser is. */
export async function deviceOf(server, browser) {
  const { deviceId } = await metaOf(browser, 'account');
  return server.users.get(browser.user).devices.get(deviceId);
}
