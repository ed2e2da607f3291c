import { defaultDeviceName } from '/client/device-name.js';
import { randomBytes } from '/crypto/bytes.js';
import { AccountStore } from '/store/account-store.js';
import { settle } from '/store/database.js';
import { assert, assertEquals, test } from '../harness.js';
import { metaOf, signInElsewhere, synced, within } from './own-devices.js';
import { Person, pair, scenario, until } from './people.js';

async function two() {
  const all = await pair();
  const phone = await signInElsewhere(all.alice, 'phone');
  const account = all.server.users.get(all.alice.user);
  await synced(account, [all.alice, phone]);
  return { ...all, phone, account };
}

const isVerified = async (browser, { user }) => {
  try {
    return (await browser.engine.safetyNumber(user)).verified;
  } catch (error) {
    if (error.code !== 'unknown-user') throw error;
    return null;
  }
};

scenario('whatOneBrowserLearnsOfPeopleTheOtherKnows', async () => {
  const { alice, bob, phone } = await two();
  const carol = await Person.create('carol');
  await phone.engine.startConversation(carol.user);
  await until(async () => await isVerified(alice, carol) === false, 'carol is known');
  await alice.engine.safetyNumber(bob.user);
  await alice.engine.markVerified(bob.user, true);
  await until(() => isVerified(phone, bob), 'bob is verified on the phone');
  assertEquals([[], []], [alice.alarms, phone.alarms]);
});

scenario('bothBrowsersChangeSomethingAtOnceAndNothingIsLost', async () => {
  const { alice, phone } = await two();
  const [carol, dave] = [await Person.create('carol'), await Person.create('dave')];
  await Promise.all([
    alice.engine.startConversation(carol.user), phone.engine.startConversation(dave.user),
  ]);
  await until(async () => await isVerified(alice, dave) === false, 'dave is known');
  await until(async () => await isVerified(phone, carol) === false, 'carol is known');
});

scenario('blobThatIsHeardOfBeforeTheAnswerToAnEarlierOneIsFetched', async () => {
  const { server, alice, phone, account } = await two();
  const { deviceId } = await metaOf(alice, 'account');
  const put = server['_sync-put'];
  server['_sync-put'] = async (frame, sender) => {
    server['_sync-put'] = put;
    const answer = await put.call(server, frame, sender);
    await phone.engine.renameDevice(deviceId, 'Desk');
    await until(() => account.sync.counter > frame.counter);
    return answer;
  };
  const other = (await metaOf(phone, 'account')).deviceId;
  await alice.engine.renameDevice(other, 'Pocket');
  for (const browser of [alice, phone]) {
    await until(async () => {
      const names = (await browser.engine.devices()).map(({ name }) => name);
      return names.join() === 'Desk,Pocket';
    }, 'both names');
  }
});

scenario('whetherPeopleHearWhatWasReadIsForAllBrowsers', async () => {
  const { alice, phone } = await two();
  await phone.engine.setReadReceipts(false);
  await until(async () => !await alice.engine.readReceipts(), 'off on the other browser');
  await alice.engine.setReadReceipts(true);
  await until(async () => phone.engine.readReceipts(), 'on again');
});

scenario('syncThatIsLedBackIsAnAlarmAndPutBack', async () => {
  const { server, alice, bob, phone, account } = await two();
  // It would put its own blob under the same number, sooner than alice looks.
  phone.engine.close();
  const old = { ...account.sync };
  await alice.engine.safetyNumber(bob.user);
  await alice.engine.markVerified(bob.user, true);
  await until(() => account.sync.counter > old.counter);
  const { blob } = account.sync;
  await until(async () => (await metaOf(alice, 'sync')).counter > old.counter);
  account.sync = old;
  server.accounts.push(account);
  await alice.until(() => alice.alarms.some(text => text.includes('what your devices share')));
  await until(() => account.sync.counter > old.counter && account.sync.blob !== blob);
  assert(await isVerified(alice, bob));
});

scenario('blobThatNoOwnDeviceWroteIsAnAlarmAndChangesNothing', async () => {
  const { server, alice, bob, account } = await two();
  const mallory = await Person.create('mallory');
  await until(() => server.users.get(mallory.user).sync.blob);
  const { blob } = server.users.get(mallory.user).sync;
  account.sync = { counter: account.sync.counter + 1, blob };
  server.accounts.push(account);
  await alice.until(() => alice.alarms.some(text => text.includes('what your devices share')));
  assertEquals(false, await isVerified(alice, bob));
  await until(() => account.sync.blob !== blob, 'the right one is put again');
});

scenario('twoBrowsersWithAnotherPinForSomebodyDoNotPutWithoutEnd', async () => {
  const { server, alice, bob, phone, account } = await two();
  for (const kind of ['key', 'list']) {
    await within(phone, async () => {
      const store = await AccountStore.open(phone.user);
      await store.write(['contacts'], async ({ contacts }) => {
        const contact = await settle(contacts.get(bob.user));
        const [accountKey, hash] = [randomBytes(32), randomBytes(32)];
        const pin = { ...contact.pin, hash, ...kind === 'key' && { accountKey } };
        contacts.put({ ...contact, pin });
      });
      store.close();
    });
    const before = server.frames('sync-put', alice.user).length;
    const name = `Renamed ${kind}`;
    await phone.engine.renameDevice((await metaOf(phone, 'account')).deviceId, name);
    await until(async () => (await alice.engine.devices())[1].name === name);
    await until(async () => (await metaOf(alice, 'sync')).counter === account.sync.counter);
    for (let i = 0; i < 20; i++) await metaOf(phone, 'sync');
    const puts = server.frames('sync-put', alice.user).length - before;
    assert(puts <= 3, `${kind}: ${puts} puts`);
  }
});

test('browsersAreCalledWhatPeopleCallThem', () => {
  const linux = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ';
  const names = [
    [{ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0' },
      'Firefox on Linux'],
    [{ userAgent: `${linux}Chrome/137.0.0.0 Safari/537.36` }, 'Chrome on Linux'],
    [{ userAgent: `${linux}Chrome/137.0.0.0 Safari/537.36`,
      userAgentData: { brands: [{ brand: 'Chromium' }, { brand: 'Not A Brand' }] } },
    'Chromium on Linux'],
    [{ userAgent: `${linux}Chrome/137.0.0.0 Safari/537.36 Edg/137.0` }, 'Edge on Linux'],
    [{ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 '
      + '(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1' }, 'Safari on iPhone'],
    [{ userAgent: 'something else' }, 'Browser'],
  ];
  for (const [browser, name] of names) assertEquals(name, defaultDeviceName(browser));
});
