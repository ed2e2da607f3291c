/**
 * Everything that one account keeps in this browser (docs/protocol.md §8): one database, its keys,
 * and the seal over what must not lie there in clear.
 */

import { generateAeadKey } from '../crypto/aead.js';
import {
  databaseName, deleteDatabase, openDatabase, openIfThere, read, settle, write,
} from './database.js';
import { OLD_DEVICE_STORES, leaveOldDevice } from './new-device.js';
import { beginOwnContact } from './own-contact.js';
import { Sealing } from './sealing.js';

/** The browser keeps no data, or no keys, here. */
export class StorageRefused extends Error {
  name = 'StorageRefused';
}

/** The names of the object stores that `putBeginning` needs. */
const BEGINNING_STORES = ['meta', 'prekeys', 'contacts', 'ownLists'];
/** As BEGINNING_STORES, of `create`. */
const CREATION_STORES = ['keys', ...BEGINNING_STORES];

/** What becomes of work that is under way when its store is closed: it goes no further. */
const NEVER = new Promise(() => {});

export class AccountStore {
  #database;
  #isClosed = false;

  constructor(user, database, sealing) {
    this.user = user;
    this.#database = database;
    this.sealing = sealing;
    // Another tab erases the account, or brings a newer store: this one must not block it.
    database.onversionchange = () => this.close();
  }

  /** @returns {Promise<AccountStore|null>} null if this browser holds nothing of this account */
  static async open(user) {
    const database = await orRefuse(user, openIfThere(user));
    if (!database) return null;
    const key = await read(database, ['keys'], ({ keys }) => settle(keys.get('at-rest')));
    if (key instanceof CryptoKey) return new AccountStore(user, database, new Sealing(key, user));
    database.close();
    await deleteDatabase(user);
    return null;
  }

  /**
   * Makes the store of a new account. Nothing is told to a server before the keys were read back:
   * some browsers take keys and keep none.
   *
   * @param {{meta: object, device: SigningKeyPair, prekeys: object[]}} beginning rows of `meta` by
   *   name, this device's key, rows of prekeys
   * @param {{isTrial: boolean}} [more] whether it is only to see that it can be made
   */
  static async create(user, { meta, device, prekeys }, { isTrial = false } = {}) {
    const key = await generateAeadKey();
    const opening = isTrial ? openDatabase(user, CREATION_STORES) : openDatabase(user);
    const database = await orRefuse(user, opening);
    try {
      await write(database, CREATION_STORES, stores => {
        stores.keys.put(key, 'at-rest');
        stores.keys.put(device, 'device');
        for (const [name, row] of Object.entries(meta)) stores.meta.put(row, name);
        for (const prekey of prekeys) stores.prekeys.put(prekey);
        if (meta.account) beginOwnContact(stores, meta.account);
      });
      await checkKeys(database, prekeys[0].id);
    } catch (error) {
      database.close();
      await deleteDatabase(user);
      throw error instanceof StorageRefused ? error : new StorageRefused(error.message);
    }
    return new AccountStore(user, database, new Sealing(key, user));
  }

  /**
   * As `create` puts it, in a store that is there: this device begins once more.
   *
   * @param {{meta: object, prekeys: object[], device?: SigningKeyPair}} beginning `device` if this
   *   browser is another device from now on
   */
  begin({ meta, prekeys, device }) {
    const names = [...new Set([...BEGINNING_STORES, ...OLD_DEVICE_STORES, 'keys'])];
    return this.write(names, async stores => {
      if (device) {
        await leaveOldDevice(stores);
        stores.keys.put(device, 'device');
      }
      putBeginning(stores, meta, prekeys);
    });
  }

  /** Erases everything of the account; other tabs that have it open lose it too. */
  static erase(user) {
    return deleteDatabase(user);
  }

  /** One reading transaction; `run` gets the object stores by name and awaits only them. */
  read(names, run) {
    return this.#isClosed ? NEVER : read(this.#database, names, run);
  }

  /** One writing transaction: all of it is on disk when the promise resolves, or nothing is. */
  write(names, run) {
    return this.#isClosed ? NEVER : write(this.#database, names, run);
  }

  /** A row of the store `meta`. */
  meta(name) {
    return this.read(['meta'], ({ meta }) => settle(meta.get(name)));
  }

  setMeta(name, value) {
    return this.write(['meta'], ({ meta }) => { meta.put(value, name); });
  }

  /** @returns {Promise<SigningKeyPair>} of this device */
  deviceKey() {
    return this.read(['keys'], ({ keys }) => settle(keys.get('device')));
  }

  /** Transactions that have begun still end; nothing else settles after this. */
  close() {
    this.#isClosed = true;
    this.#database.close();
  }
}

function putBeginning(stores, meta, prekeys) {
  for (const [name, row] of Object.entries(meta)) stores.meta.put(row, name);
  for (const prekey of prekeys) stores.prekeys.put(prekey);
  beginOwnContact(stores, meta.account);
}

async function orRefuse(user, opening) {
  try {
    return await opening;
  } catch (error) {
    throw new StorageRefused(`${databaseName(user)}: ${error.message}`);
  }
}

async function checkKeys(database, prekeyId) {
  const found = await read(database, ['keys', 'prekeys'], async ({ keys, prekeys }) => [
    await settle(keys.get('at-rest')),
    (await settle(keys.get('device')))?.privateKey,
    (await settle(prekeys.get(prekeyId)))?.privateKey,
  ]);
  if (!found.every(key => key instanceof CryptoKey)) {
    throw new StorageRefused('the browser keeps no keys');
  }
}
