/**
 * The part of the stand-in engine that is about the person's own account: devices, password,
 * recovery code, archive, history, other accounts.
 */
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export const CODE = '7G3K-M2QX-9TBA-ZW4E-1HRP-6NDV-C8YJ-5F0S';

const devicesAtFirst = () => [
  { id: 'd1', name: 'Firefox on Linux', addedAt: Date.now() - 90 * DAY_MS, lastSeen: Date.now(),
    connected: true, isThis: true },
  { id: 'd2', name: 'Chrome on a telephone with a rather long name', connected: true,
    addedAt: Date.now() - 30 * DAY_MS, lastSeen: Date.now() - HOUR_MS, isThis: false },
  { id: 'd3', name: '', connected: false, addedAt: Date.now() - 9 * DAY_MS, lastSeen: 0,
    isThis: false },
];

/** @param call notes a call of the engine, and waits or refuses as the test has said */
export function ownAccount(engine, call) {
  const { world } = engine;
  let devices = world.devices ?? devicesAtFirst();
  let recovery = world.recovery ?? false;
  let reset = world.reset ?? null;
  const archived = world.archive ?? { on: true, bytes: 12_345_678, quota: 200_000_000 };

  function tell() {
    engine.emit({ type: 'account-state', recovery, reset });
  }

  return {
    async devices() {
      await call('devices');
      return devices;
    },

    async renameDevice(id, name) {
      await call('renameDevice', id, name);
      devices = devices.map(device => device.id === id ? { ...device, name } : device);
    },

    async revokeDevice(id, password) {
      await call('revokeDevice', id, password);
      engine.emit({ type: 'revoking', done: 2, all: 5 });
      await world.groupsTold;
      engine.emit({ type: 'revoking', done: 5, all: 5 });
      devices = devices.filter(device => device.id !== id);
    },

    async removeThisBrowser(password) {
      await call('removeThisBrowser', password);
      engine.emit({ type: 'account', phase: 'signed-out', users: [] });
    },

    changePassword: asked => call('changePassword', asked),

    async setRecoveryCode(password) {
      await call('setRecoveryCode', password);
      recovery = true;
      tell();
      return { code: CODE };
    },

    async checkRecoveryCode(typed) {
      await call('checkRecoveryCode', typed);
      return typed.replace(/[\s-]/g, '').toUpperCase() === CODE.replaceAll('-', '');
    },

    async dropRecoveryCode(password) {
      await call('dropRecoveryCode', password);
      recovery = false;
      tell();
    },

    async askReset() {
      await call('askReset');
      reset = { device: 'd1', name: 'Firefox on Linux', allowedAt: Date.now() + DAY_MS,
        isThis: true };
      tell();
    },

    async cancelReset(password) {
      await call('cancelReset', password);
      reset = null;
      tell();
    },

    async reset(asked) {
      await call('reset', asked);
      reset = null;
      tell();
    },

    async deleteAccount(password) {
      await call('deleteAccount', password);
      engine.emit({ type: 'account', phase: 'signed-out', users: [] });
    },

    async archive() {
      await call('archive');
      return { ...archived };
    },

    async setArchive(on) {
      await call('setArchive', on);
      Object.assign(archived, { on, bytes: 0 });
    },


    askHistory: () => call('askHistory'),
    answerHistory: (device, agreed) => call('answerHistory', device, agreed),

    async switchAccount(user) {
      await call('switchAccount', user);
      engine.enter(user);
    },

    async addAccount() {
      await call('addAccount');
      engine.emit({ type: 'account', phase: 'signed-out', users: world.account?.users ?? ['alice'] });
    },
  };
}
