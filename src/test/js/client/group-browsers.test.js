/** Groups of people with several browsers: whole engines, each with a profile of its own. */

import { LIST_PAUSE } from '/client/group-lanes.js';
import { assert, assertEquals } from '../harness.js';
import { allShow, entriesOf, groupIn, groupOf, logOf, statusIn, world } from './group-people.js';
import { metaOf, signInElsewhere, within } from './own-devices.js';
import { PASSWORD, scenario, until } from './people.js';

Object.assign(LIST_PAUSE, { min: 1, max: 20 });

scenario('linkedDeviceReadsGroupWithSiblingOffline', async () => {
  const { people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  await alice.engine.sendText(id, 'before');
  await allShow([bob], ['before']);
  bob.engine.close();
  const phone = await signInElsewhere(bob, 'phone');
  await phone.until(() => statusIn(phone, id) === 'member', 'membership');
  assertEquals(false, groupIn(phone, id).joining);
  await alice.engine.sendText(id, 'to the phone');
  await allShow([phone], ['to the phone']);
  await phone.engine.sendText(id, 'from the phone');
  await allShow([alice], ['before', 'to the phone', 'from the phone']);
  const laptop = await bob.reload();
  await laptop.engine.loadMessages(id, { limit: 10 }).then(rows => laptop.merge(rows));
  await allShow([laptop], ['before', 'to the phone', 'from the phone']);
  assert(laptop.timeline.at(-1).mine, 'a message of the own phone is shown as another person\'s');
});

scenario('revokedBrowserIsOutOfEveryGroupBeforeThatIsSaid', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const ids = [await groupOf(people), await groupOf(people)];
  const phone = await signInElsewhere(bob, 'phone');
  for (const id of ids) await phone.until(() => statusIn(phone, id) === 'member', 'membership');
  const { deviceId } = await metaOf(phone, 'account');
  await within(bob, engine => engine.revokeDevice(deviceId, PASSWORD));
  const told = bob.events.filter(({ type }) => type === 'revoking');
  assertEquals({ type: 'revoking', done: 2, all: 2 }, told.at(-1));
  for (const id of ids) {
    const { pending, rows } = logOf(server, id).membership;
    const isIn = rows.get(bob.user).deviceList.devices.some(device => device.id === deviceId);
    assert(!isIn || pending.length > 0, 'said to be out of a group that it is in');
  }
  await alice.engine.sendText(ids[0], 'without the phone');
  await bob.until(() => bob.texts.includes('without the phone'));
  await until(() => entriesOf(server, ids[0]).at(-1) === 'post');
  assert(!phone.texts.includes('without the phone'));
});
