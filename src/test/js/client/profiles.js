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

/** Runs what opens a browser, or looks into what it keeps; one after the other. */
export async function inProfile(profile, run) {
  const before = current;
  current = profile;
  try {
    return await run();
  } finally {
    current = before;
  }
}
