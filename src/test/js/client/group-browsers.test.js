/** Groups of people with several browsers: whole engines, each with a profile of its own. */

import { LIST_PAUSE } from '/client/group-lanes.js';
import { assert, assertEquals } from '../harness.js';
import { allShow, entriesOf, groupIn, groupOf, logOf, statusIn, world } from './group-people.js';
import { metaOf, signInElsewhere, within } from './own-devices.js';
import { PASSWORD, scenario, until } from './people.js';

Object.assign(LIST_PAUSE, { min: 1, max: 20 });

const NEW = 'quite another passphrase than before';

/** The account key that a group has of somebody. */
const keyIn = (server, id, { user }) => logOf(server, id).membership.rows.get(user)
  .deviceList.accountKey;

/** The user of a browser goes on with the other key of somebody. */
async function acceptKey(browser, { user }) {
  const id = await browser.engine.startConversation(user);
  await browser.engine.sendText(id, 'to whom?');
  await browser.until(() => browser.conversations.get(id)?.keyChanged, 'the other key');
  await browser.engine.acceptNewKey(user);
}

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

scenario('newAccountKeyIsCommittedByItsUserAndStopsOthersUntilTheyChose', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const phone = await signInElsewhere(bob, 'phone');
  await phone.until(() => statusIn(phone, id) === 'member', 'membership');
  const before = keyIn(server, id, bob);
  await within(bob, engine => engine.changePassword(
    { password: PASSWORD, newPassword: NEW, newAccountKey: true }));
  await until(() => keyIn(server, id, bob) !== before, 'the commit with the new key');
  await bob.engine.sendText(id, 'under the new key');
  await alice.until(() => alice.texts.includes('under the new key'));
  await alice.engine.sendText(id, 'accepted');
  await alice.until(() => groupIn(alice, id).blockedBy.includes(bob.user), 'the stop');
  await acceptKey(alice, bob);
  await bob.until(() => bob.texts.includes('accepted'));
  assertEquals([[], []], [alice.alarms, bob.alarms]);
});

scenario('whoAcceptedANewAccountKeyCommitsIt', async () => {
  const { server, people } = await world('alice', 'bob');
  const [alice, bob] = people;
  const id = await groupOf(people);
  const before = keyIn(server, id, bob);
  const bobs = server.users.get(bob.user);
  server.onRequest = async ({ content }, { account }) => {
    const isCommit = content?.type === 'commit' && account === bobs;
    return isCommit ? { type: 'error', code: 'busy', text: '', retryAfter: 60_000 } : undefined;
  };
  await within(bob, engine => engine.changePassword(
    { password: PASSWORD, newPassword: NEW, newAccountKey: true }));
  await until(() => logOf(server, id).membership.pending.length > 0, 'the proposal');
  await acceptKey(alice, bob);
  await until(() => keyIn(server, id, bob) !== before, 'the commit of somebody else');
  await alice.engine.sendText(id, 'to the new key');
  await bob.until(() => bob.texts.includes('to the new key'));
});
