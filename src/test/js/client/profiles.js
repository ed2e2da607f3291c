/**
 * Browser profiles in one page: whatever an engine keeps or says by name goes by the profile that
 * it was opened in, so that two browsers of one user do not meet.
 */

let current = '';

const named = name => `${current}${name}`;

function rename(prototype, methods) {
  for (const method of methods) {
    const original = prototype[method];
    prototype[method] = function (name, ...rest) {
      return original.call(this, named(name), ...rest);
    };
  }
}

rename(IDBFactory.prototype, ['open', 'deleteDatabase']);
rename(LockManager.prototype, ['request']);
rename(Storage.prototype, ['getItem', 'setItem', 'removeItem']);

globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(named(name));
  }
};

let last = Promise.resolve();

/** Runs what opens a browser, or looks into what it keeps; one after the other, never nested. */
export function inProfile(profile, run) {
  const result = last.then(async () => {
    current = profile;
    try {
      return await run();
    } finally {
      current = '';
    }
  });
  last = result.catch(() => {});
  return result;
}

/** As `inProfile`, inside of another one's work. */
export async function meanwhileIn(profile, run) {
  const before = current;
  current = profile;
  try {
    return await run();
  } finally {
    current = before;
  }
}

/** In which profile a database was closed last, by its name. */
const closedIn = new Map();
const { close } = IDBDatabase.prototype;
const { deleteDatabase } = IDBFactory.prototype;

IDBDatabase.prototype.close = function () {
  const at = this.name.indexOf('sotto:');
  closedIn.set(this.name.slice(at), this.name.slice(0, at));
  close.call(this);
};

/** A browser is erased at any time, if a server says so: it closes its own database just before. */
IDBFactory.prototype.deleteDatabase = function (name) {
  const before = current;
  current = closedIn.get(name) ?? '';
  try {
    return deleteDatabase.call(this, name);
  } finally {
    current = before;
  }
};
