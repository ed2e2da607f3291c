/** Several browsers of one user, added and removed behind the back of all engines. */

import { fromBase64url, hex, randomBytes } from '/crypto/bytes.js';
import { generateSigningKeyPair, signingKeyPairFromSeed } from '/crypto/ed25519.js';
import { SUITE_X25519 } from '/crypto/hpke.js';
import { derivePasswordSecrets, openVault } from '/crypto/password.js';
import { deviceListHash, signAccountChange, signDeviceList } from '/crypto/statements.js';
import { createPrekeys } from '/client/prekeys.js';
import { parseVault } from '/client/vault.js';
import { encodeJson, parseDeviceList } from '/protocol/frames.js';
import { AccountStore } from '/store/account-store.js';
import { HOST, PASSWORD, Person, dump, pair, until } from './people.js';
import { inProfile } from './profiles.js';

const ONE_TIME = 5;

/** What a frame of JSON makes of it. */
function asJson(value) {
  return JSON.parse(new TextDecoder().decode(encodeJson(value)));
}

async function accountKeyOf({ user, vault }) {
  const { vaultKey } = await derivePasswordSecrets({ password: PASSWORD, serverHost: HOST, user });
  const { accountSeed } = parseVault(await openVault(vaultKey, HOST, user, fromBase64url(vault)));
  return signingKeyPairFromSeed(accountSeed);
}

/** The next list of a user, with these devices. */
export async function nextList(account, devices) {
  const last = parseDeviceList(encodeJson(account.deviceList));
  const { privateKey } = await accountKeyOf(account);
  const next = {
    ...last, version: last.version + 1, prevHash: await deviceListHash(last), devices,
  };
  return { ...next, signature: await signDeviceList(privateKey, next) };
}

/** The next list under a new account key. @param {Person|null} announcer whose browser says so */
export async function listUnderAnotherKey(account, announcer) {
  const last = parseDeviceList(encodeJson(account.deviceList));
  const { privateKey, publicKey: to } = await generateSigningKeyPair();
  const next = {
    ...last, version: last.version + 1, prevHash: await deviceListHash(last), accountKey: to,
  };
  if (announcer) {
    const store = await inProfile(announcer.profile, () => AccountStore.open(announcer.user));
    const { deviceId } = await store.meta('account');
    const { user, serverHost, accountKey: from } = last;
    const change = { serverHost, user, from, to };
    const device = await store.deviceKey();
    next.keyChange =
      { device: deviceId, signature: await signAccountChange(device.privateKey, change) };
    store.close();
  }
  return asJson({ ...next, signature: await signDeviceList(privateKey, next) });
}

function devicesIn({ deviceList }) {
  return parseDeviceList(encodeJson(deviceList)).devices;
}

/** Another browser of somebody, whose own name in the test is that of its profile. */
export async function addBrowser(server, person, profile) {
  const account = server.users.get(person.user);
  const device = await generateSigningKeyPair();
  const deviceId = hex(randomBytes(16));
  const { head } = account.inbox;
  const deviceList = await nextList(account, [...devicesIn(account), {
    id: deviceId, signKey: device.publicKey, suites: [SUITE_X25519], addedAt: Date.now(),
    inboxStart: head,
  }]);
  const prekeys = await createPrekeys(
    device.privateKey, { user: person.user, deviceId }, 1, true, ONE_TIME);
  const added = account.addDevice(asJson({
    deviceId, deviceKey: device.publicKey, prekeys: prekeys.map(({ prekey }) => prekey),
  }));
  await account.takeList(asJson(deviceList));
  added.renewToken();
  await keepBrowser(person, profile, {
    device, prekeys, token: added.token,
    account: {
      user: person.user, serverHost: HOST, deviceId, deviceList, registered: true,
      listHash: await deviceListHash(deviceList),
    },
    chain: { generation: account.generation, head },
  });
  server.accounts.push(account);
  const browser = await Person.open(person.user, profile);
  await browser.until(() => browser.status === 'connected');
  return browser;
}

async function keepBrowser(person, profile, { account, chain, device, prekeys, token }) {
  const known = await inProfile(person.profile, () => AccountStore.open(person.user));
  const pin = await known.meta('server');
  known.close();
  await inProfile(profile, async () => {
    // No own key brings it what the others share.
    const sync = { openToAll: true };
    const meta = { account, chain, nextPrekeyId: prekeys.length + 1, server: pin, sync };
    const store = await AccountStore.create(
      person.user, { meta, device, prekeys: prekeys.map(({ row }) => row) });
    const tokenExpiresAt = Date.now() + 1e9;
    await store.setMeta('token', await store.sealing.seal(['token'], { token, tokenExpiresAt }));
    store.close();
  });
}

/** Somebody's browser is removed from their list. @param {string} deviceId */
export async function removeBrowser(server, user, deviceId) {
  const account = server.users.get(user);
  const deviceList = await nextList(account, devicesIn(account).filter(({ id }) => id !== deviceId));
  await account.takeList(asJson(deviceList));
  server.accounts.push(account);
}

/** The server's device that a browser is. */
export async function deviceOf(server, browser) {
  const store = await inProfile(browser.profile, () => AccountStore.open(browser.user));
  const { deviceId } = await store.meta('account');
  store.close();
  return server.users.get(browser.user).devices.get(deviceId);
}

/** What a browser keeps. */
export function dumpOf({ user, profile }) {
  return inProfile(profile, () => dump(user));
}

/** Two people with two browsers each. */
export async function four() {
  const { server, alice, bob, id } = await pair();
  await alice.engine.sendText(id, 'hello');
  await alice.until(() => alice.timeline[0]?.state === 'delivered');
  const phone = await addBrowser(server, alice, 'phone');
  const tablet = await addBrowser(server, bob, 'tablet');
  return { server, id, alice, phone, bob, tablet };
}

/** Until a browser shows these texts. */
export function shows(browser, ...texts) {
  return Promise.all(texts.map(text => browser.until(() => browser.texts.includes(text), text)));
}

/** The lines that nobody wrote. */
export function noticesOf(browser) {
  return browser.timeline.filter(({ kind }) => kind === 'notice').map(({ text }) => text);
}

/** Whether nothing waits to be sent. */
export async function isIdle(browser) {
  return (await dumpOf(browser)).outbox.length === 0;
}

/**
 * Until nothing is under way: nobody has anything to send or an entry that is not acknowledged (what
 * an entry leads to is written with it, before), and nothing came while all were looked at.
 */
export function quiet(server, ...browsers) {
  return until(async () => {
    const before = server.seen.length;
    for (const browser of browsers) {
      const { account, cursor } = await deviceOf(server, browser);
      if (cursor < account.entries.length || !await isIdle(browser)) return false;
    }
    return server.seen.length === before;
  });
}

/** Until nothing waits to be sent anywhere: one look after the other, since profiles have turns. */
export async function allIdle(...browsers) {
  for (const browser of browsers) await until(() => isIdle(browser));
}
